#pragma once
// Rules of one class on a device that is told everything by programs: here, or there over SSH.

#include <map>
#include <memory>
#include <optional>

#include "adapters/command/list_reader.hpp"
#include "adapters/command/settings.hpp"
#include "adapters/command/text_template.hpp"
#include "enforce/class_backend.hpp"
#include "runtime/process/line_program.hpp"

namespace garita::command {

class CommandBackend final : public enforce::ClassBackend {
  public:
    /// The error names the setting that cannot work. `runner` must outlive the backend.
    [[nodiscard]] static Result<std::unique_ptr<CommandBackend>> make(RuleClass rules,
                                                                      const Settings& settings,
                                                                      runtime::CommandRunner& runner);

    Result<void> prepare() override;
    Result<std::vector<enforce::ChangeFailure>> apply(std::span<const enforce::ClassChange> changes) override;
    Result<void> read_back(const enforce::EntrySink& entry) override;
    Result<std::vector<enforce::ChangeFailure>> rebuild(const enforce::EntrySource& all,
                                                        std::size_t count) override;
    Result<enforce::Drift> check(std::size_t count) override;
    Result<void> remove_all() override;
    [[nodiscard]] std::size_t batch_size() const override { return lines_at_once_; }

  private:
    using Failures = std::vector<enforce::ChangeFailure>;

    CommandBackend(RuleClass rules, runtime::CommandRunner& runner)
        : rules_(std::move(rules)), runner_(runner) {}
    [[nodiscard]] Result<void> read(const Settings& settings);
    [[nodiscard]] Result<void> read_lines(const Settings& settings, const Vocabulary& vocabulary);
    [[nodiscard]] Result<void> check_complete(const Settings& settings) const;

    enum class Verb { add, change, remove };
    [[nodiscard]] Verb verb_of(const enforce::ClassChange& change) const;
    [[nodiscard]] Result<void> fill(const TextTemplate& line, const RuleKey& key,
                                    const std::optional<RuleValue>& value, runtime::Lines& out) const;
    [[nodiscard]] Result<void> run(const ArgumentTemplate& words);
    [[nodiscard]] Result<std::vector<std::string>> words_of(const ArgumentTemplate& words,
                                                            const enforce::ClassChange& change) const;
    [[nodiscard]] Result<void> apply_one(const enforce::ClassChange& change, std::optional<Error>& refused);
    [[nodiscard]] Result<Failures> apply_each(std::span<const enforce::ClassChange> changes);
    [[nodiscard]] Result<Failures> apply_lines(std::span<const enforce::ClassChange> changes);
    [[nodiscard]] Result<Failures> feed(const runtime::Lines& lines, std::span<const std::size_t> positions,
                                        Failures failures);
    [[nodiscard]] Result<void> feed_fixed(const std::vector<TextTemplate>& lines);
    [[nodiscard]] Result<Failures> rebuild_by_swap(const enforce::EntrySource& all);
    [[nodiscard]] Result<Failures> rebuild_by_difference(const enforce::EntrySource& all, std::size_t count);
    [[nodiscard]] runtime::Command command(std::vector<std::string> words) const;

    RuleClass rules_;
    runtime::CommandRunner& runner_;
    ArgumentTemplate prepare_, add_, change_, remove_, clear_, destroy_, list_, count_, batch_;
    std::optional<TextTemplate> add_line_, change_line_, remove_line_, swap_line_;
    std::vector<TextTemplate> swap_before_, swap_behind_;
    std::optional<ListPattern> listed_;  ///< nothing: the device cannot tell
    std::map<RuleKey, RuleValue> told_;  ///< without a list: what this process has brought there
    std::shared_ptr<const re2::RE2> counted_;
    runtime::LineProgram program_;
    Duration limit_{0};
    std::size_t lines_at_once_ = 1;
};

}  // namespace garita::command
