#pragma once
// Rules of one class in sets of the kernel, one for each family: "NAME-4" and "NAME-6". The rules that ask
// them are the administrator's: "iptables -A FORWARD -m set --match-set garita-inet_access-4 src -j ACCEPT".

#include <array>
#include <chrono>
#include <cstdint>
#include <memory>
#include <string>
#include <vector>

#include "adapters/ipset/kernel.hpp"
#include "enforce/class_backend.hpp"

namespace garita::ipset {

struct Settings {
    std::string set;                     ///< 1 to 25 of [A-Za-z0-9_.-]; the family's number goes behind it
    std::uint32_t capacity = 4'194'304;  ///< most elements of each
};

class IpsetBackend final : public enforce::ClassBackend {
  public:
    /// The error says which setting or class cannot be.
    [[nodiscard]] static Result<void> fits(const RuleClass& rules, const Settings& settings);
    /// In the network namespace of the calling thread.
    [[nodiscard]] static Result<std::unique_ptr<IpsetBackend>> open(const RuleClass& rules,
                                                                    Settings settings);

    Result<void> prepare() override;
    Result<std::vector<enforce::ChangeFailure>> apply(std::span<const enforce::ClassChange> changes) override;
    Result<void> read_back(const enforce::EntrySink& entry) override;
    Result<std::vector<enforce::ChangeFailure>> rebuild(const enforce::EntrySource& all,
                                                        std::size_t count) override;
    /// Whether the sets are there is asked each time, how many they hold as often as it costs a hundredth of
    /// the time between: the kernel has no mark of the last change.
    Result<enforce::Drift> check(std::size_t count) override;
    Result<void> remove_all() override;

    /// The sets that rules name, by family.
    [[nodiscard]] const std::vector<SetName>& sets() const { return sets_; }

  private:
    using Failures = std::vector<enforce::ChangeFailure>;
    using Clock = std::chrono::steady_clock;

    IpsetBackend(Shape shape, Settings settings, Kernel kernel, std::optional<RuleValue> absent);
    [[nodiscard]] std::size_t set_of(const RuleKey& key) const;
    [[nodiscard]] Result<void> convert(std::size_t set);
    [[nodiscard]] Result<void> begin_new(std::size_t set, std::size_t count);
    [[nodiscard]] Result<void> bring_in(std::size_t set);
    [[nodiscard]] SetName new_set(std::size_t set) const;

    Shape shape_;
    Settings settings_;
    Kernel kernel_;
    std::optional<RuleValue> absent_;
    std::vector<SetName> sets_;
    Clock::time_point count_after_{};
};

}  // namespace garita::ipset
