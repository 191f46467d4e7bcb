#pragma once
// Telegram as one object: its connections, its workers, and how it feels.

#include <boost/json/value.hpp>

#include "adapters/telegram/http_bot_api.hpp"
#include "adapters/telegram/poller.hpp"
#include "adapters/telegram/sender.hpp"
#include "runtime/config/hub_config.hpp"
#include "runtime/worker/runner.hpp"

namespace garita::programs {

class TelegramChannel {
  public:
    struct World {
        store::Store& store;
        decide::Answering& answering;
        telegram::Voice voice;
        telegram::Clock clock;
        runtime::Log log;
    };
    /// Everything in `world` outlives it. The configuration has a `telegram` part.
    TelegramChannel(const runtime::HubConfig& config, const World& world);

    void start(runtime::WorkerGroup& workers);
    /// A case or message has changed. Any thread.
    void wake();
    /// Ends running calls, so that the workers can be joined.
    void cancel();
    [[nodiscard]] std::vector<std::string> troubles() const { return health_.snapshot().troubles; }
    [[nodiscard]] boost::json::value status() const;

  private:
    telegram::Settings settings_;
    telegram::HttpBotApi polls_;
    telegram::HttpBotApi answers_;
    telegram::HttpBotApi sends_;
    telegram::ChatBook chats_;
    telegram::Health health_;
    telegram::Gatekeeper gatekeeper_;
    telegram::Sender sender_;
    telegram::Poller poller_;
    runtime::WorkerThread* sender_thread_ = nullptr;  ///< owned by the group
};

}  // namespace garita::programs
