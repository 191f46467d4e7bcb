#include "programs/hub/telegram_channel.hpp"

#include "programs/hub/desk_setup.hpp"
#include "runtime/json/writer.hpp"

namespace garita::programs {
namespace {

telegram::BotApiOptions api_options(const runtime::TelegramConfig& config) {
    telegram::BotApiOptions options;
    options.token = config.token;
    options.api_base = config.api_base;
    options.proxy = config.proxy;
    return options;
}

}  // namespace

TelegramChannel::TelegramChannel(const runtime::HubConfig& config, const World& world)
    : settings_(telegram_settings(config)),
      polls_(api_options(*config.telegram)),
      answers_(api_options(*config.telegram)),
      sends_(api_options(*config.telegram)),
      chats_(settings_),
      gatekeeper_(world.answering, world.store, chats_, settings_, world.voice, world.log),
      sender_(sends_, world.store, chats_, health_, settings_, world.voice, world.log),
      poller_(polls_, answers_, world.store, chats_, health_, gatekeeper_, settings_, world.clock,
              world.log) {}

void TelegramChannel::start(runtime::WorkerGroup& workers) {
    sender_thread_ = &workers.start(sender_);
    workers.start(poller_);
}

void TelegramChannel::wake() {
    if (sender_thread_ != nullptr) sender_thread_->wake();
}

void TelegramChannel::cancel() {
    polls_.cancel();
    answers_.cancel();
    sends_.cancel();
}

boost::json::value TelegramChannel::status() const {
    const auto snapshot = health_.snapshot();
    return runtime::json::Writer()
        .time_if("last_poll", snapshot.last_poll)
        .time_if("last_sent", snapshot.last_sent)
        .number("chats", static_cast<std::int64_t>(settings_.chats.size()))
        .finish();
}

}  // namespace garita::programs
