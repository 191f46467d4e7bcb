#pragma once
// Syslog over UDP: many datagrams a system call.

#include <cstdint>
#include <vector>

#include <sys/socket.h>

#include "adapters/syslog/filter.hpp"
#include "runtime/descriptor/descriptor.hpp"

namespace garita::syslog {

class Datagrams {
  public:
    Datagrams(runtime::Descriptor socket, std::size_t longest);
    Datagrams(Datagrams&&) = default;

    [[nodiscard]] int fd() const { return socket_.get(); }
    /// What has arrived, but not for ever: others are waiting too.
    void read(Filter& filter);

  private:
    static constexpr std::size_t batch = 64;
    struct Control {
        alignas(cmsghdr) char bytes[64];
    };
    std::size_t receive();
    void take(std::size_t index, Filter& filter);

    runtime::Descriptor socket_;
    std::size_t longest_;
    std::uint32_t lost_ = 0;  ///< the kernel's own count at the last look; wraps
    std::vector<char> bytes_;
    std::vector<iovec> places_;
    std::vector<sockaddr_storage> senders_;
    std::vector<Control> controls_;
    std::vector<mmsghdr> headers_;
};

}  // namespace garita::syslog
