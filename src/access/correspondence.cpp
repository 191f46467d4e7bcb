#include "access/correspondence.hpp"

#include <algorithm>
#include <cstdlib>

#include "access/record.hpp"

namespace garita::access {

namespace {

constexpr Duration hour = std::chrono::hours{1};

std::string zone_text(std::chrono::seconds offset) {
    const auto minutes = std::abs(offset.count()) / 60;
    std::string text = offset.count() < 0 ? "UTC-" : "UTC+";
    if (minutes == 0) return "UTC";
    text += std::to_string(minutes / 60);
    if (const auto rest = minutes % 60; rest != 0) text += (rest < 10 ? ":0" : ":") + std::to_string(rest);
    return text;
}

}  // namespace

std::string Correspondence::language_of(std::string_view mail) const {
    const auto& notify = addressees_.notify;
    const auto& people = addressees_.people;
    const auto person = std::find_if(people.begin(), people.end(), [&](const Person& one) {
        return std::find(one.mail.begin(), one.mail.end(), mail) != one.mail.end();
    });
    if (person != people.end()) return person->language;
    return std::find(notify.begin(), notify.end(), mail) == notify.end() ? "" : addressees_.language;
}

bool Correspondence::hears_of(const AccessRequest& request, std::string_view mail) const {
    const auto& notify = addressees_.notify;
    return request.reply_to == mail || std::find(notify.begin(), notify.end(), mail) != notify.end();
}

std::string Correspondence::time_text(Time at) const {
    const auto text = local_time_text(at, clock());
    const auto offset = clock() == nullptr ? std::chrono::seconds{0} : clock()->offset(at);
    constexpr std::size_t to_the_minute = 16;
    return text.substr(0, to_the_minute) + " (" + zone_text(offset) + ')';
}

Facts Correspondence::facts_of(const AccessRequest& request) const {
    return {{"id", request.tracking()},     {"mac", request.mac.text()},
            {"approver", request.approver}, {"switch", request.switch_name},
            {"port", request.port},         {"deadline", time_text(request.deadline)}};
}

void Correspondence::write(store::Transaction& transaction, const Addressee& to, std::string_view about,
                           const LetterText& text, Time now) const {
    if (to.mail.empty()) return;
    QueuedLetter letter;
    letter.to = to.mail;
    letter.language = to.language.empty() ? language_of(to.mail) : to.language;
    letter.words = text.words;
    letter.facts = text.facts;
    letter.appended = text.appended;
    letter.about = about;
    letter.answers = to.letter;
    letter.created_at = now;
    (void)book_.add(transaction, letter);
}

void Correspondence::answer(store::Transaction& transaction, const Addressee& to, std::string_view about,
                            const LetterText& text, Time now) const {
    if (to.mail.empty()) return;
    if (book_.queued_since(transaction, to.mail, now - hour) >= addressees_.most_an_hour) return;
    write(transaction, to, about, text, now);
}

void Correspondence::tell(store::Transaction& transaction, const AccessRequest& about, const LetterText& text,
                          Time now) const {
    const auto object = "access " + about.tracking();
    write(transaction, {about.reply_to, {}, about.letter}, object, text, now);
    for (const auto& mail : addressees_.notify)
        if (mail != about.reply_to) write(transaction, {mail}, object, text, now);
}

void Correspondence::notify(store::Transaction& transaction, std::string_view about, const LetterText& text,
                            Time now) const {
    for (const auto& mail : addressees_.notify)
        write(transaction, {mail, addressees_.language}, about, text, now);
}

}  // namespace garita::access
