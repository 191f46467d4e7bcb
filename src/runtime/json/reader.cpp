#include "runtime/json/reader.hpp"

#include <algorithm>
#include <cmath>

#include "model/foreign_text.hpp"
#include "model/span.hpp"
#include "runtime/json/text.hpp"

namespace garita::runtime::json {

namespace {

constexpr std::size_t max_members = 64;

/// A name that a peer made up, on its way into an error that somebody reads.
std::string quoted(std::string_view name) {
    static constexpr Cleaning rules{Cleaning::Measure::bytes, 64, 3,
                                    [](std::string& out, const Character&, std::string_view) { out += '?'; },
                                    [](std::string& out, std::size_t) { out += "..."; }};
    return clean_text(name, rules);
}

/// Control characters are how foreign text moves a terminal's cursor or forges a log line. C1 controls are
/// two bytes in UTF-8 (C2 80 … C2 9F).
bool printable(std::string_view text) {
    for (std::size_t i = 0; i < text.size(); ++i) {
        const auto byte = static_cast<unsigned char>(text[i]);
        if (byte < 0x20 || byte == 0x7F) return false;
        if (byte == 0xC2 && i + 1 < text.size() && static_cast<unsigned char>(text[i + 1]) < 0xA0)
            return false;
    }
    return true;
}

std::string_view kind_name(const boost::json::value& value) {
    switch (value.kind()) {
        case boost::json::kind::null:
            return "null";
        case boost::json::kind::bool_:
            return "true or false";
        case boost::json::kind::int64:
        case boost::json::kind::uint64:
        case boost::json::kind::double_:
            return "a number";
        case boost::json::kind::string:
            return "a text";
        case boost::json::kind::array:
            return "a list";
        case boost::json::kind::object:
            return "an object";
    }
    return "something else";
}

std::string wants(std::string_view what, const boost::json::value& found) {
    return "must be " + std::string(what) + ", not " + std::string(kind_name(found));
}

/// Why the text breaks the rule; empty: it does not.
std::string breach(std::string_view text, TextRule rule) {
    if (text.size() > rule.max_bytes)
        return std::to_string(text.size()) + " bytes, more than the " + std::to_string(rule.max_bytes) +
               " allowed";
    if (rule.content == TextRule::Content::name && text.empty()) return "must not be empty";
    if (rule.content == TextRule::Content::text)
        return text.find('\0') == std::string_view::npos ? "" : "must not hold a NUL character";
    return printable(text) ? "" : "must not hold control characters";
}

}  // namespace

std::string path_of(std::string_view where, std::string_view member) {
    std::string path(where);
    if (!path.empty() && !member.empty()) path += '.';
    return path += member;
}

Reader::Reader(const boost::json::value& value, std::string_view where, Unknown unknown)
    : object_(value.if_object()), where_(where), unknown_(unknown) {
    if (object_ == nullptr) {
        refuse_at(where_.empty() ? "document" : where_, wants("an object", value));
    } else if (object_->size() > max_members) {
        refuse_at(where_.empty() ? "document" : where_, "more than 64 members");
        object_ = nullptr;
    }
}

void Reader::refuse_at(std::string path, std::string_view text) {
    if (!failure_)
        failure_ = Error{ErrorCode::invalid, std::move(path) + ": " + std::string(text), Retry::no};
}

void Reader::refuse(std::string_view member, std::string_view text) {
    refuse_at(path_of(where_, member), text);
}

const boost::json::value* Reader::raw(std::string_view member) {
    if (object_ == nullptr) return nullptr;
    const auto found = object_->find(member);
    if (found == object_->end()) return nullptr;
    seen_ |= std::uint64_t{1} << static_cast<unsigned>(found - object_->begin());
    return &found->value();
}

bool Reader::has(std::string_view member) {
    const auto* value = raw(member);
    return value != nullptr && !value->is_null();
}

const boost::json::value* Reader::required(std::string_view member) {
    const auto* value = raw(member);
    if (value == nullptr) refuse(member, "is missing");
    return value;
}

void Reader::check_unknown() {
    if (object_ == nullptr || unknown_ == Unknown::ignore || failure_) return;
    unsigned index = 0;
    for (const auto& member : *object_) {
        if ((seen_ >> index & 1U) == 0) return refuse(quoted(member.key()), "there is no such member");
        ++index;
    }
}

std::string Reader::checked_text(std::string_view member, const boost::json::value& value, TextRule rule) {
    const auto* found = value.if_string();
    if (found == nullptr) {
        refuse(member, wants("a text", value));
        return {};
    }
    if (const auto why = breach(*found, rule); !why.empty()) {
        refuse(member, why);
        return {};
    }
    return {found->data(), found->size()};
}

std::string Reader::text(std::string_view member, TextRule rule) {
    const auto* value = required(member);
    return value == nullptr ? std::string() : checked_text(member, *value, rule);
}

std::string Reader::text_or(std::string_view member, TextRule rule, std::string_view otherwise) {
    return has(member) ? text(member, rule) : std::string(otherwise);
}

std::optional<std::string> Reader::optional_text(std::string_view member, TextRule rule) {
    if (!has(member)) return std::nullopt;
    return text(member, rule);
}

std::optional<std::string> Reader::nullable_text(std::string_view member, TextRule rule) {
    const auto* value = required(member);
    if (value == nullptr || value->is_null()) return std::nullopt;
    return checked_text(member, *value, rule);
}

std::int64_t Reader::integer(std::string_view member, std::int64_t min, std::int64_t max) {
    const auto* value = required(member);
    if (value == nullptr) return 0;
    const auto* number = value->if_int64();
    if (number == nullptr) {
        refuse(member,
               value->is_number() ? "must be a whole number that fits 64 bits" : wants("a number", *value));
        return 0;
    }
    if (*number < min || *number > max) {
        refuse(member, std::to_string(*number) + " is not between " + std::to_string(min) + " and " +
                           std::to_string(max));
        return 0;
    }
    return *number;
}

std::int64_t Reader::integer_or(std::string_view member, std::int64_t min, std::int64_t max,
                                std::int64_t otherwise) {
    return has(member) ? integer(member, min, max) : otherwise;
}

bool Reader::flag_or(std::string_view member, bool otherwise) {
    if (!has(member)) return otherwise;
    const auto* value = raw(member);
    if (const auto* flag = value->if_bool()) return *flag;
    refuse(member, wants("true or false", *value));
    return otherwise;
}

Time Reader::time(std::string_view member) {
    const std::string found = text(member, name_rule);
    if (failure_) return {};
    if (const auto parsed = parse_iso8601(found)) return *parsed;
    refuse(member, "'" + found + "' is not a time such as 2026-11-22T06:08:25Z");
    return {};
}

std::optional<Time> Reader::optional_time(std::string_view member) {
    if (!has(member)) return std::nullopt;
    return time(member);
}

std::optional<Duration> Reader::seconds(std::string_view member) {
    constexpr double longest = 4e9;  // more than a century; microseconds of it are exact in a double
    if (!has(member)) return std::nullopt;
    const auto* value = raw(member);
    boost::system::error_code error;
    const double seconds = value->to_number<double>(error);
    if (error || !value->is_number()) {
        refuse(member, wants("a number of seconds", *value));
        return std::nullopt;
    }
    if (!(std::abs(seconds) <= longest)) {
        refuse(member, "is too long a time");
        return std::nullopt;
    }
    return Duration{std::llround(seconds * 1e6)};
}

std::optional<Duration> Reader::optional_seconds(std::string_view member) {
    const auto found = seconds(member);
    if (found && found->count() < 0) refuse(member, "must not be negative");
    return found;
}

std::optional<Duration> Reader::optional_span(std::string_view member) {
    if (!has(member) || !raw(member)->is_string()) return optional_seconds(member);
    const std::string written = text(member, name_rule);
    if (failure_) return std::nullopt;
    if (const auto span = parse_span(written)) return Duration(*span);
    refuse(member, "'" + written +
                       "' is no span of time such as 90s, 15m, 24h, 7d or 1h30m, nor a number of seconds");
    return std::nullopt;
}

Duration Reader::seconds_or(std::string_view member, Duration otherwise) {
    return seconds(member).value_or(otherwise);
}

std::optional<IpNetwork> Reader::optional_network(std::string_view member) {
    const auto found = optional_text(member, name_rule);
    if (!found || failure_) return std::nullopt;
    auto network = IpNetwork::parse(*found);
    if (!network) refuse(member, "'" + *found + "' is not an address or network");
    return network;
}

Facts Reader::facts(std::string_view member) {
    Facts facts;
    if (!has(member)) return facts;
    const auto* value = raw(member);
    const auto* object = value->if_object();
    if (object == nullptr) {
        refuse(member, wants("an object", *value));
        return facts;
    }
    if (object->size() > max_facts) {
        refuse(member, "more than " + std::to_string(max_facts) + " facts");
        return facts;
    }
    for (const auto& fact : *object) {
        const std::string_view key = fact.key();
        if (const auto why = breach(key, name_rule); !why.empty()) refuse(member, "a name: " + why);
        if (failure_) return {};
        facts.emplace(key, checked_text(path_of(member, key), fact.value(), text_rule));
    }
    return facts;
}

std::vector<std::string> Reader::texts(std::string_view member, TextRule rule, std::size_t max) {
    std::vector<std::string> all;
    const std::size_t count = list_size(member, max);
    for (std::size_t i = 0; i < count && !failure_; ++i)
        all.push_back(
            checked_text(std::string(member) + '[' + std::to_string(i) + ']', element(member, i), rule));
    return all;
}

std::size_t Reader::list_size(std::string_view member, std::size_t max) {
    if (!has(member)) return 0;
    const auto* value = raw(member);
    const auto* list = value->if_array();
    if (list == nullptr) {
        refuse(member, wants("a list", *value));
        return 0;
    }
    if (list->size() > max) {
        refuse(member,
               std::to_string(list->size()) + " elements, more than the " + std::to_string(max) + " allowed");
        return 0;
    }
    return list->size();
}

const boost::json::value& Reader::element(std::string_view member, std::size_t index) const {
    return object_->find(member)->value().get_array()[index];
}

std::string Reader::element_path(std::string_view member, std::size_t index) const {
    return path_of(where_, member) + '[' + std::to_string(index) + ']';
}

}  // namespace garita::runtime::json
