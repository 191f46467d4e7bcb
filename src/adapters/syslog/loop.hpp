#pragma once
// The receiver's thread: everything that it owns.

#include <map>
#include <string>
#include <unordered_map>
#include <vector>

#include "adapters/syslog/datagrams.hpp"
#include "adapters/syslog/filter.hpp"
#include "adapters/syslog/stream.hpp"
#include "runtime/tls/server_context.hpp"

namespace garita::syslog {

class Receiver::Loop {
  public:
    Loop(const ReceiverSettings& settings, OnEvent on_event);

    [[nodiscard]] Result<void> open();
    /// Until stop().
    void run();
    void stop();                 ///< from any thread
    void wait_for(MacSet macs);  ///< from any thread

    WaitingMacs waiting;
    Counters counters;
    std::vector<std::uint16_t> ports;  ///< unchanged after open()

  private:
    struct Listener {
        runtime::Descriptor socket;
        runtime::tls::Context tls;  ///< none: plain TCP
    };

    [[nodiscard]] Result<void> open(const Listen& listen);
    [[nodiscard]] bool watch(int fd);
    void wake(int fd, Stream::Clock::time_point now);
    void accept(Listener& listener, Stream::Clock::time_point now);
    [[nodiscard]] bool has_room_for(const IpAddress& sender);
    void make_room();
    void read(Stream& stream, Stream::Clock::time_point now);
    void close(int fd);
    void end_slow_handshakes(Stream::Clock::time_point now);

    ReceiverSettings settings_;
    Filter filter_;
    runtime::Descriptor epoll_;
    runtime::Descriptor stop_;
    runtime::Descriptor bell_;  ///< others are waited for
    std::unordered_map<int, Datagrams> datagrams_;
    std::unordered_map<int, Listener> listeners_;
    std::unordered_map<int, Stream> streams_;
    std::unordered_map<IpAddress, std::size_t> of_sender_;  ///< connections
    std::string buffer_;
};

}  // namespace garita::syslog
