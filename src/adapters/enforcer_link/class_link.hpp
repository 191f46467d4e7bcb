#pragma once
// Backends of classes of rules across the seam between the agent's parts: this side's way to them, and what
// serves them over there.

#include <memory>
#include <span>

#include "adapters/enforcer_link/channel.hpp"
#include "adapters/enforcer_link/class_messages.hpp"
#include "adapters/enforcer_link/client.hpp"
#include "model/rule_class.hpp"

namespace garita::enforcer_link {

/// One class; the caller outlives it, and carries one call at a time.
class ClassClient final : public enforce::ClassBackend {
  public:
    ClassClient(Caller& caller, std::uint16_t index, std::size_t batch_size)
        : caller_(caller), index_(index), batch_size_(batch_size) {}

    Result<void> prepare() override;
    Result<std::vector<enforce::ChangeFailure>> apply(std::span<const enforce::ClassChange> changes) override;
    Result<void> read_back(const enforce::EntrySink& entry) override;
    /// Asks each time; where no answer comes, as it was last.
    std::size_t parts() const override;
    Result<void> read_part(std::size_t part, const enforce::EntrySink& entry) override;
    Result<std::vector<enforce::ChangeFailure>> rebuild(const enforce::EntrySource& all,
                                                        std::size_t count) override;
    Result<enforce::Drift> check(std::size_t count) override;
    Result<void> remove_all() override;
    [[nodiscard]] std::size_t batch_size() const override { return batch_size_; }

  private:
    Result<void> read(const std::string& request, const enforce::EntrySink& entry);

    Caller& caller_;
    std::uint16_t index_;
    std::size_t batch_size_;
    mutable std::size_t parts_ = 1;
};

/// The classes of one other part, whose names both sides know from the configuration, in its order.
class ClassDirectory {
  public:
    /// The caller outlives it.
    ClassDirectory(Caller& caller, std::vector<std::string> names)
        : caller_(caller), names_(std::move(names)) {}
    /// Asks for what does not change. Once, before the next.
    [[nodiscard]] Result<void> learn();
    /// Lives as long as this; null: it is not one of these. The error says why it cannot be kept.
    [[nodiscard]] Result<enforce::ClassBackend*> backend(std::string_view rules);

  private:
    Caller& caller_;
    std::vector<std::string> names_;
    std::vector<ClassPart> parts_;
    std::vector<std::unique_ptr<ClassClient>> clients_;
};

/// One class as it is served. Whatever comes over the channel has to be of the class as this part read it in
/// the configuration; what is not is refused, whoever sent it.
struct ServedClass {
    const RuleClass* rules = nullptr;
    enforce::ClassBackend* backend = nullptr;  ///< null: there is none
    std::string trouble;                       ///< why
};

/// The answer to one request, or to bytes that are none.
[[nodiscard]] std::string answer(std::string_view request, std::span<const ServedClass> classes);
/// Answers one request after the other, until the other side closes the channel or it breaks.
[[nodiscard]] Result<void> serve(Channel& channel, std::span<const ServedClass> classes);

}  // namespace garita::enforcer_link
