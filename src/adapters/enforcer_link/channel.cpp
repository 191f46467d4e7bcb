#include "adapters/enforcer_link/channel.hpp"

#include <algorithm>
#include <array>
#include <cerrno>
#include <cstdint>
#include <cstring>
#include <unistd.h>

#include <sys/socket.h>
#include <sys/time.h>
#include <sys/uio.h>

namespace garita::enforcer_link {
namespace {

/// Memory is taken as the bytes come, not as they are announced.
constexpr std::size_t read_step = 1024 * 1024;

tl::unexpected<Error> lost(const char* what, int error) {
    return fail(ErrorCode::unavailable, std::string("between the two parts of the agent: cannot ") + what +
                                            ": " + std::strerror(error));
}

}  // namespace

Channel::~Channel() {
    close();
}

void Channel::close() {
    if (fd_ >= 0) ::close(std::exchange(fd_, -1));
}

Result<std::pair<Channel, Channel>> Channel::pair() {
    std::array<int, 2> ends{-1, -1};
    if (socketpair(AF_UNIX, SOCK_STREAM | SOCK_CLOEXEC, 0, ends.data()) != 0) return lost("connect", errno);
    return std::pair{Channel(ends[0]), Channel(ends[1])};
}

void Channel::limit_waiting(std::chrono::seconds limit) {
    const timeval timeout{limit.count(), 0};
    (void)setsockopt(fd_, SOL_SOCKET, SO_RCVTIMEO, &timeout, sizeof timeout);
    (void)setsockopt(fd_, SOL_SOCKET, SO_SNDTIMEO, &timeout, sizeof timeout);
}

Result<void> Channel::send(std::string_view message) {
    if (message.size() > largest_message)
        return fail(ErrorCode::full, "between the two parts of the agent: a message of " +
                                         std::to_string(message.size()) + " bytes is too large");
    auto size = static_cast<std::uint32_t>(message.size());
    std::array<iovec, 2> parts{iovec{&size, sizeof size},
                               iovec{const_cast<char*>(message.data()), message.size()}};
    msghdr header{};
    header.msg_iov = parts.data();
    header.msg_iovlen = parts.size();
    while (header.msg_iovlen > 0) {
        const auto sent = sendmsg(fd_, &header, MSG_NOSIGNAL);
        if (sent < 0 && errno == EINTR) continue;
        if (sent < 0) return lost("send", errno);
        auto left = static_cast<std::size_t>(sent);
        while (header.msg_iovlen > 0 && left >= header.msg_iov->iov_len) {
            left -= header.msg_iov->iov_len;
            ++header.msg_iov;
            --header.msg_iovlen;
        }
        if (header.msg_iovlen == 0) break;
        header.msg_iov->iov_base = static_cast<char*>(header.msg_iov->iov_base) + left;
        header.msg_iov->iov_len -= left;
    }
    return {};
}

Result<std::size_t> Channel::read_some(char* to, std::size_t size) const {
    for (;;) {
        const auto got = recv(fd_, to, size, 0);
        if (got >= 0) return static_cast<std::size_t>(got);
        if (errno != EINTR) return lost("receive", errno);
    }
}

Result<std::optional<std::string>> Channel::receive() {
    std::array<char, sizeof(std::uint32_t)> head{};
    for (std::size_t have = 0; have < head.size();) {
        const auto got = read_some(head.data() + have, head.size() - have);
        if (!got) return tl::unexpected(got.error());
        if (*got == 0 && have == 0) return std::optional<std::string>{};
        if (*got == 0) return lost("receive", ECONNRESET);
        have += *got;
    }
    std::uint32_t size = 0;
    std::memcpy(&size, head.data(), sizeof size);
    if (size > largest_message) return lost("receive", EMSGSIZE);
    std::string message;
    for (std::size_t have = 0; have < size;) {
        if (have == message.size())
            message.resize(std::min<std::size_t>(size, have + std::max(have, read_step)));
        const auto got = read_some(message.data() + have, message.size() - have);
        if (!got) return tl::unexpected(got.error());
        if (*got == 0) return lost("receive", ECONNRESET);
        have += *got;
    }
    return std::optional(std::move(message));
}

}  // namespace garita::enforcer_link
