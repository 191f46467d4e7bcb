#include "adapters/telegram/admission.hpp"

#include "adapters/telegram/admission_text.hpp"
#include "decide/foreign_text.hpp"

namespace garita::telegram {

namespace {

using namespace std::chrono_literals;

constexpr std::size_t longest_name = 64;
constexpr std::size_t longest_toast = 200;

std::string chat_object(std::int64_t chat) {
    return "chat " + std::to_string(chat);
}

std::string name_of(const User& user) {
    if (user.username.empty()) return user.name;
    return user.name + " @" + user.username;
}

}  // namespace

Admission::Admission(ChatBook& chats, Gatekeeper& gatekeeper, store::Store& store, const Settings& settings,
                     runtime::Log log)
    : chats_(chats),
      gatekeeper_(gatekeeper),
      store_(store),
      setting_(settings.admission),
      log_(std::move(log)) {}

std::optional<Roster::Asked> Admission::start(const TextMessage& message, Time now) {
    if (!message.is_private) return ask(message.chat, message.title, now);
    // the people of the configuration are known without asking
    const bool stranger = message.from && !message.from_chat && !Gatekeeper::is_nobody(*message.from) &&
                          !gatekeeper_.find(*message.from);
    return stranger ? ask(message.chat, name_of(*message.from), now) : std::nullopt;
}

void Admission::membership(const Membership& membership, Time now) {
    if (membership.present) {
        // whoever opens a private chat says /start there; what a banned person does is not asked about
        if (membership.chat < 0 && !gatekeeper_.is_unheard(membership.by, membership.chat))
            ask(membership.chat, membership.title, now);
        return;
    }
    const auto guest = chats_.guest(membership.chat);
    if (!guest || guest->standing != Standing::waiting) return;
    const auto stored = chats_.change(store_, [&](store::Transaction&, Roster& roster) -> Result<void> {
        roster.withdraw(membership.chat, now);
        return {};
    });
    if (!stored) log_.error("a withdrawn request could not be stored", {{"error", stored.error().text}});
}

std::optional<Roster::Asked> Admission::ask(std::int64_t chat, std::string_view name, Time now) {
    if (setting_ == Settings::Admission::off || chats_.administrators().empty()) return std::nullopt;
    if (chat == 0 || chats_.serves(chat)) return std::nullopt;
    auto asked = chats_.may_ask(chat, now);
    if (asked == Roster::Asked::full && (now >= told_full_ + 1h || now < told_full_)) {
        told_full_ = now;
        log_.warning("too many chats ask for messages: this one is not asked about", {{"chat", chat}});
    }
    if (asked != Roster::Asked::asked) return asked;
    const auto stored = chats_.change(store_, [&](store::Transaction&, Roster& roster) -> Result<void> {
        asked = roster.ask(chat, decide::clean_line(name, longest_name), now);
        return {};
    });
    if (!stored) {
        log_.error("a chat's request could not be stored", {{"chat", chat}, {"error", stored.error().text}});
        return std::nullopt;
    }
    log_.info("a chat asks for messages", {{"chat", chat}, {"name", name}});
    return asked;
}

std::optional<std::string> Admission::press(const Press& press, Time now) {
    const auto ticket = chats_.find_ticket(press.data);
    if (!ticket) return std::nullopt;
    if (gatekeeper_.is_unheard(press.from, press.chat)) return std::string();
    const auto object = chat_object(ticket->guest.chat);
    const auto person = gatekeeper_.find(press.from);
    const auto reader = gatekeeper_.reader_for(person, press.chat);
    std::string told;
    if (Gatekeeper::is_nobody(press.from)) {
        gatekeeper_.record_refusal(press.from, object, "an anonymous administrator, channel or bot", now);
        told = reader.text("telegram.anonymous");
    } else if (!person) {
        gatekeeper_.record_refusal(press.from, object, "not one of the configured people", now);
        told = reader.text("telegram.unknown_person", {{"id", std::to_string(press.from.id)}});
    } else if (person->role < Role::administrator) {
        gatekeeper_.record_refusal(press.from, object, "only an administrator lets chats in", now);
        told = reader.text("telegram.needs_administrator");
    } else if (press.chat && *press.chat != ticket->admin) {
        gatekeeper_.record_refusal(press.from, object, "the button was used in another chat", now);
        told = reader.text("telegram.bad_button");
    } else {
        told = pressed(*ticket, *person, reader, now);
    }
    return std::string(decide::cut_utf16(told, longest_toast));
}

std::string Admission::pressed(const Roster::Ticket& ticket, const Person& person,
                               const decide::Reader& reader, Time now) {
    const auto& guest = ticket.guest;
    if (guest.standing != Standing::waiting)
        return reader.text("telegram.request_decided", {{"standing", standing_text(guest, reader)}});
    switch (apply(ticket.verdict, guest.chat, person, now)) {
        case Ruling::done:
        case Ruling::already:
            return reader.text("telegram.accepted", {{"response", verdict_label(ticket.verdict, reader)}});
        case Ruling::full:
            return reader.text("telegram.list_full");
        case Ruling::administrator:
            return reader.text("telegram.ban_administrator", {{"chat", std::to_string(guest.chat)}});
        case Ruling::configured:
        case Ruling::unknown:
        case Ruling::not_stored:
            break;
    }
    return reader.text("telegram.not_stored");
}

Admission::Ruling Admission::apply(Standing verdict, std::int64_t chat, const Person& by, Time now) {
    if (verdict == Standing::allowed) return accept(chat, by, now);
    if (verdict == Standing::banned) return ban(chat, by, now);
    return rule(chat, Standing::ignored, "chat_ignored", by, now);
}

Admission::Ruling Admission::accept(std::int64_t chat, const Person& by, Time now) {
    if (chats_.serves(chat)) return Ruling::already;
    // a configured chat was kept out by a ban only
    const auto standing = chats_.is_configured(chat) ? Standing::closed : Standing::allowed;
    return rule(chat, standing, "chat_allowed", by, now);
}

Admission::Ruling Admission::deny(std::int64_t chat, const Person& by, Time now) {
    if (chats_.is_configured(chat)) return Ruling::configured;
    const auto guest = chats_.guest(chat);
    if (!guest || guest->standing == Standing::banned) return Ruling::unknown;
    return rule(chat, Standing::closed, "chat_denied", by, now);
}

Admission::Ruling Admission::ban(std::int64_t chat, const Person& by, Time now) {
    // whoever administers must not be able to lose the last door
    if (chats_.is_administrator(chat)) return Ruling::administrator;
    return rule(chat, Standing::banned, "chat_banned", by, now);
}

Admission::Ruling Admission::unban(std::int64_t chat, const Person& by, Time now) {
    const auto guest = chats_.guest(chat);
    if (!guest || guest->standing != Standing::banned) return Ruling::unknown;
    return rule(chat, Standing::closed, "chat_unbanned", by, now);
}

Admission::Ruling Admission::rule(std::int64_t chat, Standing standing, std::string_view verb,
                                  const Person& by, Time now) {
    auto settled = Roster::Settled::already;
    const auto actor = decide::actor_of(by, channel_name);
    const auto stored =
        chats_.change(store_, [&](store::Transaction& transaction, Roster& roster) -> Result<void> {
            settled = roster.settle(chat, standing, actor.text(), now);
            if (settled != Roster::Settled::done) return {};
            auto* guest = roster.find(chat);
            const auto known =
                guest->name.empty() ? gatekeeper_.find(User{chat, false, "", "", ""}) : std::nullopt;
            if (known) guest->name = decide::clean_line(known->name, longest_name);
            AuditEntry entry;
            entry.at = now;
            entry.actor = actor;
            entry.verb = verb;
            entry.object = chat_object(chat);
            entry.detail = guest->name;
            transaction.add_audit(entry);
            // what was given up while the chat was kept out is asked again
            if (standing == Standing::allowed || standing == Standing::closed)
                ChatBook::revive(transaction, chat, now);
            return {};
        });
    if (!stored) {
        log_.error("what an administrator said of a chat could not be stored",
                   {{"chat", chat}, {"error", stored.error().text}});
        return Ruling::not_stored;
    }
    if (settled == Roster::Settled::full) return Ruling::full;
    if (settled == Roster::Settled::already) return Ruling::already;
    log_.info("an administrator has decided about a chat",
              {{"chat", chat}, {"who", by.name}, {"what", verb}});
    chats_.mark_back(chat);  // where it is not so, the next message tells
    return Ruling::done;
}

}  // namespace garita::telegram
