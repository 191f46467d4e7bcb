#pragma once
// Frames out by one interface, many with one call.

#include <array>
#include <cstddef>
#include <memory>
#include <span>

#include <sys/socket.h>
#include <sys/uio.h>

#include "adapters/syn_scan/frame.hpp"
#include "adapters/syn_scan/routes.hpp"
#include "model/result.hpp"
#include "runtime/descriptor/descriptor.hpp"

namespace garita::syn_scan {

/// Of one thread.
class Sender {
  public:
    static constexpr std::size_t most = 128;

    [[nodiscard]] static Result<Sender> open(const Interface& interface);

    [[nodiscard]] bool full() const { return count_ == most; }
    [[nodiscard]] std::size_t count() const { return count_; }
    /// To be filled; its length is told by add().
    [[nodiscard]] FrameBytes& frame() { return batch_->frames[count_]; }
    void add(std::size_t length) { batch_->parts[count_++].iov_len = length; }

    struct Sent {
        std::size_t count = 0;  ///< of those added, from the first on
        int error = 0;          ///< why no more: errno
    };
    /// Sends what was added, and forgets it.
    [[nodiscard]] Sent flush();

  private:
    struct Batch {
        std::array<FrameBytes, most> frames{};
        std::array<iovec, most> parts{};
        std::array<mmsghdr, most> messages{};
    };
    explicit Sender(runtime::Descriptor socket);

    runtime::Descriptor socket_;
    std::unique_ptr<Batch> batch_;
    std::size_t count_ = 0;
};

}  // namespace garita::syn_scan
