#include "adapters/telegram/chat_book.hpp"

#include <algorithm>

namespace garita::telegram {

namespace {

constexpr std::size_t most_revived = 500;
constexpr int longest_chain = 8;  ///< moves of one chat that are followed

std::string moved_key(std::int64_t chat) {
    return "telegram.moved." + std::to_string(chat);
}

std::optional<std::int64_t> moved_to(store::View& view, std::int64_t chat) {
    const auto value = view.value(moved_key(chat));
    const auto place = value ? parse_place(*value) : std::nullopt;
    return place ? std::optional(place->chat) : std::nullopt;
}

}  // namespace

ChatBook::ChatBook(const Settings& settings) : chats_(settings.chats), hub_language_(settings.language) {
    for (auto& chat : chats_)
        if (chat.language.empty()) chat.language = hub_language_;
}

Result<void> ChatBook::load(store::Store& store) {
    return store.read([this](store::View& view) -> Result<void> {
        const std::lock_guard lock(mutex_);
        for (auto& chat : chats_)
            for (int i = 0; i < longest_chain; ++i) {
                const auto next = moved_to(view, chat.place.chat);
                if (!next) break;
                chat.place.chat = *next;
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
    auto stored = store.write([&](store::Transaction& transaction) -> Result<void> {
        for (const auto& place : places)
            transaction.move_messages(channel_name, to_text(place), to_text(Place{to, place.thread}));
        transaction.set_value(moved_key(from), std::to_string(to));
        return {};
    });
    if (!stored) return stored;
    const std::lock_guard lock(mutex_);
    for (auto& chat : chats_)
        if (chat.place.chat == from) chat.place.chat = to;
    gone_.erase(from);
    return {};
}

std::vector<ChatSettings> ChatBook::chats() const {
    const std::lock_guard lock(mutex_);
    return chats_;
}

bool ChatBook::is_configured(std::int64_t chat) const {
    const std::lock_guard lock(mutex_);
    return std::any_of(chats_.begin(), chats_.end(),
                       [&](const ChatSettings& c) { return c.place.chat == chat; });
}

std::string ChatBook::language_of(std::int64_t chat) const {
    const std::lock_guard lock(mutex_);
    for (const auto& c : chats_)
        if (c.place.chat == chat) return c.language;
    return hub_language_;
}

void ChatBook::mark_gone(std::int64_t chat) {
    const std::lock_guard lock(mutex_);
    gone_.insert(chat);
}

Result<void> ChatBook::bring_back(store::Store& store, std::int64_t chat, Time now) {
    {
        const std::lock_guard lock(mutex_);
        gone_.erase(chat);
    }
    return store.write([&](store::Transaction& transaction) -> Result<void> {
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
        return {};
    });
}

bool ChatBook::is_gone(std::int64_t chat) const {
    const std::lock_guard lock(mutex_);
    return gone_.contains(chat);
}

}  // namespace garita::telegram
