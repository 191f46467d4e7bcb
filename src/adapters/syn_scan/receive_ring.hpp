#pragma once
// Packets that came in by one interface, as the kernel lays them into memory that we share with it.

#include <cstddef>
#include <cstdint>
#include <span>
#include <utility>

#include "adapters/syn_scan/answer.hpp"
#include "adapters/syn_scan/routes.hpp"
#include "model/result.hpp"
#include "model/time.hpp"
#include "runtime/descriptor/descriptor.hpp"

namespace garita::syn_scan {

class ReceiveRing {
  public:
    /// Receives from now on what passes receive_filter(first). Needs CAP_NET_RAW.
    [[nodiscard]] static Result<ReceiveRing> open(const Interface& interface, Port first);
    ~ReceiveRing();
    ReceiveRing(ReceiveRing&& other) noexcept;
    ReceiveRing& operator=(ReceiveRing&&) = delete;
    ReceiveRing(const ReceiveRing&) = delete;
    ReceiveRing& operator=(const ReceiveRing&) = delete;

    struct Packet {
        std::uint16_t ether_type;
        std::span<const std::uint8_t> bytes;  ///< from the network header on
        Sums sums;
        Time arrived;  ///< of the system's clock
    };
    /// Hands over what has come, as one is ready.
    template <typename Visit>
    void drain(const Visit& visit) {
        while (ready()) {
            for (std::uint32_t i = 0; i < block_packets_; ++i)
                visit(next_packet());
            release();
        }
    }
    /// For poll(): readable when a block is ready.
    [[nodiscard]] int fd() const { return socket_.get(); }
    /// Packets that the kernel had no room for since the last call.
    [[nodiscard]] std::uint64_t take_drops();
    /// Why nothing comes any more, told once (ENETDOWN: the interface went down); 0: nothing is wrong.
    [[nodiscard]] int take_error();

  private:
    ReceiveRing(runtime::Descriptor socket, std::byte* memory)
        : socket_(std::move(socket)), memory_(memory) {}
    [[nodiscard]] bool ready();
    [[nodiscard]] Packet next_packet();
    void release();

    runtime::Descriptor socket_;
    std::byte* memory_ = nullptr;
    std::size_t block_ = 0;
    std::uint32_t block_packets_ = 0;  ///< of the block that is being read
    std::size_t packet_ = 0;           ///< where the next one begins
};

}  // namespace garita::syn_scan
