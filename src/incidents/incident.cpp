#include "incidents/incident.hpp"

namespace garita::incidents {
namespace {

constexpr std::size_t longest_fact = 1000;
constexpr std::string_view event_prefix = "event_";

/// At most so many bytes, cut at the edge of a character.
std::string cut(std::string text) {
    if (text.size() <= longest_fact) return text;
    std::size_t end = longest_fact;
    while (end > 0 && (static_cast<unsigned char>(text[end]) & 0xC0U) == 0x80U)
        --end;
    text.resize(end);
    return text + "…";
}

void put(Facts& facts, std::string_view name, const std::string& value) {
    const auto there = facts.find(name);
    if (there != facts.end()) facts.erase(there);
    if (!value.empty()) facts.emplace(name, cut(value));
}

/// "event_01", so that ten comes after nine.
std::string event_name(std::size_t index) {
    const auto number = std::to_string(index + 1);
    return std::string(event_prefix) + (number.size() < 2 ? "0" : "") + number;
}

void put_events(Facts& facts, const IncidentEvents& events) {
    std::erase_if(facts, [](const auto& fact) { return fact.first.starts_with(event_prefix); });
    facts.insert_or_assign("events", std::to_string(events.total));
    for (std::size_t i = 0; i < events.first.size(); ++i)
        facts.emplace(event_name(i), cut(events.first[i].at + ' ' + events.first[i].description));
}

}  // namespace

Severity severity_of(const Incident& incident) {
    if (incident.severity == "High") return Severity::critical;
    return incident.severity == "Low" ? Severity::info : Severity::warning;
}

void bring_up_to_date(Facts& facts, const Incident& incident, const std::optional<IncidentEvents>& events) {
    put(facts, "name", incident.name);
    put(facts, "type", incident.type);
    put(facts, "assigned", incident.assigned);
    put(facts, incident_status_fact, incident.status);
    if (events) put_events(facts, *events);
}

Facts facts_of(const Incident& incident, const std::optional<IncidentEvents>& events,
               const std::string& link) {
    Facts facts;
    put(facts, "key", incident.key.empty() ? incident.id : incident.key);
    put(facts, "created", to_iso8601(incident.created));
    put(facts, "link", link);
    bring_up_to_date(facts, incident, events);
    return facts;
}

}  // namespace garita::incidents
