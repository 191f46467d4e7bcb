#include "adapters/command/list_reader.hpp"

#include <array>

#include <re2/re2.h>

#include "runtime/process/line_program.hpp"

namespace garita::command {
namespace {

constexpr std::size_t longest_line = 4096;
constexpr std::size_t most_groups = 16;

struct Unit {
    std::string_view group;
    std::string_view before;
    std::string_view after;
};
constexpr std::array<Unit, 5> units{{{"value", "", ""},
                                     {"value_bit", "", "bit"},
                                     {"value_kbit", "", "kbit"},
                                     {"value_mbit", "", "Mbit"},
                                     {"value_hex", "0x", ""}}};

/// An address as lists write it that call every entry a network.
std::string_view without_full_prefix(std::string_view text) {
    if (text.ends_with("/32") && text.find(':') == std::string_view::npos) text.remove_suffix(3);
    if (text.ends_with("/128")) text.remove_suffix(4);
    return text;
}

}  // namespace

Result<ListPattern> ListPattern::make(const RuleClass& rules, const std::string& pattern) {
    const std::string setting = "the list pattern of " + rules.name();
    ListPattern made(rules);
    auto compiled = runtime::compile_pattern(pattern, setting);
    if (!compiled) return tl::unexpected(compiled.error());
    if (!*compiled) return fail(ErrorCode::invalid, setting + " is missing");
    made.pattern_ = std::move(*compiled);
    const auto& names = made.pattern_->NamedCapturingGroups();
    if (made.pattern_->NumberOfCapturingGroups() >= static_cast<int>(most_groups))
        return fail(ErrorCode::invalid,
                    setting + " has more than " + std::to_string(most_groups - 1) + " groups");
    for (const auto& spec : rules.params()) {
        const auto found = names.find(spec.name);
        if (found == names.end())
            return fail(ErrorCode::invalid, setting + " has no group (?P<" + spec.name + ">…)");
        made.groups_.push_back(static_cast<std::size_t>(found->second));
    }
    if (auto found = made.find_value(setting); !found) return tl::unexpected(found.error());
    return made;
}

Result<void> ListPattern::find_value(const std::string& setting) {
    const auto& names = pattern_->NamedCapturingGroups();
    for (const auto& unit : units) {
        const auto found = names.find(std::string(unit.group));
        if (found == names.end()) continue;
        value_group_ = static_cast<std::size_t>(found->second);
        before_value_ = unit.before;
        after_value_ = unit.after;
        return {};
    }
    only_value_ = rules_->only_value();
    if (!only_value_) return fail(ErrorCode::invalid, setting + " has no group (?P<value>…)");
    return {};
}

std::optional<RuleValue> ListPattern::value_in(std::string_view text) const {
    std::string whole;
    if (!text.starts_with(before_value_)) whole = before_value_;
    whole.append(text).append(after_value_);
    const auto value = rules_->read_value(whole);
    return value ? std::optional(*value) : std::nullopt;
}

std::optional<std::pair<RuleKey, RuleValue>> ListPattern::read(std::string_view line) const {
    std::array<re2::StringPiece, most_groups> found;
    const re2::StringPiece text(line.data(), line.size());
    if (!pattern_->Match(text, 0, line.size(), re2::RE2::UNANCHORED, found.data(),
                         pattern_->NumberOfCapturingGroups() + 1))
        return std::nullopt;
    const auto group = [&](std::size_t number) {
        return std::string_view(found[number].data(), found[number].size());
    };
    std::string params;
    for (std::size_t i = 0; i < groups_.size(); ++i) {
        auto one = group(groups_[i]);
        if (rules_->params()[i].type == ParamType::address) one = without_full_prefix(one);
        if (i > 0) params += ' ';
        params += one;
    }
    const auto key = rules_->read_params(params);
    const auto value = value_group_ ? value_in(group(*value_group_)) : only_value_;
    if (!key || !value) return std::nullopt;
    return std::pair(*key, *value);
}

void ListReader::line(std::string_view text) {
    if (text.ends_with('\r')) text.remove_suffix(1);
    if (const auto entry = pattern_.read(text)) sink_(entry->first, entry->second);
}

void ListReader::take(std::string_view piece) {
    while (!piece.empty()) {
        const auto end = piece.find('\n');
        const auto part = piece.substr(0, end);
        if (begun_.size() + part.size() > longest_line) {
            begun_.clear();
            too_long_ = true;
        }
        if (end == std::string_view::npos) {
            if (!too_long_) begun_.append(part);
            return;
        }
        if (!too_long_) {
            if (begun_.empty())
                line(part);
            else
                line(begun_.append(part));
        }
        begun_.clear();
        too_long_ = false;
        piece.remove_prefix(end + 1);
    }
}

void ListReader::finish() {
    if (!begun_.empty() && !too_long_) line(begun_);
    begun_.clear();
}

}  // namespace garita::command
