#pragma once
// Rules of one class in a chain of Garita's own, by iptables-restore and iptables-save, here or over SSH.
// For hundreds of entries, not for a hundred thousand: a packet is held against one after the other.

#include <array>
#include <chrono>
#include <memory>
#include <optional>
#include <string>
#include <vector>

#include "adapters/iptables/chain.hpp"
#include "enforce/class_backend.hpp"
#include "runtime/process/command.hpp"

namespace garita::iptables {

class IptablesBackend final : public enforce::ClassBackend {
  public:
    /// The error says which setting or class cannot be. `runner` must outlive the backend.
    [[nodiscard]] static Result<std::unique_ptr<IptablesBackend>> make(RuleClass rules, Settings settings,
                                                                       runtime::CommandRunner& runner);

    Result<void> prepare() override;
    /// All of a family's changes in one commit of iptables-restore: no packet meets some of them.
    Result<std::vector<enforce::ChangeFailure>> apply(std::span<const enforce::ClassChange> changes) override;
    Result<void> read_back(const enforce::EntrySink& entry) override;
    Result<std::vector<enforce::ChangeFailure>> rebuild(const enforce::EntrySource& all,
                                                        std::size_t count) override;
    Result<enforce::Drift> check(std::size_t count) override;
    Result<void> remove_all() override;
    [[nodiscard]] std::size_t batch_size() const override { return 10'000; }

  private:
    using Clock = std::chrono::steady_clock;
    struct Family {
        unsigned number = 4;
        std::string save;
        std::string restore;
        std::optional<std::size_t> known{};  ///< digest of the chain as it was read or left last
    };

    IptablesBackend(RuleText text, Settings settings, runtime::CommandRunner& runner);
    [[nodiscard]] Result<Chain> read(const Family& family);
    [[nodiscard]] Result<void> restore(const Family& family, const std::string& lines);
    [[nodiscard]] Result<void> change(Family& family, const std::vector<enforce::ClassChange>& changes);
    [[nodiscard]] Family& of(unsigned number) { return families_[number == 4 ? 0 : 1]; }

    RuleText text_;
    Settings settings_;
    runtime::CommandRunner& runner_;
    std::array<Family, 2> families_;
    Clock::time_point look_after_{};
};

}  // namespace garita::iptables
