#include "decide/telling.hpp"

#include <algorithm>
#include <array>
#include <charconv>
#include <utility>

#include "decide/foreign_text.hpp"

namespace garita::decide {

namespace {

constexpr std::array<std::pair<Stage, std::string_view>, 6> stage_words = {{{Stage::none, "none"},
                                                                            {Stage::withheld, "withheld"},
                                                                            {Stage::asked, "asked"},
                                                                            {Stage::decided, "decided"},
                                                                            {Stage::over, "over"},
                                                                            {Stage::ended, "ended"}}};

std::string_view take_word(std::string_view& rest) {
    const auto end = std::min(rest.find(' '), rest.size());
    const auto word = rest.substr(0, end);
    rest.remove_prefix(std::min(end + 1, rest.size()));
    return word;
}

bool contains(const std::vector<std::string>& all, const std::string& one) {
    return all.empty() || std::find(all.begin(), all.end(), one) != all.end();
}

bool waits_for_confirmation(const Case& about) {
    return about.provisional && about.provisional->state == Provisional::State::waiting;
}

bool is_worse(const Case& about, const Told& told) {
    return told.stage == Stage::asked && about.severity > told.severity;
}

/// It has been told, and somebody took it on, whose time is over.
bool has_lapsed(const Case& about, const Told& told, Time now) {
    const auto lapse = lapse_to_tell(about, now);
    return told.stage == Stage::asked && lapse && told.lapse < to_micros(*lapse);
}

Wish wish_of_open(const Case& about, const Told& told, const Audience& audience, Time now) {
    const bool fresh = told.stage == Stage::none || told.stage == Stage::withheld;
    if (!fresh && !is_worse(about, told) && !has_lapsed(about, told, now)) return {};
    const auto quietly = told.stage == Stage::none ? Wish{Wish::Kind::withhold, Stage::withheld, {}} : Wish{};
    if (!audience.wants(about)) return quietly;
    const auto turn = turn_of(about, audience.step, audience.quiet, now);
    if (turn.kind == Turn::Kind::now) return {Wish::Kind::letter, Stage::asked, {}};
    if (turn.kind != Turn::Kind::not_before) return quietly;
    return {Wish::Kind::hold, fresh ? Stage::withheld : told.stage, turn.at - now};
}

/// Of a case that is open no more.
Wish wish_of_answered(const Case& about, const Told& told, const Audience& audience, Duration settling,
                      Time now) {
    if (told.stage == Stage::ended || told.stage == Stage::withheld) return {};
    const bool has_ended = about.facts.contains("over");
    if (told.stage == Stage::over) return has_ended ? Wish{Wish::Kind::letter, Stage::ended, {}} : Wish{};
    const bool wanted = audience.wants(about) && !comes_late(about, audience.step, audience.quiet);
    if (told.stage == Stage::none && !wanted) return {Wish::Kind::withhold, Stage::withheld, {}};
    if (has_ended) return {Wish::Kind::letter, Stage::ended, {}};
    if (about.state != CaseState::decided) return {Wish::Kind::letter, Stage::over, {}};
    if (told.stage == Stage::decided) return {};
    const bool at_once = settling == Duration{0} || waits_for_confirmation(about);
    const auto due = about.decision ? about.decision->at + settling : now;
    if (at_once || due <= now) return {Wish::Kind::letter, Stage::decided, {}};
    return {Wish::Kind::later, Stage::decided, std::min(settling, due - now)};
}

}  // namespace

std::string_view word_of(Stage stage) {
    for (const auto& [one, word] : stage_words)
        if (one == stage) return word;
    return "none";
}

bool Audience::wants(const Case& about) const {
    return about.severity >= least && contains(kinds, about.kind) && contains(devices, about.device);
}

std::string to_text(const Told& told) {
    const auto lapse = told.lapse > 0 ? ':' + std::to_string(told.lapse) : std::string();
    return std::string(word_of(told.stage)) + lapse + ' ' + std::string(to_text(told.severity)) + ' ' +
           std::to_string(told.digest) + ' ' + told.subject;
}

Told parse_told(std::string_view text) {
    Told told;
    auto stage = take_word(text);
    if (const auto colon = stage.find(':'); colon != stage.npos) {
        const auto lapse = stage.substr(colon + 1);
        std::from_chars(lapse.data(), lapse.data() + lapse.size(), told.lapse);
        stage = stage.substr(0, colon);
    }
    for (const auto& [one, word] : stage_words)
        if (word == stage) told.stage = one;
    told.severity = parse_severity(take_word(text)).value_or(Severity::info);
    const auto digest = take_word(text);
    std::from_chars(digest.data(), digest.data() + digest.size(), told.digest);
    told.subject = text;
    return told;
}

Wish wish(const Case& about, const Told& told, const Audience& audience, Duration settling, Time now) {
    if (about.state == CaseState::open) return wish_of_open(about, told, audience, now);
    const auto wanted = wish_of_answered(about, told, audience, settling, now);
    const bool speaks = wanted.kind == Wish::Kind::letter || wanted.kind == Wish::Kind::later;
    if (!speaks || !audience.quiet.hold(about.severity, now)) return wanted;
    return {Wish::Kind::hold, told.stage, audience.quiet.end_after(now).value_or(now) - now};
}

Told told_after(const Case& about, const Told& before, Stage stage, Time now) {
    const auto lapse = lapse_to_tell(about, now);
    return {stage, about.severity, before.digest, before.subject, lapse ? to_micros(*lapse) : before.lapse};
}

void hold_back(Message& row, const Case& about, const Told& told, const Wish& wish, Time now) {
    if (told.stage == Stage::none) row.external_id = to_text(Told{Stage::withheld, about.severity, 0, {}, 0});
    row.next_try = now + wish.in;
    row.last_error = held_back;
    row.sending_since.reset();
}

std::string stage_line(const Case& about, const Told& told, Stage stage, const Reader& reader) {
    if (stage == Stage::ended) return reader.text("mail.ended");
    if (stage == Stage::over) return reader.text("mail.over");
    if (stage == Stage::decided) return reader.text("mail.decided");
    const auto& taken = about.duty.taken;
    if (taken && taken->over && told.lapse < to_micros(taken->until) && !is_worse(about, told))
        return reader.text("on_call.nobody_any_more", {{"who", clean_line(taken->by.name, 64)}});
    if (told.stage != Stage::asked && about.duty.step > 0)
        return reader.text("on_call.unanswered", {{"span", unanswered_for(about, reader)}});
    if (told.stage == Stage::asked)
        return reader.text("mail.escalated",
                           {{"severity", reader.text("severity." + std::string(to_text(about.severity)))}});
    return reader.text("mail.asked");
}

}  // namespace garita::decide
