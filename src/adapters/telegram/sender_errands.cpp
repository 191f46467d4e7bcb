// Requests to be let in go to the administrators, and every copy shows what became of them. A request is in
// the store before it is sent, and stays there until Telegram has given the message an id: one that went into
// a crash comes twice, with the same buttons.
#include <algorithm>

#include "adapters/telegram/admission_text.hpp"
#include "adapters/telegram/sender.hpp"
#include "adapters/telegram/ticket.hpp"
#include "decide/people.hpp"
#include "runtime/outbox/back_off.hpp"

namespace garita::telegram {

namespace {

using namespace std::chrono_literals;
using ErrandKind = Roster::Errand::Kind;

constexpr Duration longest_hold = 10min;

/// In the language of the person, or the hub's.
std::string language_for(const Settings& settings, std::int64_t administrator) {
    for (const auto& person : settings.people)
        if (person.telegram_id == administrator && !person.language.empty()) return person.language;
    return settings.language;
}

std::string about_administrator(std::int64_t id) {
    return "administrator " + std::to_string(id);
}

}  // namespace

/// What somebody else has settled meanwhile is no trouble any more.
void Sender::forget_settled(const std::vector<Roster::Errand>& errands) {
    for (auto held = held_.begin(); held != held_.end();) {
        const auto [chat, admin] = held->first;
        const bool stays = std::any_of(
            errands.begin(), errands.end(),
            [&, c = chat, a = admin](auto& errand) { return errand.guest.chat == c && errand.admin == a; });
        if (!stays) health_.well(about_administrator(admin));
        held = stays ? std::next(held) : held_.erase(held);
    }
}

Result<bool> Sender::run_errands(Time now) {
    const auto errands = chats_.errands();
    forget_settled(errands);
    for (const auto& errand : errands) {
        const auto held = held_.find({errand.guest.chat, errand.admin});
        if (held != held_.end() && held->second.until > now) {
            next_look_ = std::min(next_look_, held->second.until - now);
            continue;
        }
        const auto to = errand.kind == ErrandKind::welcome ? errand.guest.chat : errand.admin;
        const auto kind = errand.kind == ErrandKind::show ? Pace::Kind::urgent_edit : Pace::Kind::question;
        if (!may_go(to, kind, now)) continue;
        pace_.spoke(to, kind, now);
        auto done = errand.kind == ErrandKind::ask    ? ask_administrator(errand, now)
                    : errand.kind == ErrandKind::show ? show_outcome(errand, now)
                                                      : welcome(errand, now);
        if (!done) return tl::unexpected(std::move(done.error()));
        return true;
    }
    return false;
}

Result<void> Sender::ask_administrator(const Roster::Errand& errand, Time now) {
    std::optional<Guest> asked;
    auto begun = chats_.change(store_, [&](store::Transaction&, Roster& roster) -> Result<void> {
        asked.reset();
        auto* guest = roster.find(errand.guest.chat);
        if (guest == nullptr || guest->standing != Standing::waiting) return {};
        if (guest->notice_for(errand.admin) == nullptr)
            guest->notices.push_back(
                {errand.admin, 0, 0, {random_ticket(), random_ticket(), random_ticket()}});
        asked = *guest;
        return {};
    });
    if (!begun || !asked) return begun;
    const auto reader = voice_.reader(language_for(settings_, errand.admin));
    const auto sent = api_.send({errand.admin, std::nullopt}, request_text(*asked, reader),
                                request_keyboard(*asked, *asked->notice_for(errand.admin), reader));
    if (!sent) return errand_failed(errand, errand.admin, sent.error(), now);
    health_.sent(now);
    health_.well(about_administrator(errand.admin));
    return note_shown(errand, *sent);
}

Result<void> Sender::show_outcome(const Roster::Errand& errand, Time now) {
    auto guest = errand.guest;
    const auto* notice = guest.notice_for(errand.admin);
    if (notice == nullptr) return {};
    const auto reader = voice_.reader(language_for(settings_, errand.admin));
    const auto shown = api_.edit(errand.admin, notice->message, request_text(guest, reader),
                                 request_keyboard(guest, *notice, reader));
    const bool hopeless =
        !shown && (shown.error().kind == ApiError::Kind::message_gone ||
                   shown.error().kind == ApiError::Kind::refused ||
                   shown.error().kind == ApiError::Kind::chat_gone);  // nobody looks at it any more
    if (!shown && !hopeless) return errand_failed(errand, errand.admin, shown.error(), now);
    health_.sent(now);
    return note_shown(errand, notice->message);
}

Result<void> Sender::welcome(const Roster::Errand& errand, Time now) {
    const auto chat = errand.guest.chat;
    const auto reader = chats_.reader_of(chat, voice_);
    const auto sent = api_.send({chat, std::nullopt}, {reader.text("telegram.request_opened"), 0}, {});
    if (!sent && sent.error().kind != ApiError::Kind::refused &&
        sent.error().kind != ApiError::Kind::chat_gone)
        return errand_failed(errand, chat, sent.error(), now);
    if (sent) health_.sent(now);
    auto told = chats_.change(store_, [&](store::Transaction&, Roster& roster) -> Result<void> {
        if (auto* guest = roster.find(chat)) guest->untold = false;
        return {};
    });
    if (!told || sent) return told;
    return heed({chat, std::nullopt}, sent.error(), now);
}

Result<void> Sender::note_shown(const Roster::Errand& errand, std::int64_t message) {
    held_.erase({errand.guest.chat, errand.admin});
    return chats_.change(store_, [&](store::Transaction&, Roster& roster) -> Result<void> {
        auto* guest = roster.find(errand.guest.chat);
        auto* notice = guest == nullptr ? nullptr : guest->notice_for(errand.admin);
        if (notice == nullptr) return {};
        notice->message = message;
        notice->shown = errand.guest.revision;  // what was said meanwhile is shown by an edit
        return {};
    });
}

Result<void> Sender::errand_failed(const Roster::Errand& errand, std::int64_t to, const ApiError& error,
                                   Time now) {
    log_.warning("telegram did not take what is said about a chat",
                 {{"about", errand.guest.chat}, {"to", to}, {"answer", error.text}});
    if (held_.size() > 10'000) held_.clear();
    auto& held = held_[{errand.guest.chat, errand.admin}];
    held.until = now + runtime::back_off(3s, held.failures++, longest_hold);
    if (error.kind == ApiError::Kind::slow_down) held.until = now + error.retry_after;
    next_look_ = std::min(next_look_, held.until - now);
    if (error.kind != ApiError::Kind::chat_gone) return heed({to, std::nullopt}, error, now);
    report(about_administrator(errand.admin),
           "cannot be asked whether a chat may be let in; this person has to open the chat with the bot: " +
               error.text);
    return {};
}

}  // namespace garita::telegram
