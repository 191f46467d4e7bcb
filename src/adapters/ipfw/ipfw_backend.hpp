#pragma once
// Rules of one class in a table of FreeBSD's ipfw, on this machine or over SSH. Rules that use the table are
// the administrator's: "add 100 allow ip from table(garita_inet_access) to any",
// "add 200 pipe tablearg ip from any to table(garita_shaping_in) out".

#include <memory>
#include <optional>

#include "adapters/ipfw/pipes.hpp"
#include "adapters/ipfw/program.hpp"
#include "adapters/ipfw/settings.hpp"
#include "enforce/class_backend.hpp"
#include "model/rule_class.hpp"
#include "runtime/process/line_program.hpp"

namespace garita::ipfw {

/// The class has one parameter, an address or network. The table's entries are changed by lines on standard
/// input, one entry each: a line with several, some of them known, brought an older kernel down.
class IpfwBackend final : public enforce::ClassBackend {
  public:
    /// The error says which setting or class cannot be. `runner` must outlive the backend.
    [[nodiscard]] static Result<std::unique_ptr<IpfwBackend>> make(RuleClass rules, Settings settings,
                                                                   runtime::CommandRunner& runner);

    Result<void> prepare() override;
    Result<std::vector<enforce::ChangeFailure>> apply(std::span<const enforce::ClassChange> changes) override;
    Result<void> read_back(const enforce::EntrySink& entry) override;
    Result<std::vector<enforce::ChangeFailure>> rebuild(const enforce::EntrySource& all,
                                                        std::size_t count) override;
    Result<enforce::Drift> check(std::size_t count) override;
    Result<void> remove_all() override;
    [[nodiscard]] std::size_t batch_size() const override { return 10'000; }

  private:
    using Failures = std::vector<enforce::ChangeFailure>;

    IpfwBackend(RuleClass rules, Settings settings, runtime::CommandRunner& runner);
    /// What the table says for this value; makes the pipe that it needs.
    [[nodiscard]] Result<std::uint32_t> table_value(const RuleValue& value);
    [[nodiscard]] std::optional<RuleValue> value_of(std::uint32_t table_value) const;
    [[nodiscard]] Result<std::string> key_text(const RuleKey& key) const;
    [[nodiscard]] std::optional<RuleKey> key_of(const IpNetwork& network) const;
    /// Appends the line for this entry of a table. An Error whose retry is later concerns the device.
    [[nodiscard]] Result<void> add_line(const std::string& table, const RuleKey& key,
                                        const std::optional<RuleValue>& value, runtime::Lines& lines);
    [[nodiscard]] Result<Failures> feed(const runtime::Lines& lines, std::span<const std::size_t> positions,
                                        Failures failures);

    RuleClass rules_;
    Settings settings_;
    runtime::CommandRunner& runner_;
    ValueKind kind_ = ValueKind::presence;
    std::optional<RuleValue> present_;  ///< of ValueKind::presence
    runtime::LineProgram lines_;        ///< changes the table
    Program program_;
    Pipes pipes_;
};

}  // namespace garita::ipfw
