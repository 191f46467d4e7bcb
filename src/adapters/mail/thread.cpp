#include "adapters/mail/thread.hpp"

#include <algorithm>
#include <array>
#include <charconv>
#include <stdexcept>
#include <utility>

#include <sodium.h>

#include "store/kept_key.hpp"

namespace garita::mail {

namespace {

constexpr std::string_view key_name = "mail.letter_key";

constexpr std::array<std::pair<Stage, std::string_view>, 6> stage_words = {{{Stage::none, "none"},
                                                                            {Stage::withheld, "withheld"},
                                                                            {Stage::asked, "asked"},
                                                                            {Stage::decided, "decided"},
                                                                            {Stage::over, "over"},
                                                                            {Stage::ended, "ended"}}};

std::string_view word_of(Stage stage) {
    for (const auto& [one, word] : stage_words)
        if (one == stage) return word;
    return "none";
}

std::string_view take_word(std::string_view& rest) {
    const auto end = std::min(rest.find(' '), rest.size());
    const auto word = rest.substr(0, end);
    rest.remove_prefix(std::min(end + 1, rest.size()));
    return word;
}

std::string hex(const unsigned char* bytes, std::size_t size) {
    std::string text(size * 2 + 1, '\0');
    sodium_bin2hex(text.data(), text.size(), bytes, size);
    text.pop_back();  // the terminating zero
    return text;
}

bool contains(const std::vector<std::string>& all, const std::string& one) {
    return all.empty() || std::find(all.begin(), all.end(), one) != all.end();
}

bool waits_for_confirmation(const Case& about) {
    return about.provisional && about.provisional->state == Provisional::State::waiting;
}

Wish wish_of_open(const Case& about, const Told& told, const Recipient& recipient) {
    const bool news = told.stage == Stage::none || told.stage == Stage::withheld ||
                      (told.stage == Stage::asked && about.severity > told.severity);
    if (!news) return {};
    if (recipient.wants(about)) return {Wish::Kind::letter, Stage::asked, {}};
    return told.stage == Stage::none ? Wish{Wish::Kind::withhold, Stage::withheld, {}} : Wish{};
}

}  // namespace

bool Recipient::wants(const Case& about) const {
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

Wish wish(const Case& about, const Told& told, const Recipient& recipient, Time now) {
    if (about.state == CaseState::open) return wish_of_open(about, told, recipient);
    if (told.stage == Stage::ended || told.stage == Stage::withheld) return {};
    const bool has_ended = about.facts.contains("over");
    if (told.stage == Stage::over) return has_ended ? Wish{Wish::Kind::letter, Stage::ended, {}} : Wish{};
    if (told.stage == Stage::none && !recipient.wants(about))
        return {Wish::Kind::withhold, Stage::withheld, {}};
    if (has_ended) return {Wish::Kind::letter, Stage::ended, {}};
    if (about.state != CaseState::decided) return {Wish::Kind::letter, Stage::over, {}};
    if (told.stage == Stage::decided) return {};
    const auto due = about.decision ? about.decision->at + settling : now;
    if (waits_for_confirmation(about) || due <= now) return {Wish::Kind::letter, Stage::decided, {}};
    return {Wish::Kind::later, Stage::decided, std::min(settling, due - now)};
}

Result<LetterIds> LetterIds::open(store::Store& store, std::string_view from) {
    if (sodium_init() < 0) throw std::runtime_error("libsodium cannot be started");
    return store::kept_key(store, key_name).map([&](std::string key) {
        return LetterIds(std::move(key), std::string(from.substr(from.find('@') + 1)));
    });
}

std::string LetterIds::name(const std::string& what, std::string_view to) const {
    const std::string meaning = what + ' ' + std::string(to);
    std::array<unsigned char, 16> hash{};
    crypto_generichash(hash.data(), hash.size(), reinterpret_cast<const unsigned char*>(meaning.data()),
                       meaning.size(), reinterpret_cast<const unsigned char*>(key_.data()), key_.size());
    return what + '.' + hex(hash.data(), hash.size()) + '@' + domain_;
}

std::string LetterIds::root(CaseId about, std::string_view to) const {
    return name("case-" + std::to_string(about.value), to);
}

std::string LetterIds::next(const Case& about, const Told& told, Stage stage, std::string_view to) const {
    if (stage == Stage::asked && told.stage != Stage::asked) return root(about.id, to);
    const auto word = stage == Stage::asked ? to_text(about.severity) : word_of(stage);
    return name("case-" + std::to_string(about.id.value) + '-' + std::string(word), to);
}

std::string LetterIds::digest(std::int64_t number, std::string_view to) const {
    return name("digest-" + std::to_string(number), to);
}

}  // namespace garita::mail
