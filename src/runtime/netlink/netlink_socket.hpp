#pragma once
// A netlink socket that speaks in results: requests, dumps that are repeated when the kernel says they were
// torn, and acknowledgements with the place of the error. It stays in the network namespace of the thread
// that opened it.

#include <cstddef>
#include <cstdint>
#include <functional>
#include <memory>
#include <optional>
#include <span>
#include <string>
#include <vector>

#include "model/result.hpp"

struct mnl_socket;
struct nlmsghdr;

namespace garita::runtime {

/// What the kernel answered to one message.
struct NetlinkAck {
    std::uint32_t sequence = 0;
    int error = 0;             ///< errno, or a number of the subsystem's own from 4097 on; 0: accepted
    std::uint32_t offset = 0;  ///< of the refused attribute, from the start of the message; 0: not said
    std::string text;          ///< the kernel's own words, often empty
    /// The refused message, header and all, where the kernel sends it back: ipset writes the number of the
    /// refused line into it. Empty when all went well.
    std::vector<std::byte> echo{};
};

/// Reads a message of the type NLMSG_ERROR, which also says that all went well.
[[nodiscard]] NetlinkAck parse_ack(const nlmsghdr& message);

class NetlinkSocket {
  public:
    /// `bus` is NETLINK_NETFILTER and the like; `purpose` names the socket in errors.
    /// `groups` is a mask of the bus's groups whose notices this socket gets: only for take_notices(), never
    /// on a socket that also asks.
    [[nodiscard]] static Result<NetlinkSocket> open(int bus, std::string purpose, unsigned groups = 0);

    using Visit = std::function<void(const nlmsghdr&)>;

    [[nodiscard]] std::uint32_t next_sequence() { return ++sequence_; }

    /// Sends a request that is answered by nothing but an acknowledgement, or by messages for `visit` before
    /// it. The request must carry NLM_F_ACK. An errno of the kernel is not an Error here, it is in the ack.
    [[nodiscard]] Result<NetlinkAck> request(nlmsghdr& message, const Visit& visit = {});

    /// Sends a request with NLM_F_DUMP. Where the table changed under the dump, `restart` is called and it
    /// begins again. The ack carries the errno of a dump that the kernel refused.
    [[nodiscard]] Result<NetlinkAck> dump(nlmsghdr& message, const Visit& visit,
                                          const std::function<void()>& restart);

    /// Sends several messages at once to a subsystem that answers before the send returns, and takes every
    /// answer: acknowledgements are returned, other messages given to `visit`.
    [[nodiscard]] Result<std::vector<NetlinkAck>> send_batch(std::span<const std::byte> messages,
                                                             const Visit& visit = {});

    enum class Notices { none, some };
    /// Throws away what has been noticed since the last call, and says whether it was anything. The kernel
    /// queues a notice before the change that it is about returns to its caller; where the queue ran over,
    /// there were some.
    [[nodiscard]] Result<Notices> take_notices();

  private:
    struct Closer {
        void operator()(mnl_socket* socket) const;
    };

    NetlinkSocket(mnl_socket* socket, std::string purpose);

    enum class Wait { no, yes };
    enum class DumpEnd { complete, torn };
    struct DumpResult {
        DumpEnd end = DumpEnd::complete;
        NetlinkAck ack;
    };

    [[nodiscard]] Result<void> send(std::span<const std::byte> bytes);
    /// Bytes of one datagram in buffer_; nothing when none waits.
    [[nodiscard]] Result<std::optional<std::size_t>> receive(Wait wait);
    [[nodiscard]] Result<DumpResult> dump_once(nlmsghdr& message, const Visit& visit);
    [[nodiscard]] tl::unexpected<Error> failure(const char* what, int error) const;

    std::unique_ptr<mnl_socket, Closer> socket_;
    std::string purpose_;
    std::vector<std::byte> buffer_;
    std::size_t send_buffer_ = 0;
    std::uint32_t sequence_ = 0;
};

}  // namespace garita::runtime
