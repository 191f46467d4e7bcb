#include "decide/incident_text.hpp"

#include <charconv>

#include "decide/foreign_text.hpp"
#include "model/incident.hpp"

namespace garita::decide {
namespace {

constexpr std::string_view event_prefix = "event_";

std::string fact_of(const Case& about, std::string_view name) {
    const auto found = about.facts.find(name);
    return found == about.facts.end() ? std::string() : clean_line(found->second);
}

/// A time that was kept as text, for this reader; as it is where it is none.
std::string time_of(const std::string& kept, const Reader& reader) {
    const auto at = parse_utc(kept);
    return at ? reader.time(*at) : kept;
}

std::string status_text(const Case& about, const Reader& reader) {
    const auto word = fact_of(about, incident_status_fact);
    if (word.empty()) return word;
    auto text = parse_incident_status(word) ? reader.text("incident." + word) : word;
    const auto by = fact_of(about, "moved_by");
    return by.empty() ? text : text + " (" + by + ')';
}

void add_events(CaseText& text, const Case& about, const Reader& reader) {
    const auto told = fact_of(about, "events");
    if (told.empty()) return;
    std::int64_t total = 0;
    std::from_chars(told.data(), told.data() + told.size(), total);
    std::int64_t shown = 0;
    text.facts.emplace_back(reader.text("fact.events"), told);
    for (const auto& [name, value] : about.facts) {
        if (!name.starts_with(event_prefix)) continue;
        ++shown;
        const auto line = clean_line(value);
        const auto blank = line.find(' ');
        if (blank == line.npos)
            text.facts.emplace_back("-", line);
        else
            text.facts.emplace_back(time_of(line.substr(0, blank), reader), line.substr(blank + 1));
    }
    if (total > shown)
        text.facts.emplace_back(
            "…", reader.text("incident.more_events", {{"count", std::to_string(total - shown)}}));
}

}  // namespace

void add_incident_facts(CaseText& text, const Case& about, const Reader& reader) {
    const auto add = [&](std::string_view label, std::string value) {
        if (!value.empty()) text.facts.emplace_back(reader.text(label), std::move(value));
    };
    add("label.time", time_of(fact_of(about, "created"), reader));
    add("label.severity", reader.text("severity." + std::string(to_text(about.severity))));
    add("fact.type", fact_of(about, "type"));
    add("fact.incident_status", status_text(about, reader));
    add("fact.assigned", fact_of(about, "assigned"));
    add("fact.link", fact_of(about, "link"));
    add("label.host", clean_line(about.device, 128));
    add("fact.refreshed", time_of(fact_of(about, "refreshed"), reader));
    add_events(text, about, reader);
}

}  // namespace garita::decide
