#pragma once
// Where switches' lines come in by our own receiver: it stays while offices change, so that a reload loses no
// datagram.

#include <deque>
#include <functional>
#include <memory>
#include <mutex>
#include <string>
#include <vector>

#include "access/arrivals.hpp"
#include "adapters/syslog/receiver.hpp"

namespace garita::programs {

class SyslogPost {
  public:
    using Clock = std::function<Time()>;
    using Sink = std::function<void(access::Arrival)>;

    explicit SyslogPost(Clock clock) : clock_(std::move(clock)) {}
    SyslogPost(const SyslogPost&) = delete;
    SyslogPost& operator=(const SyslogPost&) = delete;

    /// One address with its receiver.
    struct Place {
        syslog::Listen listen;
        std::unique_ptr<syslog::Receiver> receiver;  ///< none: it could not be bound anew, see trouble
        std::string trouble{};
    };
    /// Binds what is not bound yet; what is there goes on as it is. The first address that cannot be bound is
    /// the error, and nothing has changed.
    [[nodiscard]] Result<std::vector<Place>> bind(const std::vector<syslog::Listen>& wanted);
    /// From now on lines go to `sink`, those first that came since hold(). Places that are not wanted any
    /// more are closed; those of TLS that stay are bound anew, because their certificate may have changed.
    void open(const std::vector<syslog::Listen>& wanted, std::vector<Place> bound, Sink sink);
    /// Lines wait for the next sink; nobody is called any more when it returns.
    void hold();
    /// Who is waited for; at once, for what arrives from then on.
    void wait_for(const syslog::MacSet& macs);
    /// Tries places again that could not be bound; false: there is still one.
    bool mend();

    [[nodiscard]] syslog::ReceiverCounts counts() const;
    [[nodiscard]] std::vector<std::string> listening() const;  ///< "udp 0.0.0.0:514"
    [[nodiscard]] std::vector<std::string> troubles() const;

  private:
    static constexpr std::size_t most_held = 4096;
    [[nodiscard]] Result<std::unique_ptr<syslog::Receiver>> start(const syslog::Listen& listen);
    void heard(const syslog::ReceivedEvent& event);
    void restart(Place& place);

    Clock clock_;
    std::mutex sink_mutex_;  ///< over sink_ and held_; taken by receivers' threads
    Sink sink_;
    std::deque<access::Arrival> held_;
    mutable std::mutex mutex_;  ///< over what is below
    syslog::MacSet macs_;
    std::vector<Place> places_;
};

/// "udp 0.0.0.0:514", as the configuration has it.
[[nodiscard]] std::string to_text(const syslog::Listen& listen);

}  // namespace garita::programs
