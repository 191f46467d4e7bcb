// How a CommandBackend is made from its settings, and what they may not be.

#include <re2/re2.h>

#include "adapters/command/command_backend.hpp"

namespace garita::command {
namespace {

tl::unexpected<Error> wrong(std::string text) {
    return fail(ErrorCode::invalid, std::move(text));
}

Result<std::optional<TextTemplate>> line_of(const std::string& text, const Vocabulary& vocabulary,
                                            const std::string& what) {
    if (text.empty()) return std::nullopt;
    auto made = TextTemplate::parse(text, vocabulary, TextTemplate::Place::line);
    if (!made) return wrong(what + ": " + made.error().text);
    return std::optional(std::move(*made));
}

Result<std::vector<TextTemplate>> fixed_lines(const std::vector<std::string>& texts,
                                              const Vocabulary& vocabulary, const std::string& what) {
    std::vector<TextTemplate> lines;
    for (const auto& text : texts) {
        auto line = TextTemplate::parse(text, vocabulary, TextTemplate::Place::line);
        if (!line) return wrong(what + ": " + line.error().text);
        if (line->uses_entry())
            return wrong(std::string(what).append(": \"").append(text).append("\" is not about one entry"));
        lines.push_back(std::move(*line));
    }
    return lines;
}

}  // namespace

Result<std::unique_ptr<CommandBackend>> CommandBackend::make(RuleClass rules, const Settings& settings,
                                                             runtime::CommandRunner& runner) {
    std::unique_ptr<CommandBackend> made(new CommandBackend(std::move(rules), runner));
    if (auto read = made->read(settings); !read)
        return wrong("commands of " + made->rules_.name() + ": " + read.error().text);
    return made;
}

Result<void> CommandBackend::read(const Settings& settings) {
    const Vocabulary vocabulary{rules_, settings.names};
    struct Row {
        const char* name;
        const std::vector<std::string>& words;
        ArgumentTemplate& to;
        bool of_entry;
    };
    for (const auto& row :
         {Row{"prepare", settings.prepare, prepare_, false}, Row{"add", settings.add, add_, true},
          Row{"change", settings.change, change_, true}, Row{"delete", settings.remove, remove_, true},
          Row{"clear", settings.clear, clear_, false}, Row{"destroy", settings.destroy, destroy_, false},
          Row{"list", settings.list, list_, false}, Row{"count", settings.count, count_, false},
          Row{"batch", settings.batch, batch_, false}}) {
        auto parsed = ArgumentTemplate::parse(row.words, vocabulary, row.name);
        if (!parsed) return tl::unexpected(parsed.error());
        if (!row.of_entry && parsed->uses_entry())
            return wrong(std::string(row.name) +
                         " is not about one entry, and cannot name its parameters or value");
        row.to = std::move(*parsed);
    }
    if (!list_.empty()) {
        auto listed = ListPattern::make(rules_, settings.listed);
        if (!listed) return tl::unexpected(listed.error());
        listed_ = std::move(*listed);
    }
    auto counted = runtime::compile_pattern(settings.counted, "the count pattern");
    if (!counted) return tl::unexpected(counted.error());
    counted_ = std::move(*counted);
    auto fine = runtime::compile_pattern(settings.fine, "the pattern of what is fine");
    if (!fine) return tl::unexpected(fine.error());
    auto number = runtime::compile_pattern(settings.line_number, "the pattern of line numbers");
    if (!number) return tl::unexpected(number.error());
    limit_ = settings.limit;
    program_.verdict = {settings.ok_codes, std::move(*fine)};
    program_.line_number = std::move(*number);
    if (!batch_.empty()) program_.command = command(batch_.fixed());
    lines_at_once_ = batch_.empty() ? 100 : std::max<std::size_t>(1, settings.lines_at_once);
    if (auto lines = read_lines(settings, vocabulary); !lines) return lines;
    return check_complete(settings);
}

Result<void> CommandBackend::read_lines(const Settings& settings, const Vocabulary& vocabulary) {
    struct Row {
        const char* name;
        const std::string& text;
        std::optional<TextTemplate>& to;
    };
    for (const auto& row : {Row{"the line to add", settings.add_line, add_line_},
                            Row{"the line to change", settings.change_line, change_line_},
                            Row{"the line to delete", settings.remove_line, remove_line_},
                            Row{"the line of a rebuild", settings.swap_line, swap_line_}}) {
        auto line = line_of(row.text, vocabulary, row.name);
        if (!line) return tl::unexpected(line.error());
        row.to = std::move(*line);
    }
    auto before = fixed_lines(settings.swap_before, vocabulary, "the lines before a rebuild");
    if (!before) return tl::unexpected(before.error());
    swap_before_ = std::move(*before);
    auto behind = fixed_lines(settings.swap_behind, vocabulary, "the lines behind a rebuild");
    if (!behind) return tl::unexpected(behind.error());
    swap_behind_ = std::move(*behind);
    return {};
}

Result<void> CommandBackend::check_complete(const Settings& settings) const {
    if (!count_.empty() && (!counted_ || counted_->NumberOfCapturingGroups() != 1))
        return wrong("the count pattern needs one group, the number");
    if (program_.line_number && program_.line_number->NumberOfCapturingGroups() != 1)
        return wrong("the pattern of line numbers needs one group, the number");
    if (limit_ <= Duration::zero()) return wrong("the time limit has to be more than nothing");
    if (batch_.empty() ? add_.empty() || remove_.empty() : !add_line_ || !remove_line_)
        return wrong("add and delete are needed, or batch with its lines");
    if (swap_line_ && (batch_.empty() || settings.swap_behind.empty()))
        return wrong("a rebuild by lines needs batch, and lines behind that bring it into force");
    const bool change_known = batch_.empty() ? !change_.empty() : change_line_.has_value();
    // Two entries must not be told from each other by a word that is never said.
    for (std::size_t i = 0; i < rules_.params().size(); ++i) {
        const bool said = batch_.empty() ? add_.uses_param(i) && remove_.uses_param(i) &&
                                               (!change_known || change_.uses_param(i))
                                         : add_line_->uses_param(i) && remove_line_->uses_param(i) &&
                                               (!change_known || change_line_->uses_param(i)) &&
                                               (!swap_line_ || swap_line_->uses_param(i));
        if (!said) return wrong("add, change and delete each have to name {" + rules_.params()[i].name + "}");
    }
    if (batch_.empty() ? remove_.uses_value() : remove_line_->uses_value())
        return wrong("delete cannot name {value}: what is there may be another");
    return {};
}

}  // namespace garita::command
