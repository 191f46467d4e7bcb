#include "adapters/telegram/admin_commands.hpp"

#include <algorithm>
#include <array>

#include "adapters/telegram/admission_text.hpp"
#include "adapters/telegram/debug_report.hpp"
#include "decide/foreign_text.hpp"

namespace garita::telegram {

namespace {

using What = ChatOrder::What;
using Ruling = Admission::Ruling;

constexpr std::array<std::string_view, 3> plain_names = {"accepted", "banned", "debug"};
constexpr std::size_t list_units = 4096;
constexpr std::size_t kept_for_more = 60;  ///< units, for the line that tells that there is more

std::string_view name_of(What what) {
    switch (what) {
        case What::accept:
            return "accept";
        case What::deny:
            return "deny";
        case What::ban:
            return "ban";
        case What::unban:
            return "unban";
    }
    return "";
}

/// Lines until the message is full; then how many are left out.
class Listing {
  public:
    explicit Listing(const decide::Reader& reader) : reader_(reader) {}
    void head(const std::string& line) { pending_ = line; }
    void add(const std::string& line) {
        auto more = (text_.empty() ? "" : "\n") + (pending_.empty() ? line : pending_ + '\n' + line);
        const auto units = decide::utf16_length(more);
        if (left_out_ > 0 || units_ + units > list_units - kept_for_more) {
            ++left_out_;
            return;
        }
        pending_.clear();
        text_ += more;
        units_ += units;
    }
    [[nodiscard]] std::string text() const {
        if (left_out_ == 0) return text_;
        return text_ + '\n' + reader_.text("telegram.list_more", {{"count", std::to_string(left_out_)}});
    }

  private:
    const decide::Reader& reader_;
    std::string text_;
    std::string pending_;
    std::size_t units_ = 0;
    std::size_t left_out_ = 0;
};

std::string with_commands(std::int64_t chat, std::string_view name,
                          std::initializer_list<std::string_view> commands) {
    auto line = guest_name(chat, name);
    for (const auto command : commands)
        line += ' ' + tappable(command, chat);
    return line;
}

}  // namespace

bool AdminCommands::knows(const Command& command) const {
    if (door_.admission == nullptr) return false;
    if (std::find(plain_names.begin(), plain_names.end(), command.name) != plain_names.end()) return true;
    const auto order = chat_order(command);
    return order && !is_case(*order);
}

bool AdminCommands::is_case(const ChatOrder& order) const {
    if (order.what != What::accept || order.glued) return false;
    if (!order.chat) return true;  // the answer to open ports, which says how it is written
    if (*order.chat < 0) return false;
    bool is_case = true;
    const auto read = store_.read([&](store::View& view) -> Result<void> {
        is_case = view.find_case(CaseId{*order.chat}).has_value();
        return {};
    });
    return !read || is_case || !chats_.guest(*order.chat);
}

std::string AdminCommands::answer(const TextMessage& message, const Command& command, Time now) {
    const auto person = message.from && !message.from_chat ? gatekeeper_.find(*message.from) : std::nullopt;
    const auto object = '/' + command.name.substr(0, 40);
    if (!person) return gatekeeper_.stranger(message, object, now);
    const auto reader = gatekeeper_.reader_for(person, message.chat);
    if (person->role < Role::administrator) {
        gatekeeper_.record_refusal(*message.from, object, "only an administrator may", now);
        return reader.text("telegram.needs_administrator");
    }
    if (command.name == "accepted") return accepted(reader);
    if (command.name == "banned") return banned(reader);
    if (command.name == "debug") {
        const auto logs = message.is_private ? DebugLines::shown : DebugLines::hidden;
        return debug_report({door_.health, &chats_, &store_, &door_.log}, logs, reader);
    }
    const auto order = chat_order(command);
    return order ? obey(*order, *person, reader, now) : std::string();
}

bool AdminCommands::asks(const TextMessage& message, Time now) {
    if (door_.admission == nullptr) return false;
    const auto asked = door_.admission->start(message, now);
    return asked == Roster::Asked::asked || asked == Roster::Asked::waiting;
}

std::string AdminCommands::obey(const ChatOrder& order, const Person& person, const decide::Reader& reader,
                                Time now) {
    const std::string name(name_of(order.what));
    if (!order.chat) return reader.text("telegram.usage", {{"example", '/' + name + " -100123"}});
    const auto chat = *order.chat;
    const auto ruling = order.what == What::accept ? door_.admission->accept(chat, person, now)
                        : order.what == What::deny ? door_.admission->deny(chat, person, now)
                        : order.what == What::ban  ? door_.admission->ban(chat, person, now)
                                                   : door_.admission->unban(chat, person, now);
    const auto guest = chats_.guest(chat);
    const Facts facts = {{"chat", guest_name(chat, guest ? guest->name : "")}};
    switch (ruling) {
        case Ruling::done:
            return reader.text("telegram.done_" + name, facts);
        case Ruling::already:
            return reader.text("telegram.already_" + name, facts);
        case Ruling::full:
            return reader.text("telegram.list_full");
        case Ruling::administrator:
            return reader.text("telegram.ban_administrator", facts);
        case Ruling::configured:
            return reader.text("telegram.deny_configured",
                               {{"chat", facts.at("chat")}, {"example", tappable("ban", chat)}});
        case Ruling::unknown:
            return reader.text(order.what == What::unban ? "telegram.not_banned" : "telegram.not_accepted",
                               facts);
        case Ruling::not_stored:
            break;
    }
    return reader.text("telegram.not_stored");
}

std::string AdminCommands::accepted(const decide::Reader& reader) const {
    const auto roster = chats_.roster();
    Listing list(reader);
    list.head(reader.text("telegram.accepted_configured"));
    std::int64_t last = 0;
    for (const auto& chat : chats_.chats()) {
        const auto id = chat.place.chat;
        if (!chats_.is_configured(id) || id == last) continue;  // topics of one forum stand together
        last = id;
        const auto* guest = roster.find(id);
        const auto name = guest == nullptr ? std::string() : guest->name;
        list.add(chats_.is_administrator(id) ? guest_name(id, name) : with_commands(id, name, {"ban"}));
    }
    list.head(reader.text("telegram.accepted_head"));
    for (const auto& guest : roster.guests())
        if (guest.standing == Standing::allowed && !chats_.is_configured(guest.chat))
            list.add(with_commands(guest.chat, guest.name, {"deny", "ban"}));
    list.head(reader.text("telegram.accepted_waiting"));
    for (const auto& guest : roster.guests())
        if (guest.standing == Standing::waiting)
            list.add(with_commands(guest.chat, guest.name, {"accept", "ban"}));
    const auto text = list.text();
    return text.empty() ? reader.text("telegram.accepted_none") : text;
}

std::string AdminCommands::banned(const decide::Reader& reader) const {
    const auto roster = chats_.roster();
    Listing list(reader);
    list.head(reader.text("telegram.banned_head"));
    for (const auto& guest : roster.guests())
        if (guest.standing == Standing::banned)
            list.add(with_commands(guest.chat, guest.name, {"unban"}) + "\n   " +
                     standing_text(guest, reader));
    const auto text = list.text();
    return text.empty() ? reader.text("telegram.banned_none") : text;
}

}  // namespace garita::telegram
