#include "adapters/telegram/channel.hpp"

#include "adapters/telegram/poller.hpp"
#include "adapters/telegram/sender.hpp"

namespace garita::telegram {

struct Channel::Parts {
    Parts(const BotApiOptions& bot, const Settings& settings, Voice voice, store::Store& store,
          decide::Answering& answering, Clock clock, const runtime::Log& log, AccessDoor access)
        : polls(bot),
          answers(bot),
          messages(bot),
          chats(settings),
          gatekeeper(answering, store, chats, settings, voice, log),
          sender(messages, store, chats, health, settings, voice, log),
          poller(polls, answers, store, chats, health, gatekeeper, settings, std::move(clock), log, access) {}

    HttpBotApi polls;
    HttpBotApi answers;
    HttpBotApi messages;
    ChatBook chats;
    Health health;
    Gatekeeper gatekeeper;
    Sender sender;
    Poller poller;
};

Channel::Channel(const BotApiOptions& bot, const Settings& settings, Voice voice, store::Store& store,
                 decide::Answering& answering, Clock clock, const runtime::Log& log, AccessDoor access) {
    const auto own = log.with("telegram");
    own.redact(bot.token);
    parts_ = std::make_unique<Parts>(bot, settings, voice, store, answering, std::move(clock), own, access);
}

Channel::~Channel() = default;

Worker& Channel::sender() {
    return parts_->sender;
}

Worker& Channel::poller() {
    return parts_->poller;
}

Health::Snapshot Channel::health() const {
    return parts_->health.snapshot();
}

void Channel::cancel() {
    parts_->polls.cancel();
    parts_->answers.cancel();
    parts_->messages.cancel();
}

}  // namespace garita::telegram
