#pragma once
// Telegram as the sender and the poller see it: keeps what is sent, and fails as the test says.

#include <deque>
#include <functional>
#include <map>
#include <set>

#include "adapters/telegram/bot_api.hpp"

namespace garita::telegram {

class FakeBotApi final : public BotApi {
  public:
    struct Shown {
        Place place;
        std::string text;
        Keyboard keyboard;
        int edits = 0;
        std::int64_t answers = 0;
        std::optional<Media> media{};  ///< then the text is what was shown
    };
    struct Toast {
        std::string press;
        std::string text;
    };

    std::map<std::int64_t, Shown> messages;  ///< by id
    std::vector<Toast> toasts;
    int calls = 0;
    int webhooks_deleted = 0;
    std::deque<Reply<std::vector<Update>>> polls;  ///< what the next polls give; then nothing new
    std::vector<std::int64_t> offsets;             ///< asked for
    std::vector<std::chrono::seconds> waits;
    /// Called before each send and edit; an error is given back instead.
    std::function<std::optional<ApiError>(std::int64_t chat)> fault;
    /// Called when the effect is there, before the caller hears of it.
    std::function<void()> after_effect;

    Reply<std::vector<Update>> updates(std::int64_t offset, std::chrono::seconds wait) override {
        offsets.push_back(offset);
        waits.push_back(wait);
        if (polls.empty()) return std::vector<Update>{};
        auto next = std::move(polls.front());
        polls.pop_front();
        return next;
    }
    Reply<std::int64_t> send(const Place& place, const Text& text, const Keyboard& keyboard) override {
        ++calls;
        if (fault)
            if (auto error = fault(place.chat)) return tl::unexpected(*error);
        messages[next_] = {place, text.plain, keyboard, 0, text.answers, {}};
        if (after_effect) after_effect();
        return next_++;
    }
    std::set<Media> refused_media;
    Reply<std::int64_t> show(const Place& place, Media media, std::string_view what) override {
        ++calls;
        if (fault)
            if (auto error = fault(place.chat)) return tl::unexpected(*error);
        if (refused_media.contains(media))
            return tl::unexpected(
                ApiError{ApiError::Kind::refused, "400 wrong file identifier", {}, 0, false});
        messages[next_] = {place, std::string(what), {}, 0, 0, media};
        return next_++;
    }
    Reply<void> edit(std::int64_t chat, std::int64_t message, const Text& text,
                     const Keyboard& keyboard) override {
        ++calls;
        if (fault)
            if (auto error = fault(chat)) return tl::unexpected(*error);
        const auto found = messages.find(message);
        if (found == messages.end() || found->second.place.chat != chat)
            return tl::unexpected(
                ApiError{ApiError::Kind::message_gone, "400 message to edit not found", {}, 0, false});
        found->second.text = text.plain;
        found->second.keyboard = keyboard;
        ++found->second.edits;
        if (after_effect) after_effect();
        return {};
    }
    Reply<void> answer_press(std::string_view press, std::string_view text) override {
        toasts.push_back({std::string(press), std::string(text)});
        return {};
    }
    std::vector<std::pair<std::int64_t, std::int64_t>> removed;  ///< chat and message
    Reply<void> remove(std::int64_t chat, std::int64_t message) override {
        removed.emplace_back(chat, message);
        return {};
    }
    Reply<void> delete_webhook() override {
        ++webhooks_deleted;
        return {};
    }

    /// The messages of a chat, oldest first.
    [[nodiscard]] std::vector<Shown> in(std::int64_t chat) const {
        std::vector<Shown> all;
        for (const auto& [id, shown] : messages)
            if (shown.place.chat == chat) all.push_back(shown);
        return all;
    }

  private:
    std::int64_t next_ = 100;
};

}  // namespace garita::telegram
