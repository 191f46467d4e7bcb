// The roster as JSON, read strictly.
#include <limits>

#include <boost/json/array.hpp>
#include <boost/json/object.hpp>

#include "adapters/telegram/roster.hpp"
#include "runtime/json/reader.hpp"
#include "runtime/json/text.hpp"

namespace garita::telegram {

namespace {

namespace json = boost::json;
using runtime::json::Reader;
using runtime::json::Unknown;

constexpr std::size_t most_guests = 5000;
constexpr std::size_t most_notices = 1000;
constexpr std::int64_t any_min = std::numeric_limits<std::int64_t>::min();
constexpr std::int64_t any_max = std::numeric_limits<std::int64_t>::max();

json::object notice_json(const Notice& notice) {
    json::array tickets;
    for (const auto& ticket : notice.tickets)
        tickets.emplace_back(ticket);
    return {{"admin", notice.admin},
            {"message", notice.message},
            {"shown", notice.shown},
            {"tickets", std::move(tickets)}};
}

json::object guest_json(const Guest& guest) {
    json::array notices;
    for (const auto& notice : guest.notices)
        notices.push_back(notice_json(notice));
    return {{"chat", guest.chat},
            {"standing", to_text(guest.standing)},
            {"name", runtime::json::to_json_text(guest.name, 512)},
            {"by", runtime::json::to_json_text(guest.by, 512)},
            {"at", to_micros(guest.at)},
            {"revision", guest.revision},
            {"untold", guest.untold},
            {"notices", std::move(notices)}};
}

Result<Notice> read_notice(const json::value& value, std::string_view where, Unknown unknown) {
    Reader in(value, where, unknown);
    Notice notice;
    notice.admin = in.integer("admin", 1, any_max);
    notice.message = in.integer("message", 0, any_max);
    notice.shown = in.integer("shown", 0, any_max);
    const auto tickets = in.texts("tickets", runtime::json::name_rule, notice.tickets.size());
    if (tickets.size() != notice.tickets.size()) in.refuse("tickets", "there must be three");
    std::copy(tickets.begin(), tickets.end(), notice.tickets.begin());
    return in.finish(std::move(notice));
}

Result<Guest> read_guest(const json::value& value, std::string_view where, Unknown unknown) {
    Reader in(value, where, unknown);
    Guest guest;
    guest.chat = in.integer("chat", any_min, any_max);
    guest.standing = in.word("standing", parse_standing, "waiting, allowed, ignored, banned, closed");
    guest.name = in.text("name", runtime::json::text_rule);
    guest.by = in.text("by", runtime::json::text_rule);
    guest.at = from_micros(in.integer("at", any_min, any_max));
    guest.revision = in.integer("revision", 0, any_max);
    guest.untold = in.flag_or("untold", false);
    guest.notices = in.list<Notice>("notices", most_notices, read_notice);
    return in.finish(std::move(guest));
}

}  // namespace

std::string Roster::text() const {
    json::array guests;
    for (const auto& guest : guests_)
        guests.push_back(guest_json(guest));
    return runtime::json::serialize(
        json::object{{"hour", to_micros(hour_)}, {"asked", asked_}, {"guests", std::move(guests)}});
}

Result<Roster> Roster::parse(std::string_view text) {
    Roster roster;
    if (text.empty()) return roster;
    const auto document = runtime::json::parse(text, "the list of admitted chats");
    if (!document) return tl::unexpected(document.error());
    Reader in(*document, "the list of admitted chats");
    roster.hour_ = from_micros(in.integer("hour", any_min, any_max));
    roster.asked_ = in.integer("asked", 0, any_max);
    roster.guests_ = in.list<Guest>("guests", most_guests, read_guest);
    return in.finish(std::move(roster));
}

}  // namespace garita::telegram
