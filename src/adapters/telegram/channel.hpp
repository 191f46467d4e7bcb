#pragma once
// The whole channel, for programs: two workers, their connections, and what they share.
//
//   telegram::Channel channel(bot, settings, {catalogue, zone}, store, desk, clock, log);
//   auto& sender = group.start(channel.sender());  group.start(channel.poller());
//   a ring of cases or messages → sender.wake();   before group.stop(): channel.cancel()

#include <memory>

#include "adapters/telegram/access_commands.hpp"
#include "adapters/telegram/health.hpp"
#include "adapters/telegram/http_bot_api.hpp"
#include "adapters/telegram/settings.hpp"
#include "decide/answering.hpp"
#include "model/worker.hpp"
#include "runtime/log/log.hpp"
#include "store/store.hpp"

namespace garita::telegram {

class Channel {
  public:
    /// The token must have passed check_token. References outlive the channel.
    Channel(const BotApiOptions& bot, const Settings& settings, Voice voice, store::Store& store,
            decide::Answering& answering, Clock clock, const runtime::Log& log, AccessDoor access = {});
    ~Channel();
    Channel(const Channel&) = delete;
    Channel& operator=(const Channel&) = delete;

    [[nodiscard]] Worker& sender();
    [[nodiscard]] Worker& poller();
    [[nodiscard]] Health::Snapshot health() const;
    /// Ends calls under way, so that the workers can be stopped at once. Any thread.
    void cancel();

  private:
    struct Parts;
    std::unique_ptr<Parts> parts_;
};

}  // namespace garita::telegram
