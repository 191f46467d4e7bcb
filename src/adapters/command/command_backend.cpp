#include "adapters/command/command_backend.hpp"

#include <algorithm>
#include <map>

#include <re2/re2.h>

namespace garita::command {
namespace {

using enforce::ChangeFailure;
using enforce::ClassChange;
using runtime::Verdict;

// Of a list. A million entries of a hundred characters fit.
constexpr std::size_t longest_list = std::size_t{256} << 20U;

Error refusal(std::string text) {
    return {ErrorCode::io, std::move(text), Retry::later};
}

}  // namespace

runtime::Command CommandBackend::command(std::vector<std::string> words) const {
    runtime::Command command{std::move(words)};
    command.limits.total = limit_;
    return command;
}

Result<void> CommandBackend::run(const ArgumentTemplate& words) {
    if (words.empty()) return {};
    const auto command = this->command(words.fixed());
    const auto end = runner_.run(command);
    if (!end) return tl::unexpected(end.error());
    return program_.verdict.expect_fine(*end, command.words.front());
}

Result<void> CommandBackend::prepare() {
    return run(prepare_);
}

CommandBackend::Verb CommandBackend::verb_of(const ClassChange& change) const {
    if (!change.after || change.after == rules_.absent()) return Verb::remove;
    return change.before && change.before != rules_.absent() ? Verb::change : Verb::add;
}

Result<void> CommandBackend::fill(const TextTemplate& line, const RuleKey& key,
                                  const std::optional<RuleValue>& value, runtime::Lines& out) const {
    const auto params = rules_.unpack(key);
    if (!params) return tl::unexpected(params.error());
    std::optional<ParamValue> typed;
    if (value && line.uses_value()) {
        auto unpacked = rules_.unpack(*value);
        if (!unpacked) return tl::unexpected(unpacked.error());
        typed = std::move(*unpacked);
    }
    if (auto done = line.fill(out.open(), *params, typed); !done) {
        out.drop_open();
        return done;
    }
    out.end();
    return {};
}

Result<CommandBackend::Failures> CommandBackend::feed(const runtime::Lines& lines,
                                                      std::span<const std::size_t> positions,
                                                      Failures failures) {
    const auto refused = program_.feed(runner_, lines);
    if (!refused) return tl::unexpected(refused.error());
    for (const auto& one : *refused)
        failures.push_back({positions[one.line], refusal(program_.command.words.front() + " " + one.text)});
    std::sort(failures.begin(), failures.end(),
              [](const auto& a, const auto& b) { return a.change < b.change; });
    return failures;
}

Result<CommandBackend::Failures> CommandBackend::apply_lines(std::span<const ClassChange> changes) {
    runtime::Lines lines;
    std::vector<std::size_t> positions;
    Failures failures;
    for (std::size_t i = 0; i < changes.size(); ++i) {
        const auto verb = verb_of(changes[i]);
        const auto& line = verb == Verb::remove                   ? *remove_line_
                           : verb == Verb::change && change_line_ ? *change_line_
                                                                  : *add_line_;
        if (auto filled = fill(line, changes[i].key,
                               verb == Verb::remove ? changes[i].before : changes[i].after, lines);
            !filled)
            failures.push_back({i, filled.error()});
        else
            positions.push_back(i);
    }
    return feed(lines, positions, std::move(failures));
}

Result<std::vector<std::string>> CommandBackend::words_of(const ArgumentTemplate& words,
                                                          const ClassChange& change) const {
    const auto params = rules_.unpack(change.key);
    if (!params) return tl::unexpected(params.error());
    std::optional<ParamValue> value;
    if (change.after && words.uses_value()) {
        auto unpacked = rules_.unpack(*change.after);
        if (!unpacked) return tl::unexpected(unpacked.error());
        value = std::move(*unpacked);
    }
    return words.fill(*params, value);
}

Result<void> CommandBackend::apply_one(const ClassChange& change, std::optional<Error>& refused) {
    const auto verb = verb_of(change);
    std::vector<const ArgumentTemplate*> ways;
    if (verb == Verb::remove) {
        ways = {&remove_};
    } else if (change_.empty()) {
        ways = {&add_};
    } else {
        // What is believed to be there may be wrong: the other way is tried too.
        ways = {&add_, &change_};
        if (verb == Verb::change) std::swap(ways[0], ways[1]);
    }
    for (const auto* way : ways) {
        const auto words = words_of(*way, change);
        if (!words) {
            refused = words.error();
            return {};
        }
        const auto end = runner_.run(command(*words));
        if (!end) return tl::unexpected(end.error());
        const auto is = program_.verdict.expect_fine(*end, words->front());
        if (is) {
            refused.reset();
            return {};
        }
        if (program_.verdict.of(*end) == Verdict::Is::unknown) return is;
        refused = is.error();
    }
    return {};
}

Result<CommandBackend::Failures> CommandBackend::apply_each(std::span<const ClassChange> changes) {
    Failures failures;
    for (std::size_t i = 0; i < changes.size(); ++i) {
        std::optional<Error> refused;
        if (auto done = apply_one(changes[i], refused); !done) return tl::unexpected(done.error());
        if (refused) failures.push_back({i, std::move(*refused)});
    }
    return failures;
}

Result<std::vector<ChangeFailure>> CommandBackend::apply(std::span<const ClassChange> changes) {
    auto failures = batch_.empty() ? apply_each(changes) : apply_lines(changes);
    if (!failures || listed_) return failures;
    auto failed = failures->begin();
    for (std::size_t i = 0; i < changes.size(); ++i) {
        if (failed != failures->end() && failed->change == i)
            ++failed;
        else if (verb_of(changes[i]) == Verb::remove)
            told_.erase(changes[i].key);
        else
            told_[changes[i].key] = *changes[i].after;
    }
    return failures;
}

Result<void> CommandBackend::read_back(const enforce::EntrySink& entry) {
    if (!listed_) {
        for (const auto& [key, value] : told_)
            entry(key, value);
        return {};
    }
    auto command = this->command(list_.fixed());
    command.limits.output = longest_list;
    ListReader reader(*listed_, entry);
    const auto end = runner_.run(command, [&](std::string_view piece) { reader.take(piece); });
    if (!end) return tl::unexpected(end.error());
    reader.finish();
    return program_.verdict.expect_fine(*end, command.words.front());
}

Result<void> CommandBackend::feed_fixed(const std::vector<TextTemplate>& lines) {
    auto command = program_.command;
    for (const auto& line : lines)
        command.input.append(line.fixed()).append("\n");
    const auto end = runner_.run(command);
    if (!end) return tl::unexpected(end.error());
    return program_.verdict.expect_fine(*end, command.words.front());
}

Result<std::vector<ChangeFailure>> CommandBackend::rebuild_by_swap(const enforce::EntrySource& all) {
    if (auto made = prepare(); !made) return tl::unexpected(made.error());
    if (auto begun = feed_fixed(swap_before_); !begun) return tl::unexpected(begun.error());
    runtime::Lines lines;
    std::vector<std::size_t> positions;
    Failures failures;
    std::size_t position = 0;
    all([&](const RuleKey& key, const RuleValue& value) {
        if (auto filled = fill(*swap_line_, key, value, lines); !filled)
            failures.push_back({position, filled.error()});
        else
            positions.push_back(position);
        ++position;
    });
    auto fed = feed(lines, positions, std::move(failures));
    if (!fed) return fed;
    if (auto swapped = feed_fixed(swap_behind_); !swapped) return tl::unexpected(swapped.error());
    return fed;
}

Result<std::vector<ChangeFailure>> CommandBackend::rebuild_by_difference(const enforce::EntrySource& all,
                                                                         std::size_t count) {
    if (auto made = prepare(); !made) return tl::unexpected(made.error());
    if (!listed_ && !clear_.empty()) {
        // What is there is not known: begin with nothing.
        if (auto cleared = run(clear_); !cleared) return tl::unexpected(cleared.error());
        told_.clear();
    }
    std::map<RuleKey, RuleValue> there;
    const auto read = read_back([&](const RuleKey& key, const RuleValue& value) { there[key] = value; });
    if (!read) return tl::unexpected(read.error());
    std::vector<ClassChange> changes;
    changes.reserve(count);
    all([&](const RuleKey& key, const RuleValue& value) {
        const auto found = there.find(key);
        changes.push_back({key, found == there.end() ? std::nullopt : std::optional(found->second), value});
        if (found != there.end()) there.erase(found);
    });
    const auto wanted = changes.size();
    for (const auto& [key, value] : there)
        changes.push_back({key, value, std::nullopt});
    Failures failures;
    const std::span<const ClassChange> rest(changes);
    for (std::size_t first = 0; first < rest.size(); first += lines_at_once_) {
        const auto part = rest.subspan(first, std::min(lines_at_once_, rest.size() - first));
        auto failed = apply(part);
        if (!failed) return failed;
        for (auto& one : *failed) {
            one.change += first;
            if (one.change >= wanted) return tl::unexpected(one.error);
            failures.push_back(std::move(one));
        }
    }
    return failures;
}

Result<std::vector<ChangeFailure>> CommandBackend::rebuild(const enforce::EntrySource& all,
                                                           std::size_t count) {
    return swap_line_ ? rebuild_by_swap(all) : rebuild_by_difference(all, count);
}

Result<enforce::Drift> CommandBackend::check(std::size_t count) {
    if (count_.empty()) return enforce::Drift::none;
    const auto end = runner_.run(command(count_.fixed()));
    if (!end) return tl::unexpected(end.error());
    switch (program_.verdict.of(*end)) {
        case Verdict::Is::unknown:
            return tl::unexpected(program_.verdict.expect_fine(*end, count_.fixed().front()).error());
        case Verdict::Is::refused:
            return enforce::Drift::structure;
        case Verdict::Is::fine:
            break;
    }
    std::size_t is = 0;
    if (!re2::RE2::PartialMatch(end->output, *counted_, &is)) return enforce::Drift::structure;
    return is == count ? enforce::Drift::none : enforce::Drift::possible;
}

Result<void> CommandBackend::remove_all() {
    if (!clear_.empty() || !destroy_.empty()) {
        auto cleared = run(clear_);
        auto destroyed = run(destroy_);
        told_.clear();
        return cleared ? destroyed : cleared;
    }
    std::vector<ClassChange> changes;
    const auto read = read_back([&](const RuleKey& key, const RuleValue& value) {
        changes.push_back({key, value, {}});
    });
    if (!read) return read;
    const auto failed = apply(changes);
    if (!failed) return tl::unexpected(failed.error());
    if (!failed->empty()) return tl::unexpected(failed->front().error);
    return {};
}

}  // namespace garita::command
