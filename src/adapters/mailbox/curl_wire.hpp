#pragma once
// A connection to a mail server, opened and logged in by libcurl (TLS, STARTTLS, its ways to log in); what is
// said from then on is ours, because libcurl knows neither IDLE nor how to ask for letters by lasting names.

#include <atomic>
#include <chrono>
#include <memory>
#include <string>

#include "adapters/mailbox/settings.hpp"
#include "adapters/mailbox/wire.hpp"
#include "runtime/descriptor/descriptor.hpp"

namespace garita::mailbox {

/// Ends what waits for a server, from any thread, for ever.
class StopBell {
  public:
    StopBell();
    void ring();
    [[nodiscard]] bool has_rung() const { return rung_; }
    [[nodiscard]] int fd() const { return event_.get(); }

  private:
    std::atomic<bool> rung_{false};
    runtime::Descriptor event_;
};

class CurlWire final : public Wire {
  public:
    /// Errors: unavailable (no connection, timed out, stopped), forbidden (login, certificate, no TLS).
    static Result<std::unique_ptr<CurlWire>> connect(const MailboxServer& server, const StopBell& stop);
    ~CurlWire() override;
    CurlWire(const CurlWire&) = delete;
    CurlWire& operator=(const CurlWire&) = delete;

    /// From now on all together may take so long; `listen` does not count.
    void allow(std::chrono::milliseconds time) { until_ = std::chrono::steady_clock::now() + time; }

    Result<void> send(std::string_view text) override;
    Result<std::string> line(std::size_t longest) override;
    Result<std::string> bytes(std::size_t count) override;
    Result<Heard> listen(std::chrono::milliseconds longest) override;

  private:
    class Connection;
    using Clock = std::chrono::steady_clock;
    enum class Direction { in, out };
    CurlWire(std::unique_ptr<Connection> connection, const StopBell& stop);
    /// Takes what has come into the buffer: true when there was something.
    Result<bool> take();
    Result<void> receive();
    /// True: ready; false: the time is over.
    Result<bool> wait(Direction direction, Clock::time_point until) const;
    [[nodiscard]] tl::unexpected<Error> trouble(std::string_view what) const;

    std::unique_ptr<Connection> connection_;
    const StopBell& stop_;
    std::string server_;
    std::string buffer_;
    std::size_t read_ = 0;  ///< of the buffer
    Clock::time_point until_;
};

}  // namespace garita::mailbox
