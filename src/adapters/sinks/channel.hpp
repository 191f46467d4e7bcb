#pragma once
// One sink whole, for programs: what brings deliveries away, and the worker above it.
//
//   sinks::Channel channel(std::move(carrier), settings, store, texts, clock, log);
//   group.start(channel.sink());
//   a ring of cases or messages → wake it;   before group.stop(): channel.cancel()

#include <memory>
#include <string>
#include <utility>

#include "adapters/sinks/sink.hpp"

namespace garita::sinks {

class Channel {
  public:
    /// References outlive the channel.
    Channel(std::unique_ptr<Carrier> carrier, Settings settings, store::Store& store,
            const decide::Catalogue& texts, Sink::Clock clock, const runtime::Log& log)
        : title_(settings.title()),
          carrier_(std::move(carrier)),
          sink_(*carrier_, store, texts, std::move(settings), std::move(clock), health_, log) {}

    [[nodiscard]] Worker& sink() { return sink_; }
    /// "webhook phones"
    [[nodiscard]] const std::string& title() const { return title_; }
    [[nodiscard]] Health::Snapshot health() const { return health_.snapshot(); }
    /// Ends what is under way, so that the worker can be stopped. Any thread.
    void cancel() { carrier_->cancel(); }

  private:
    const std::string title_;
    Health health_;
    const std::unique_ptr<Carrier> carrier_;
    Sink sink_;
};

}  // namespace garita::sinks
