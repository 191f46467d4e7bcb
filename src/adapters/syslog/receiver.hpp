#pragma once
// Receives syslog over UDP, TCP and TLS on a thread of its own and hands on what switches tell about ports
// with a MAC address that is waited for. Everything that arrives is hostile: bounded and counted.

#include <atomic>
#include <chrono>
#include <cstdint>
#include <functional>
#include <memory>
#include <optional>
#include <string>
#include <thread>
#include <vector>

#include "access/port_event.hpp"
#include "adapters/syslog/waiting.hpp"
#include "model/ip.hpp"
#include "model/result.hpp"
#include "runtime/tls/self_signed.hpp"

namespace garita::syslog {

struct Listen {
    enum class Transport { udp, tcp, tls };
    Transport transport = Transport::udp;
    IpAddress address;
    std::uint16_t port = 5514;     ///< 0: any free one
    runtime::tls::KeyPaths files;  ///< of tls
};

struct ReceiverSettings {
    std::vector<Listen> listen;
    std::size_t longest_message = 8192;   ///< bytes; more is cut
    std::size_t most_connections = 256;   ///< then the one that was silent for longest goes
    std::size_t most_of_one_sender = 32;  ///< connections
    std::chrono::seconds handshake_within{10};
    int receive_buffer = 32 << 20;  ///< bytes a UDP socket may hold; the kernel may allow less
};

/// An event of somebody who is waited for. Views are valid during the call.
struct ReceivedEvent {
    access::PortEvent event;
    IpAddress sender;  ///< of the socket; UDP's can be forged, as everything else in it
    std::string_view line;
};

/// Since the start.
struct ReceiverCounts {
    std::uint64_t received = 0;        ///< messages
    std::uint64_t events = 0;          ///< of these, handed on
    std::uint64_t cut = 0;             ///< longer than allowed
    std::uint64_t lost_by_kernel = 0;  ///< datagrams that found the socket's buffer full
    std::uint64_t connections = 0;     ///< accepted
    std::uint64_t refused = 0;         ///< connections: too many of one sender, failed or slow handshakes
    std::uint64_t displaced = 0;       ///< connections that made room for another
    std::uint64_t broken = 0;          ///< connections that were ended for what they sent
};

class Receiver {
  public:
    /// Called on the receiver's thread: must not block or throw. Violations of waiting MAC addresses and,
    /// while anybody waits, ports that were taken out of service by port-security.
    using OnEvent = std::function<void(const ReceivedEvent&)>;

    /// Binds and starts; the first address that cannot be bound is the error.
    [[nodiscard]] static Result<std::unique_ptr<Receiver>> start(const ReceiverSettings& settings,
                                                                 OnEvent on_event);
    ~Receiver();
    Receiver(const Receiver&) = delete;
    Receiver& operator=(const Receiver&) = delete;

    /// From now on; for those who are new also what was said about them lately (recent.hpp).
    void wait_for(MacSet macs);
    [[nodiscard]] ReceiverCounts counts() const;
    /// Where it listens, in the settings' order.
    [[nodiscard]] std::vector<std::uint16_t> ports() const;

  private:
    class Loop;
    explicit Receiver(std::unique_ptr<Loop> loop);
    std::unique_ptr<Loop> loop_;
    std::thread thread_;
};

}  // namespace garita::syslog
