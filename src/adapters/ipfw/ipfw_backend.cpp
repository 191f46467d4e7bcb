#include "adapters/ipfw/ipfw_backend.hpp"

#include <algorithm>

#include "adapters/ipfw/words.hpp"

namespace garita::ipfw {
namespace {

using enforce::ChangeFailure;
using enforce::ClassChange;

constexpr std::size_t longest_name = 59;  // a suffix of four fits behind it
bool table_name(std::string_view name) {
    return !name.empty() && name.size() <= longest_name && std::all_of(name.begin(), name.end(), [](char c) {
        return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9') || c == '_';
    });
}

std::optional<ValueKind> kind_of(ParamType type) {
    switch (type) {
        case ParamType::word:
            return ValueKind::presence;
        case ParamType::mark:
        case ParamType::port:
            return ValueKind::number;
        case ParamType::rate:
            return ValueKind::pipe;
        default:
            return std::nullopt;
    }
}

std::string new_table(const Settings& settings) {
    return settings.table + "_new";
}

}  // namespace

IpfwBackend::IpfwBackend(RuleClass rules, Settings settings, runtime::CommandRunner& runner)
    : rules_(std::move(rules)),
      settings_(std::move(settings)),
      runner_(runner),
      program_(settings_, runner),
      pipes_(settings_, program_) {
    lines_.command.words = batch(settings_);
    lines_.command.limits.total = settings_.limit;
    lines_.before_refused = runtime::LineProgram::Before::done;
}

Result<std::unique_ptr<IpfwBackend>> IpfwBackend::make(RuleClass rules, Settings settings,
                                                       runtime::CommandRunner& runner) {
    const auto wrong = [&](const std::string& what) {
        return fail(ErrorCode::invalid, "ipfw for " + rules.name() + ": " + what);
    };
    if (!table_name(settings.table))
        return wrong("\"" + settings.table + "\" is no name of a table: 1 to 59 letters, digits and _");
    if (settings.program.empty() || settings.program.front() != '/')
        return wrong("the program has to be an absolute path, as /sbin/ipfw");
    if (!settings.mask.empty() && settings.mask != "dst-ip" && settings.mask != "src-ip")
        return wrong("the mask of pipes is dst-ip, src-ip or nothing, not \"" + settings.mask + "\"");
    if (settings.first_pipe == 0 || settings.pipes == 0 || settings.first_pipe + settings.pipes > 65'536)
        return wrong("pipes have numbers from 1 to 65535");
    const auto params = rules.params();
    if (params.size() != 1 || (params[0].type != ParamType::address && params[0].type != ParamType::network))
        return wrong("a table is looked up by one address or network, and nothing else");
    const auto kind = kind_of(rules.value().type);
    if (!kind) return wrong("its value has to be a word, a mark, a port or a rate");
    auto present = rules.only_value();
    if (*kind == ValueKind::presence && !present)
        return wrong("of its words, all but one have to mean that there is no entry");
    std::unique_ptr<IpfwBackend> made(new IpfwBackend(std::move(rules), std::move(settings), runner));
    made->kind_ = *kind;
    made->present_ = present;
    auto fine = runtime::compile_pattern(std::string(no_record), "ipfw");
    auto number = runtime::compile_pattern(R"([Ll]ine (\d+))", "ipfw");
    if (!fine || !number) return wrong("its patterns do not compile");
    made->lines_.verdict.fine = std::move(*fine);
    made->lines_.line_number = std::move(*number);
    return made;
}

Result<void> IpfwBackend::prepare() {
    if (auto made = program_.expect(create_table(settings_, settings_.table), table_there); !made)
        return made;
    return kind_ == ValueKind::pipe ? pipes_.read() : Result<void>{};
}

Result<std::uint32_t> IpfwBackend::table_value(const RuleValue& value) {
    if (kind_ == ValueKind::presence) return 0U;
    const auto typed = rules_.unpack(value);
    if (!typed) return tl::unexpected(typed.error());
    if (kind_ == ValueKind::number) return std::get<std::uint32_t>(*typed);
    return pipes_.with(std::get<BitRate>(*typed));
}

std::optional<RuleValue> IpfwBackend::value_of(std::uint32_t table_value) const {
    if (kind_ == ValueKind::presence) return present_;
    std::string text = std::to_string(table_value);
    if (kind_ == ValueKind::pipe) {
        const auto rate = pipes_.rate_of(table_value);
        if (!rate) return std::nullopt;
        text = rate->text();
    }
    const auto value = rules_.read_value(text);
    return value ? std::optional(*value) : std::nullopt;
}

Result<std::string> IpfwBackend::key_text(const RuleKey& key) const {
    const auto params = rules_.unpack(key);
    if (!params) return tl::unexpected(params.error());
    return to_text(params->front());
}

std::optional<RuleKey> IpfwBackend::key_of(const IpNetwork& network) const {
    if (rules_.params()[0].type == ParamType::address && !network.is_host()) return std::nullopt;
    const auto key = rules_.read_params(network.text());
    return key ? std::optional(*key) : std::nullopt;
}

Result<void> IpfwBackend::add_line(const std::string& table, const RuleKey& key,
                                   const std::optional<RuleValue>& value, runtime::Lines& lines) {
    const auto text = key_text(key);
    if (!text) return tl::unexpected(text.error());
    if (!value || value == rules_.absent()) {
        lines.open().append("table ").append(table).append(" delete ").append(*text);
    } else {
        const auto number = table_value(*value);
        if (!number) return tl::unexpected(number.error());
        lines.open().append("table ").append(table).append(" add ").append(*text).append(" ").append(
            std::to_string(*number));
    }
    lines.end();
    return {};
}

Result<IpfwBackend::Failures> IpfwBackend::feed(const runtime::Lines& lines,
                                                std::span<const std::size_t> positions, Failures failures) {
    const auto refused = lines_.feed(runner_, lines);
    if (!refused) return tl::unexpected(refused.error());
    for (const auto& one : *refused)
        failures.push_back(
            {positions[one.line], {ErrorCode::io, settings_.program + " " + one.text, Retry::later}});
    std::sort(failures.begin(), failures.end(),
              [](const auto& a, const auto& b) { return a.change < b.change; });
    return failures;
}

Result<std::vector<ChangeFailure>> IpfwBackend::apply(std::span<const ClassChange> changes) {
    runtime::Lines lines;
    std::vector<std::size_t> positions;
    Failures failures;
    for (std::size_t i = 0; i < changes.size(); ++i) {
        const auto& change = changes[i];
        if (auto added = add_line(settings_.table, change.key, change.after, lines); added)
            positions.push_back(i);
        else if (added.error().code == ErrorCode::unavailable)
            return tl::unexpected(added.error());
        else
            failures.push_back({i, added.error()});
    }
    return feed(lines, positions, std::move(failures));
}

Result<void> IpfwBackend::read_back(const enforce::EntrySink& entry) {
    if (kind_ == ValueKind::pipe)
        if (auto read = pipes_.read(); !read) return read;
    return program_.lines(list_table(settings_), [&](std::string_view line) {
        const auto found = parse_entry(line);
        if (!found) return;
        const auto key = key_of(found->first);
        const auto value = value_of(found->second);
        if (key && value) entry(*key, *value);
    });
}

Result<std::vector<ChangeFailure>> IpfwBackend::rebuild(const enforce::EntrySource& all, std::size_t count) {
    (void)count;
    if (auto made = prepare(); !made) return tl::unexpected(made.error());
    // One that a death in an earlier rebuild has left would have entries of then.
    const auto table = new_table(settings_);
    if (auto gone = program_.expect(destroy_table(settings_, table), no_table); !gone)
        return tl::unexpected(gone.error());
    if (auto made = program_.expect(create_table(settings_, table), {}); !made)
        return tl::unexpected(made.error());
    runtime::Lines lines;
    std::vector<std::size_t> positions;
    Failures failures;
    std::size_t position = 0;
    std::optional<Error> away;
    all([&](const RuleKey& key, const RuleValue& value) {
        if (away) return;
        if (auto added = add_line(table, key, value, lines); added)
            positions.push_back(position);
        else if (added.error().code == ErrorCode::unavailable)
            away = added.error();
        else
            failures.push_back({position, added.error()});
        ++position;
    });
    if (away) return tl::unexpected(*away);
    auto fed = feed(lines, positions, std::move(failures));
    if (!fed) return fed;
    if (auto swapped = program_.expect(swap_tables(settings_, table), {}); !swapped)
        return tl::unexpected(swapped.error());
    if (auto gone = program_.expect(destroy_table(settings_, table), no_table); !gone)
        return tl::unexpected(gone.error());
    return fed;
}

Result<enforce::Drift> IpfwBackend::check(std::size_t count) {
    const auto end = program_.run(table_info(settings_));
    if (!end) return tl::unexpected(end.error());
    if (end->code != 0) return enforce::Drift::structure;
    const auto items = parse_items(end->output);
    if (!items)
        return fail(ErrorCode::io, settings_.program + " tells no number of entries of " + settings_.table);
    return *items == count ? enforce::Drift::none : enforce::Drift::possible;
}

Result<void> IpfwBackend::remove_all() {
    for (const auto& table : {new_table(settings_), settings_.table})
        if (auto gone = program_.expect(destroy_table(settings_, table), no_table); !gone) return gone;
    return kind_ == ValueKind::pipe ? pipes_.remove_all() : Result<void>{};
}

}  // namespace garita::ipfw
