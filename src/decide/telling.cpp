#include "decide/telling.hpp"

#include <algorithm>
#include <array>
#include <charconv>
#include <utility>

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

Wish wish_of_open(const Case& about, const Told& told, const Audience& audience) {
    const bool news = told.stage == Stage::none || told.stage == Stage::withheld ||
                      (told.stage == Stage::asked && about.severity > told.severity);
    if (!news) return {};
    if (audience.wants(about)) return {Wish::Kind::letter, Stage::asked, {}};
    return told.stage == Stage::none ? Wish{Wish::Kind::withhold, Stage::withheld, {}} : Wish{};
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
    return std::string(word_of(told.stage)) + ' ' + std::string(to_text(told.severity)) + ' ' +
           std::to_string(told.digest) + ' ' + told.subject;
}

Told parse_told(std::string_view text) {
    Told told;
    const auto stage = take_word(text);
    for (const auto& [one, word] : stage_words)
        if (word == stage) told.stage = one;
    told.severity = parse_severity(take_word(text)).value_or(Severity::info);
    const auto digest = take_word(text);
    std::from_chars(digest.data(), digest.data() + digest.size(), told.digest);
    told.subject = text;
    return told;
}

Wish wish(const Case& about, const Told& told, const Audience& audience, Duration settling, Time now) {
    if (about.state == CaseState::open) return wish_of_open(about, told, audience);
    if (told.stage == Stage::ended || told.stage == Stage::withheld) return {};
    const bool has_ended = about.facts.contains("over");
    if (told.stage == Stage::over) return has_ended ? Wish{Wish::Kind::letter, Stage::ended, {}} : Wish{};
    if (told.stage == Stage::none && !audience.wants(about))
        return {Wish::Kind::withhold, Stage::withheld, {}};
    if (has_ended) return {Wish::Kind::letter, Stage::ended, {}};
    if (about.state != CaseState::decided) return {Wish::Kind::letter, Stage::over, {}};
    if (told.stage == Stage::decided) return {};
    const bool at_once = settling == Duration{0} || waits_for_confirmation(about);
    const auto due = about.decision ? about.decision->at + settling : now;
    if (at_once || due <= now) return {Wish::Kind::letter, Stage::decided, {}};
    return {Wish::Kind::later, Stage::decided, std::min(settling, due - now)};
}

std::string stage_line(const Case& about, const Told& told, Stage stage, const Reader& reader) {
    if (stage == Stage::ended) return reader.text("mail.ended");
    if (stage == Stage::over) return reader.text("mail.over");
    if (stage == Stage::decided) return reader.text("mail.decided");
    if (told.stage == Stage::asked)
        return reader.text("mail.escalated",
                           {{"severity", reader.text("severity." + std::string(to_text(about.severity)))}});
    return reader.text("mail.asked");
}

}  // namespace garita::decide
