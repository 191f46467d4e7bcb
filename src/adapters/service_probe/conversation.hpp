#pragma once
// One connection to one open port.

#include <memory>
#include <optional>

#include "adapters/service_probe/open_services.hpp"
#include "runtime/descriptor/descriptor.hpp"

namespace garita::service_probe {

/// Goes on when its descriptor is ready or its time is over; never waits.
class Conversation {
  public:
    Conversation() = default;
    Conversation(const Conversation&) = delete;
    Conversation& operator=(const Conversation&) = delete;
    virtual ~Conversation() = default;

    [[nodiscard]] virtual int fd() const = 0;
    /// What it waits for: POLLIN, POLLOUT.
    [[nodiscard]] virtual short events() const = 0;
    [[nodiscard]] virtual Time deadline() const = 0;
    enum class State { goes_on, over };
    [[nodiscard]] virtual State ready(Time now) = 0;
    [[nodiscard]] virtual State timed_out(Time now) = 0;
};

/// `facts` must outlive the conversation. Null: no socket.
[[nodiscard]] std::unique_ptr<Conversation> read_banner(const scan::ServiceQuestion& question,
                                                        const Limits& limits, scan::ServiceFacts& facts,
                                                        Time now);
[[nodiscard]] std::unique_ptr<Conversation> read_tls(const scan::ServiceQuestion& question,
                                                     const Limits& limits, scan::ServiceFacts& facts,
                                                     Time now);

/// A connection being made. Not open: it could not even begin.
[[nodiscard]] runtime::Descriptor begin_connection(const scan::ServiceQuestion& question);

}  // namespace garita::service_probe
