#include "adapters/telegram/chat_book.hpp"

#include <algorithm>

namespace garita::telegram {

namespace {

constexpr std::size_t most_revived = 500;
constexpr int longest_chain = 8;  ///< moves of one chat that are followed
constexpr std::size_t most_errands = 50;
constexpr std::string_view roster_key = "telegram.roster";

std::string moved_key(std::int64_t chat) {
    return "telegram.moved." + std::to_string(chat);
}

std::optional<std::int64_t> moved_to(store::View& view, std::int64_t chat) {
    const auto value = view.value(moved_key(chat));
    const auto place = value ? parse_place(*value) : std::nullopt;
    return place ? std::optional(place->chat) : std::nullopt;
}

}  // namespace

ChatBook::ChatBook(const Settings& settings)
    : chats_(settings.chats), banned_(settings.banned), hub_language_(settings.language) {
    for (auto& chat : chats_)
        if (chat.language.empty()) chat.language = hub_language_;
    for (const auto& person : settings.people)
        if (person.role == Role::administrator && person.telegram_id)
            administrators_.push_back(*person.telegram_id);
}

Result<void> ChatBook::load(store::Store& store, Time now) {
    if (auto banned = ban_configured(store, now); !banned) return banned;
    const std::lock_guard no_change_between(changing_);
    return store.read([this](store::View& view) -> Result<void> {
        auto roster = Roster::parse(view.value(roster_key).value_or(""));
        if (!roster) return tl::unexpected(std::move(roster.error()));
        const std::lock_guard lock(mutex_);
        roster_ = std::move(*roster);
        for (auto& chat : chats_)
            for (int i = 0; i < longest_chain; ++i) {
                const auto next = moved_to(view, chat.place.chat);
                if (!next) break;
                chat.place.chat = *next;
            }
        return {};
    });
}

Result<void> ChatBook::ban_configured(store::Store& store, Time now) {
    if (banned_.empty()) return {};
    return change(store, [&](store::Transaction& transaction, Roster& roster) -> Result<void> {
        for (const auto id : banned_) {
            const auto key = "telegram.banned." + std::to_string(id);
            if (transaction.value(key)) continue;  // an administrator may have said otherwise since
            transaction.set_value(key, "1");
            if (roster.settle(id, Standing::banned, "configuration", now) != Roster::Settled::done) continue;
            AuditEntry entry;
            entry.at = now;
            entry.actor.name = "configuration";
            entry.verb = "chat_banned";
            entry.object = "chat " + std::to_string(id);
            transaction.add_audit(entry);
        }
        return {};
    });
}

Result<void> ChatBook::move(store::Store& store, std::int64_t from, std::int64_t to) {
    if (from == to || to == 0) return {};
    std::set<Place> places = {{from, std::nullopt}};
    {
        const std::lock_guard lock(mutex_);
        for (const auto& chat : chats_)
            if (chat.place.chat == from) places.insert(chat.place);
    }
    auto stored = change(store, [&](store::Transaction& transaction, Roster& roster) -> Result<void> {
        for (const auto& place : places)
            transaction.move_messages(channel_name, to_text(place), to_text(Place{to, place.thread}));
        transaction.set_value(moved_key(from), std::to_string(to));
        roster.move(from, to);
        return {};
    });
    if (!stored) return stored;
    const std::lock_guard lock(mutex_);
    for (auto& chat : chats_)
        if (chat.place.chat == from) chat.place.chat = to;
    gone_.erase(from);
    return {};
}

Result<void> ChatBook::change(store::Store& store, const Change& change) {
    const std::lock_guard one_after_the_other(changing_);
    Roster changed;
    auto stored = store.write([&](store::Transaction& transaction) -> Result<void> {
        const auto before = transaction.value(roster_key).value_or("");
        auto roster = Roster::parse(before);
        if (!roster) return tl::unexpected(std::move(roster.error()));
        changed = std::move(*roster);
        if (auto done = change(transaction, changed); !done) return done;
        if (auto after = changed.text(); after != before) transaction.set_value(roster_key, after);
        transaction.ring({store::Topic::messages, {}});
        return {};
    });
    if (!stored) return stored;
    const std::lock_guard lock(mutex_);
    roster_ = std::move(changed);
    return {};
}

void ChatBook::catch_up() {
    const std::lock_guard seen(changing_);
}

Roster ChatBook::roster() const {
    const std::lock_guard lock(mutex_);
    return roster_;
}

std::optional<Guest> ChatBook::guest(std::int64_t chat) const {
    const std::lock_guard lock(mutex_);
    const auto* known = std::as_const(roster_).find(chat);
    return known == nullptr ? std::nullopt : std::optional(*known);
}

Roster::Asked ChatBook::may_ask(std::int64_t chat, Time now) const {
    const std::lock_guard lock(mutex_);
    return roster_.may_ask(chat, now);
}

std::optional<Roster::Ticket> ChatBook::find_ticket(std::string_view data) const {
    const std::lock_guard lock(mutex_);
    return roster_.find_ticket(data);
}

std::vector<Roster::Errand> ChatBook::errands() const {
    const std::lock_guard lock(mutex_);
    return roster_.errands(administrators_, most_errands);
}

std::vector<ChatSettings> ChatBook::chats() const {
    const std::lock_guard lock(mutex_);
    std::vector<ChatSettings> all;
    for (const auto& chat : chats_)
        if (!bans(chat.place.chat)) all.push_back(chat);
    for (const auto& guest : roster_.guests())
        if (guest.standing == Standing::allowed && !is_among_configured(guest.chat))
            all.push_back({{guest.chat, std::nullopt}, hub_language_});
    return all;
}

bool ChatBook::serves(std::int64_t chat) const {
    const std::lock_guard lock(mutex_);
    if (bans(chat)) return false;
    return is_among_configured(chat) || roster_.stands(chat, Standing::allowed);
}

bool ChatBook::is_configured(std::int64_t chat) const {
    const std::lock_guard lock(mutex_);
    return is_among_configured(chat);
}

bool ChatBook::is_among_configured(std::int64_t chat) const {
    return std::any_of(chats_.begin(), chats_.end(),
                       [&](const ChatSettings& c) { return c.place.chat == chat; });
}

bool ChatBook::is_banned(std::int64_t id) const {
    const std::lock_guard lock(mutex_);
    return bans(id);
}

bool ChatBook::bans(std::int64_t id) const {
    return roster_.stands(id, Standing::banned) && !is_administrator(id);
}

bool ChatBook::is_shut(std::int64_t chat) const {
    const std::lock_guard lock(mutex_);
    if (bans(chat)) return true;
    const auto* guest = roster_.find(chat);
    return guest != nullptr && guest->standing != Standing::allowed && !is_among_configured(chat) &&
           !is_administrator(chat);
}

bool ChatBook::is_administrator(std::int64_t person) const {
    return std::find(administrators_.begin(), administrators_.end(), person) != administrators_.end();
}

decide::Reader ChatBook::reader_of(std::int64_t chat, const Voice& voice) const {
    const std::lock_guard lock(mutex_);
    for (const auto& c : chats_)
        if (c.place.chat == chat) return {voice.catalogue, c.zone ? *c.zone : voice.zone, c.language};
    return voice.reader(hub_language_);
}

void ChatBook::mark_gone(std::int64_t chat) {
    const std::lock_guard lock(mutex_);
    gone_.insert(chat);
}

void ChatBook::mark_back(std::int64_t chat) {
    const std::lock_guard lock(mutex_);
    gone_.erase(chat);
}

Result<void> ChatBook::bring_back(store::Store& store, std::int64_t chat, Time now) {
    mark_back(chat);
    return store.write([&](store::Transaction& transaction) -> Result<void> {
        revive(transaction, chat, now);
        return {};
    });
}

void ChatBook::revive(store::Transaction& transaction, std::int64_t chat, Time now) {
    store::CaseQuery query;
    query.states = {CaseState::open};
    query.limit = most_revived;
    for (const auto& about : transaction.cases(query))
        for (auto& message : transaction.messages_of(about.id)) {
            const auto place = parse_place(message.place);
            if (!message.abandoned || message.channel != channel_name || !place || place->chat != chat)
                continue;
            message.abandoned = false;
            message.external_id.clear();
            message.sending_since.reset();
            message.last_error.clear();
            message.next_try = now;
            transaction.update_message(message);
        }
    transaction.ring({store::Topic::messages, {}});
}

bool ChatBook::is_gone(std::int64_t chat) const {
    const std::lock_guard lock(mutex_);
    return gone_.contains(chat);
}

}  // namespace garita::telegram
