#include <algorithm>
#include <charconv>

#include <boost/json/value.hpp>

#include "adapters/maxpatrol/wire.hpp"
#include "model/foreign_text.hpp"
#include "runtime/json/text.hpp"

namespace garita::maxpatrol::wire {

namespace {

namespace json = runtime::json;
using boost::json::object;
using boost::json::value;

constexpr std::size_t longest_text = 1000;
constexpr std::size_t longest_id = 128;
constexpr std::size_t most_entries = 10'000;

tl::unexpected<Error> senseless(std::string_view what) {
    return fail(ErrorCode::unavailable, "the SIEM's answer makes no sense: " + std::string(what),
                Retry::later);
}

Result<value> parsed(std::string_view body, std::string_view where) {
    auto document = json::parse(body, where);
    if (!document) return senseless(document.error().text);
    return document;
}

const value* member(const object& from, std::string_view name) {
    const auto* const found = from.if_contains(name);
    return found == nullptr || found->is_null() ? nullptr : found;
}

std::string text_of(const object& from, std::string_view name, std::size_t most = longest_text) {
    const auto* const found = member(from, name);
    if (found == nullptr || !found->is_string()) return {};
    const auto& text = found->get_string();
    return std::string(json::to_json_text({text.data(), text.size()}, most));
}

std::optional<std::int64_t> number_of(const object& from, std::string_view name) {
    const auto* const found = member(from, name);
    if (found == nullptr) return std::nullopt;
    if (found->is_int64()) return found->get_int64();
    if (found->is_uint64()) return static_cast<std::int64_t>(found->get_uint64() & INT64_MAX);
    return std::nullopt;
}

/// Names and ids go into paths: nothing but what an id is made of.
bool is_id(std::string_view text) {
    return !text.empty() && text.size() <= longest_id && std::all_of(text.begin(), text.end(), [](char c) {
        return (c >= '0' && c <= '9') || (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || c == '-' ||
               c == '_';
    });
}

/// "Ivan Petrov", or whatever else names a person in this version.
std::string person_of(const object& from, std::string_view name) {
    const auto* const found = member(from, name);
    if (found == nullptr) return {};
    if (found->is_string()) return text_of(from, name);
    if (!found->is_object()) return {};
    const auto& person = found->get_object();
    auto full = text_of(person, "firstName");
    const auto last = text_of(person, "lastName");
    if (!last.empty()) full += (full.empty() ? "" : " ") + last;
    for (const auto* other : {"displayName", "name", "login", "id"})
        if (full.empty()) full = text_of(person, other);
    return full;
}

std::optional<Time> time_of(const object& from, std::string_view name) {
    if (const auto seconds = number_of(from, name)) return read_time(std::to_string(*seconds));
    return read_time(text_of(from, name));
}

std::optional<incidents::Incident> incident_of(const value& entry) {
    if (!entry.is_object()) return std::nullopt;
    const auto& from = entry.get_object();
    incidents::Incident incident;
    incident.id = text_of(from, "id", longest_id);
    if (!is_id(incident.id)) return std::nullopt;
    incident.key = text_of(from, "key");
    incident.name = text_of(from, "name");
    incident.type = text_of(from, "type");
    if (incident.type.empty()) incident.type = text_of(from, "category");
    incident.status = text_of(from, "status");
    incident.severity = text_of(from, "severity");
    incident.assigned = person_of(from, "assigned");
    incident.created = time_of(from, "created").value_or(Time{});
    if (incident.status.empty()) return std::nullopt;
    return incident;
}

/// The array of an answer that is one, or that has it under this name.
const boost::json::array* array_of(const value& document, std::string_view name) {
    if (document.is_array()) return &document.get_array();
    if (!document.is_object()) return nullptr;
    const auto* const found = member(document.get_object(), name);
    return found != nullptr && found->is_array() ? &found->get_array() : nullptr;
}

}  // namespace

std::optional<Time> read_time(std::string_view text) {
    std::int64_t seconds = 0;
    const auto number = std::from_chars(text.data(), text.data() + text.size(), seconds);
    constexpr std::int64_t year_10000 = 253402300800;
    if (!text.empty() && number.ec == std::errc{} && number.ptr == text.data() + text.size())
        return seconds >= 0 && seconds < year_10000 ? std::optional(from_micros(seconds * 1'000'000))
                                                    : std::nullopt;
    std::string cut(text);
    if (const auto point = cut.find('.'); point != cut.npos) {
        const auto end = std::min(cut.find_first_not_of("0123456789", point + 1), cut.size());
        constexpr std::size_t decimals = 6;
        if (end - point - 1 > decimals) cut.erase(point + 1 + decimals, end - point - 1 - decimals);
    }
    if (auto time = json::parse_iso8601(cut)) return time;
    return json::parse_iso8601(cut + 'Z');
}

Result<Token> read_token(std::string_view body) {
    const auto document = parsed(body, "the token");
    if (!document) return tl::unexpected(document.error());
    if (!document->is_object()) return senseless("the token is no object");
    const auto& from = document->get_object();
    constexpr std::size_t longest_token = 16'384;
    auto access = text_of(from, "access_token", longest_token);
    if (access.empty()) return senseless("no access_token");
    const bool clean = std::all_of(access.begin(), access.end(), [](char c) { return c > ' ' && c < 0x7f; });
    if (!clean) return senseless("an access_token of strange characters");
    Token token;
    token.access = runtime::Secret(std::move(access));
    token.refresh = runtime::Secret(text_of(from, "refresh_token", longest_token));
    constexpr std::int64_t year = 366LL * 24 * 3600;
    token.lifetime =
        std::chrono::seconds{std::clamp<std::int64_t>(number_of(from, "expires_in").value_or(0), 0, year)};
    return token;
}

bool says_wrong_login(int status, std::string_view body) {
    if (status != 400 && status != 401 && status != 403) return false;
    for (const auto* word : {"invalid_username_or_password", "invalid_grant", "invalid_client",
                             "unauthorized_client", "requiredPasswordChange", "locked"})
        if (body.find(word) != body.npos) return true;
    return false;
}

Result<incidents::Page> read_page(std::string_view body) {
    const auto document = parsed(body, "the incidents");
    if (!document) return tl::unexpected(document.error());
    const auto* const list = document->is_object() ? array_of(*document, "incidents") : nullptr;
    if (list == nullptr) return senseless("no list of incidents");
    if (list->size() > most_entries) return senseless("more incidents than were asked for");
    incidents::Page page;
    page.read = list->size();
    for (const auto& entry : *list)
        if (auto incident = incident_of(entry)) page.incidents.push_back(std::move(*incident));
    page.total = number_of(document->get_object(), "totalItems").value_or(0);
    return page;
}

Result<incidents::Incident> read_incident(std::string_view body) {
    const auto document = parsed(body, "the incident");
    if (!document) return tl::unexpected(document.error());
    auto incident = incident_of(*document);
    if (!incident) return senseless("an incident without id or status");
    return std::move(*incident);
}

Result<std::vector<incidents::IncidentEvent>> read_events(std::string_view body) {
    const auto document = parsed(body, "the events");
    if (!document) return tl::unexpected(document.error());
    const auto* const list = array_of(*document, "events");
    if (list == nullptr) return senseless("no list of events");
    std::vector<incidents::IncidentEvent> events;
    for (const auto& entry : *list) {
        if (!entry.is_object()) continue;
        const auto at = time_of(entry.get_object(), "date");
        events.push_back({at ? to_iso8601(*at) : "-", text_of(entry.get_object(), "description")});
    }
    return events;
}

Result<std::int64_t> read_count(std::string_view body) {
    const auto document = parsed(body, "the count");
    if (!document) return tl::unexpected(document.error());
    const auto count = document->is_object() ? number_of(document->get_object(), "count") : std::nullopt;
    if (!count) return senseless("no count");
    return std::max<std::int64_t>(*count, 0);
}

Result<std::vector<incidents::Transition>> read_history(std::string_view body) {
    const auto document = parsed(body, "the transitions");
    if (!document) return tl::unexpected(document.error());
    const auto* const list = array_of(*document, "transitions");
    if (list == nullptr) return senseless("no list of transitions");
    struct Dated {
        Time at;
        incidents::Transition transition;
    };
    std::vector<Dated> all;
    for (const auto& entry : *list) {
        if (!entry.is_object()) continue;
        const auto& from = entry.get_object();
        all.push_back(
            {time_of(from, "timestamp").value_or(Time{}),
             {text_of(from, "nextStatus"), person_of(from, "changedBy"), text_of(from, "comment")}});
    }
    std::stable_sort(all.begin(), all.end(), [](const Dated& a, const Dated& b) { return a.at < b.at; });
    std::vector<incidents::Transition> history;
    for (auto& one : all)
        history.push_back(std::move(one.transition));
    return history;
}

std::string read_refusal(std::string_view body) {
    const auto document = json::parse(body, "the refusal");
    if (!document || !document->is_object()) return {};
    for (const auto* name : {"message", "error_description", "error", "title"})
        if (auto text = text_of(document->get_object(), name, 200); !text.empty()) return text;
    return {};
}

}  // namespace garita::maxpatrol::wire
