// What people press and type, through the gatekeeper and the commands to a desk: each line is an update. The
// first byte says who ('a' a configured person, 'b' an administrator, 'm' a stranger, 'c' in the name of a
// chat), the second where ('g' the configured chat, 'p' in private, 'o' elsewhere), the third what ('>'
// callback data, '+' the bot is put there, anything else a text). Invariants: nothing throws, answers fit
// Telegram, nobody but the configured people decides, only the administrator lets in and bans and stays
// heard, and what is stored of it can be read.

#include <string>

#include "adapters/catalogue/catalogue.hpp"
#include "adapters/telegram/admission.hpp"
#include "adapters/telegram/commands.hpp"
#include "adapters/zoneinfo/zone.hpp"
#include "attacked_hub.hpp"
#include "decide/desk.hpp"
#include "decide/filing.hpp"
#include "decide/foreign_text.hpp"
#include "fakes/memory_store.hpp"
#include "target.hpp"

namespace {

using namespace garita;
using fuzz::must;

constexpr Time now = fuzz::attacked_at;
constexpr std::int64_t configured_chat = -600;
constexpr std::int64_t configured_person = 77;
constexpr std::int64_t configured_administrator = 90;
constexpr std::size_t most_lines = 20;

Result<void> furnish(store::Transaction& tx) {
    fuzz::add_attack(tx);
    return {};
}

Result<void> put_buttons(store::Transaction& tx) {
    const std::string channel(telegram::channel_name);
    tx.insert_tickets({{"block", CaseId{1}, Response::block, channel, "-600"},
                       {"allow", CaseId{1}, Response::allow, channel, "-600/5"},
                       {"reboot", CaseId{1}, Response::reboot, channel, "-600"},
                       {"elsewhere", CaseId{1}, Response::block, channel, "-601"}});
    return {};
}

telegram::Settings settings_of_one() {
    telegram::Settings settings;
    settings.chats = {{{configured_chat, std::nullopt}, "es"}};
    Person ana;
    ana.name = "ana";
    ana.role = Role::operator_;
    ana.telegram_id = configured_person;
    Person boss;
    boss.name = "boss";
    boss.role = Role::administrator;
    boss.telegram_id = configured_administrator;
    settings.people = {ana, boss};
    return settings;
}

struct Channel {
    Channel() {
        must(store.write(furnish).has_value());
        must(filing.step(now).has_value());
        must(store.write(put_buttons).has_value());
    }
    static const decide::Catalogue& words() {
        static const catalogue::MessageCatalogue built;
        return built;
    }
    static const decide::TimeZone& zone() {
        static const auto utc = zoneinfo::find_zone("UTC").value();
        return *utc;
    }

    fakes::MemoryStore store;
    decide::DeskOptions options;
    decide::Desk desk{store, options};
    decide::Filing filing{store, options};
    telegram::Settings settings = settings_of_one();
    telegram::ChatBook chats{settings};
    telegram::Gatekeeper gatekeeper{desk, store, chats, settings, {words(), zone()}, runtime::Log()};
    telegram::Health health;
    telegram::Admission admission{chats, gatekeeper, store, settings, runtime::Log()};
    telegram::Commands commands{gatekeeper, store, chats, {}, {&admission, &health, runtime::Log()}};
};

std::int64_t person_of(char who) {
    if (who == 'b') return configured_administrator;
    return who == 'a' ? configured_person : 666;
}

std::int64_t chat_of(char who, char where) {
    if (where == 'g') return configured_chat;
    return where == 'p' ? person_of(who) : -601;
}

void press(Channel& channel, char who, char where, std::string_view data) {
    telegram::Press pressed;
    pressed.id = "1";
    pressed.from.id = person_of(who);
    pressed.from.name = std::string(data);
    pressed.chat = chat_of(who, where);
    pressed.data = std::string(data.substr(0, 64));
    const auto told = channel.admission.press(pressed, now);
    must(decide::utf16_length(told ? *told : channel.gatekeeper.press(pressed, now)) <= 200);
}

void put_bot(Channel& channel, char who, char where, std::string_view title) {
    telegram::Membership membership;
    membership.chat = chat_of(who, where);
    membership.title = std::string(title);
    membership.present = !title.starts_with('-');
    membership.by.id = person_of(who);
    channel.admission.membership(membership, now);
}

void say(Channel& channel, char who, char where, std::string_view text) {
    telegram::TextMessage message;
    message.chat = chat_of(who, where);
    message.from.emplace();
    message.from->id = person_of(who);
    message.from->username = std::string(text.substr(0, 64));
    message.from_chat = who == 'c';
    message.is_private = where == 'p';
    message.text = std::string(text);
    (void)channel.commands.is_ping(message);
    must(decide::utf16_length(channel.commands.answer(message, now)) <= 4096);
}

void check_deciders(Channel& channel, bool person_spoke) {
    const auto read = channel.store.read([&](store::View& view) -> Result<void> {
        const auto about = view.find_case(CaseId{1});
        must(about.has_value());
        if (about->decision)
            must(person_spoke && (about->decision->by.name == "ana" || about->decision->by.name == "boss"));
        must(telegram::Roster::parse(view.value("telegram.roster").value_or("")).has_value());
        return {};
    });
    must(read.has_value());
}

void check_guests(const Channel& channel, bool administrator_spoke) {
    must(!channel.chats.is_banned(configured_administrator));
    const auto roster = channel.chats.roster();
    for (const auto& guest : roster.guests())
        if (!guest.by.empty()) must(administrator_spoke && guest.by == "boss (telegram)");
}

}  // namespace

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
    auto rest = fuzz::text_of(data, size);
    Channel channel;
    bool person_spoke = false;
    bool administrator_spoke = false;
    for (std::size_t lines = 0; !rest.empty() && lines < most_lines; ++lines) {
        const auto [line, after] = fuzz::first_line(rest);
        rest = after;
        if (line.size() < 3) continue;
        administrator_spoke = administrator_spoke || line[0] == 'b';
        person_spoke = person_spoke || line[0] == 'a' || line[0] == 'b';
        if (line[2] == '>')
            press(channel, line[0], line[1], line.substr(3));
        else if (line[2] == '+')
            put_bot(channel, line[0], line[1], line.substr(3));
        else
            say(channel, line[0], line[1], line.substr(2));
    }
    check_deciders(channel, person_spoke);
    check_guests(channel, administrator_spoke);
    return 0;
}
