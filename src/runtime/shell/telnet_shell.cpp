#include "runtime/shell/telnet_shell.hpp"

#include <array>
#include <cerrno>
#include <cstring>
#include <poll.h>

#include <sys/socket.h>

#include "runtime/shell/connected_socket.hpp"
#include "runtime/shell/telnet_codec.hpp"

namespace garita::runtime {
namespace {

constexpr Duration write_within = std::chrono::seconds(10);

class TelnetShell final : public Shell {
  public:
    explicit TelnetShell(Descriptor socket) : socket_(std::move(socket)) {}

    Result<void> write(std::string_view bytes) override { return send(TelnetCodec::encode(bytes)); }

    Result<Piece> read(Duration within) override {
        std::array<char, 16384> buffer{};
        if (!ready_within(socket_.get(), POLLIN, within)) return Piece{Is::silent, {}};
        const auto count = ::recv(socket_.get(), buffer.data(), buffer.size(), 0);
        if (count < 0 && (errno == EAGAIN || errno == EINTR)) return Piece{Is::silent, {}};
        if (count <= 0) return Piece{Is::closed, {}};
        auto text = codec_.decode({buffer.data(), static_cast<std::size_t>(count)});
        if (const auto done = send(codec_.take_replies()); !done) return Piece{Is::closed, {}};
        if (text.empty()) return Piece{Is::silent, {}};
        return Piece{Is::data, std::move(text)};
    }

  private:
    Result<void> send(std::string_view bytes) {
        while (!bytes.empty()) {
            const auto count = ::send(socket_.get(), bytes.data(), bytes.size(), MSG_NOSIGNAL);
            if (count > 0) {
                bytes.remove_prefix(static_cast<std::size_t>(count));
                continue;
            }
            const bool full = count < 0 && (errno == EAGAIN || errno == EINTR);
            if (!full || !ready_within(socket_.get(), POLLOUT, write_within))
                return fail(ErrorCode::unavailable,
                            std::string("the Telnet connection ended: ") + std::strerror(errno),
                            Retry::later);
        }
        return {};
    }

    Descriptor socket_;
    TelnetCodec codec_;
};

}  // namespace

Result<std::unique_ptr<Shell>> open_telnet_shell(const std::string& host, std::uint16_t port,
                                                 Duration within) {
    auto socket = connect_within(host, port, within);
    if (!socket) return tl::unexpected(socket.error());
    return std::make_unique<TelnetShell>(std::move(*socket));
}

}  // namespace garita::runtime
