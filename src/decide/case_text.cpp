#include "decide/case_text.hpp"

#include <algorithm>
#include <array>

#include "decide/foreign_text.hpp"
#include "decide/incident_text.hpp"
#include "decide/standing.hpp"
#include "model/incident.hpp"

namespace garita::decide {

namespace {

constexpr std::size_t max_failures = 10;
constexpr std::size_t max_facts = 40;

/// Facts that are told first, in this order; what a source adds beside them follows by name.
constexpr std::array<std::string_view, 16> known_facts = {
    "user",   "address",  "port",         "peer_port", "method", "key", "ended",  "count",
    "window", "statuses", "last_address", "pattern",   "path",   "log", "sample", "top"};
/// What serves the machine, or is told in another way: processes, the log's own times, how it was found out.
/// Of our own detectors only: what another source calls so, it wants to tell.
constexpr std::array<std::string_view, 10> silent_facts = {
    "pid", "start_ticks", "local_port", "first", "last", "evidence", "host", "filter", "usage", "change"};

template <std::size_t size>
bool is_one_of(const std::array<std::string_view, size>& names, std::string_view name) {
    return std::find(names.begin(), names.end(), name) != names.end();
}

std::string number(std::int64_t value) {
    return std::to_string(value);
}

/// The catalogue's text, or nothing where it has none under this key.
std::string text_if_known(const Reader& reader, const std::string& key, const Facts& facts = {}) {
    auto text = reader.text(key, facts);
    return text == key ? std::string() : text;
}

std::string fact_label(const std::string& name, const Reader& reader) {
    auto label = text_if_known(reader, "fact." + name);
    return label.empty() ? clean_line(name, 64) : label;
}

Facts cleaned(const Case& about) {
    Facts facts;
    for (const auto& [name, value] : about.facts)
        facts.emplace(name, clean_line(value));
    facts.try_emplace("address", about.address ? about.address->text() : clean_line(about.subject));
    facts.try_emplace("count", number(about.alert_count));
    facts["kind"] = clean_line(about.kind, 64);
    facts["subject"] = clean_line(about.subject);
    return facts;
}

void add_facts(CaseText& text, const Case& about, const Reader& reader) {
    if (about.kind == incident_kind) return add_incident_facts(text, about, reader);
    const auto add = [&](std::string label, std::string value) {
        if (!value.empty()) text.facts.emplace_back(std::move(label), std::move(value));
    };
    add(reader.text("label.host"), clean_line(about.device, 128));
    add(reader.text("label.severity"), reader.text("severity." + std::string(to_text(about.severity))));
    add(reader.text("label.time"), reader.time(about.opened_at));
    for (const auto name : known_facts) {
        const auto fact = about.facts.find(name);
        if (fact != about.facts.end())
            add(fact_label(fact->first, reader), clean_line(fact->second));
        else if (name == "address" && about.address)
            add(reader.text("fact.address"), about.address->text());
    }
    const bool of_our_own = !text_if_known(reader, "title." + about.kind).empty();
    std::size_t others = 0;
    for (const auto& [name, value] : about.facts) {
        if (is_one_of(known_facts, name) || (of_our_own && is_one_of(silent_facts, name))) continue;
        if (++others > max_facts) break;
        add(fact_label(name, reader), clean_line(value));
    }
    if (about.alert_count > 1) {
        add(reader.text("label.alerts"), number(about.alert_count));
        add(reader.text("label.last_alert"), reader.time(about.last_alert_at));
    }
}

std::string open_line(const Case& about, const Reader& reader) {
    if (!about.expires_at) return reader.text("state.open");
    auto silence = response_label(about.on_silence, reader);
    if (about.on_silence == Response::block && about.on_silence_lasts)
        silence += " (" +
                   format_span(std::chrono::duration_cast<std::chrono::seconds>(*about.on_silence_lasts)) +
                   ")";
    return reader.text("state.open_until", {{"time", reader.time(*about.expires_at)}, {"response", silence}});
}

/// Who takes care of it, or that nobody does any more; that further people were told.
void add_duty(CaseText& text, const Case& about, const Reader& reader) {
    const auto& duty = about.duty;
    if (duty.step > 0)
        text.outcome.push_back(reader.text("on_call.escalated", {{"span", unanswered_for(about, reader)},
                                                                 {"time", reader.time(duty.reached_at)}}));
    if (!duty.taken) return;
    text.outcome.push_back(reader.text(
        duty.taken->over ? "on_call.over" : "on_call.taken",
        {{"who", clean_line(duty.taken->by.name, 64)}, {"time", reader.time(duty.taken->until)}}));
}

std::string names_of(const Proposal& proposal) {
    std::string names;
    for (const auto& agreement : proposal.by)
        names += (names.empty() ? "" : ", ") + clean_line(agreement.by.text(), 64);
    return names;
}

/// "ana (telegram) proposes: Reboot; 1 more must agree"
void add_proposal(CaseText& text, const Proposal& proposal, const Reader& reader) {
    const auto missing = proposal.needed - static_cast<int>(proposal.by.size());
    text.outcome.push_back(
        reader.text("state.proposed", {{"who", names_of(proposal)},
                                       {"response", response_label(proposal.response, reader)},
                                       {"count", number(missing)}}));
}

void add_decision(CaseText& text, const Case& about, const Decision& decision, const Reader& reader) {
    text.outcome.push_back(
        reader.text("state.decided", {{"response", response_label(decision.response, reader)},
                                      {"who", clean_line(decision.by.text(), 128)},
                                      {"time", reader.time(decision.at)}}));
    if (decision.by.kind == Actor::Kind::policy && decision.by.channel == alone_channel)
        text.outcome.push_back(reader.text("state.decided_alone", {{"host", clean_line(about.device, 64)}}));
    if (about.proposal && about.proposal->response == decision.response)
        text.outcome.push_back(reader.text("state.proposed_by", {{"who", names_of(*about.proposal)}}));
    const bool lasting = !about.provisional || about.provisional->state == Provisional::State::confirmed;
    if (decision.response == Response::block && about.address && lasting)
        text.outcome.push_back(
            decision.lasts
                ? reader.text("state.until", {{"time", reader.time(decision.at + *decision.lasts)}})
                : reader.text("state.for_ever"));
    if (!decision.comment.empty())
        text.outcome.push_back(reader.text("label.line", {{"label", reader.text("label.comment")},
                                                          {"value", clean_line(decision.comment, 512)}}));
}

void add_provisional(CaseText& text, const Provisional& provisional, const Progress& progress,
                     const Reader& reader) {
    const bool refused = progress.wanted > 0 && progress.failed >= progress.wanted;
    switch (provisional.state) {
        case Provisional::State::waiting:
            if (refused) break;  // there is nothing to confirm
            text.outcome.push_back(
                reader.text("state.unconfirmed", {{"time", reader.time(provisional.until)}}));
            break;
        case Provisional::State::confirmed:
            if (provisional.confirmed_by)
                text.outcome.push_back(reader.text(
                    "state.confirmed", {{"who", clean_line(provisional.confirmed_by->text(), 128)}}));
            break;
        case Provisional::State::rolled_back:
            if (!provisional.in_force_since) break;
            text.outcome.push_back(reader.text("state.rolled_back"));
            break;
    }
}

void add_progress(CaseText& text, Response response, const Progress& progress, const Reader& reader) {
    const Facts counts = {{"done", number(progress.done)},
                          {"wanted", number(progress.wanted)},
                          {"failed", number(progress.failed)},
                          {"count", number(progress.connections_cut)}};
    if (progress.wanted > 0) {
        const bool settled = progress.done + progress.failed >= progress.wanted;
        const auto* key = !settled                      ? "progress.working"
                          : response == Response::block ? "progress.block"
                                                        : "progress.done";
        text.outcome.push_back(reader.text(key, counts));
    }
    if (progress.connections_cut > 0) text.outcome.push_back(reader.text("progress.cut", counts));
    if (progress.failed > 0 && progress.failures.empty())
        text.outcome.push_back(reader.text("progress.failed", counts));
    for (std::size_t i = 0; i < std::min(progress.failures.size(), max_failures); ++i)
        text.outcome.push_back(
            reader.text("progress.failure", {{"failure", clean_line(progress.failures[i], 300)}}));
    if (progress.failures.size() > max_failures)
        text.outcome.push_back(reader.text("progress.failed", counts));
}

}  // namespace

std::string Reader::time(Time at) const {
    return zone.date_and_time(at) + ' ' + zone.abbreviation(at);
}

std::string span_words(Duration span, const Reader& reader) {
    const auto seconds = std::chrono::duration_cast<std::chrono::seconds>(span).count();
    const auto part = [&](std::string_view key, std::int64_t count) {
        return reader.text(key, {{"count", number(count)}});
    };
    if (seconds < 60) return part("span.seconds", seconds);
    const auto minutes = seconds / 60;
    if (minutes < 60) return part("span.minutes", minutes);
    const auto hours = part("span.hours", minutes / 60);
    return minutes % 60 == 0 ? hours : hours + ' ' + part("span.minutes", minutes % 60);
}

std::string unanswered_for(const Case& about, const Reader& reader) {
    return span_words(about.duty.reached_at - about.opened_at, reader);
}

std::string response_label(Response response, const Reader& reader) {
    return reader.text("response." + std::string(to_text(response)));
}

std::string case_title(const Case& about, const Reader& reader) {
    const Facts facts = cleaned(about);
    auto title = text_if_known(reader, "title." + about.kind, facts);
    return title.empty() ? reader.text("title.other", facts) : title;
}

std::string case_line(const Case& about, const Reader& reader) {
    return reader.text("case.line",
                       {{"id", number(about.id.value)},
                        {"severity", reader.text("severity." + std::string(to_text(about.severity)))},
                        {"host", clean_line(about.device, 64)},
                        {"title", case_title(about, reader)}});
}

CaseText describe(const Case& about, const Progress& progress, const Reader& reader) {
    CaseText text;
    text.title = case_title(about, reader);
    add_facts(text, about, reader);
    switch (about.state) {
        case CaseState::open:
            if (about.proposal) add_proposal(text, *about.proposal, reader);
            add_duty(text, about, reader);
            text.outcome.push_back(open_line(about, reader));
            break;
        case CaseState::decided:
        case CaseState::closed:
            break;
        case CaseState::expired:
            text.outcome.push_back(reader.text("state.expired"));
            break;
        case CaseState::observed:
            text.outcome.push_back(reader.text("state.observed"));
            break;
    }
    if (about.decision) {
        add_decision(text, about, *about.decision, reader);
        if (about.provisional) add_provisional(text, *about.provisional, progress, reader);
        add_progress(text, about.decision->response, progress, reader);
    }
    return text;
}

std::string plain_text(const Case& about, const Progress& progress, const Reader& reader,
                       std::size_t max_units) {
    const CaseText text = describe(about, progress, reader);
    const std::string head =
        reader.text("case.number", {{"id", number(about.id.value)}, {"title", text.title}});
    std::string tail;
    for (const auto& line : text.outcome)
        tail += "\n" + line;
    if (!tail.empty()) tail.insert(0, "\n");

    const std::string cut_mark = "\n" + reader.text("text.cut");
    const std::size_t fixed = utf16_length(head) + utf16_length(tail) + utf16_length(cut_mark);
    std::string middle;
    std::size_t used = 0;
    for (const auto& [label, value] : text.facts) {
        const std::string line = "\n" + reader.text("label.line", {{"label", label}, {"value", value}});
        used += utf16_length(line);
        if (fixed + used > max_units) {
            middle += cut_mark;
            break;
        }
        middle += line;
    }
    return std::string(cut_utf16(head + middle + tail, max_units));
}

}  // namespace garita::decide
