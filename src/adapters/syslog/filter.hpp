#pragma once
// One message after another: counted, and handed on where somebody waits for it.

#include <atomic>
#include <memory>
#include <string>
#include <string_view>
#include <utility>

#include "access/recent_events.hpp"
#include "adapters/syslog/receiver.hpp"

namespace garita::syslog {

/// Written by the receiver's thread only, read by any.
struct Counters {
    std::atomic<std::uint64_t> received{0};
    std::atomic<std::uint64_t> events{0};
    std::atomic<std::uint64_t> cut{0};
    std::atomic<std::uint64_t> lost_by_kernel{0};
    std::atomic<std::uint64_t> connections{0};
    std::atomic<std::uint64_t> refused{0};
    std::atomic<std::uint64_t> displaced{0};
    std::atomic<std::uint64_t> broken{0};

    /// Without the price of a locked instruction: there is one writer.
    static void add(std::atomic<std::uint64_t>& counter, std::uint64_t more) {
        counter.store(counter.load(std::memory_order_relaxed) + more, std::memory_order_relaxed);
    }
};

class Filter {
  public:
    Filter(WaitingMacs& waiting, Counters& counters, Receiver::OnEvent on_event)
        : waiting_(&waiting), counters_(&counters), on_event_(std::move(on_event)) {}

    /// Before each piece of input: who is waited for from now on. What was said about them lately is handed
    /// on now.
    void refresh() {
        const auto before = std::exchange(macs_, waiting_->now());
        if (macs_ == before) return;
        for (const auto& mac : *macs_) {
            const auto* const said = before && before->contains(mac) ? nullptr : recent_.find(mac);
            if (said == nullptr) continue;
            if (const auto event = access::read_port_event(said->line))
                hand_on(*event, said->sender, said->line);
        }
    }
    void take(std::string_view line, const IpAddress& sender) {
        Counters::add(counters_->received, 1);
        if (!access::may_be_port_event(line)) return;
        const auto event = access::read_port_event(line);
        if (!event) return;
        if (is_waited_for(*event))
            hand_on(*event, sender, line);
        else if (event->mac && line.size() <= Recent::longest_line)
            remember(*event->mac, sender, line);
    }
    [[nodiscard]] Counters& counters() { return *counters_; }

  private:
    struct Said {
        IpAddress sender;
        std::string line;
    };
    using Recent = access::RecentEvents<Said>;

    void remember(const MacAddress& mac, const IpAddress& sender, std::string_view line) {
        auto& said = recent_.place_for(mac);
        said.sender = sender;
        said.line.assign(line);
    }
    [[nodiscard]] bool is_waited_for(const access::PortEvent& event) const {
        if (event.mac) return macs_->contains(*event.mac);
        return !macs_->empty() && event.cause == "psecure-violation";
    }
    void hand_on(const access::PortEvent& event, const IpAddress& sender, std::string_view line) {
        Counters::add(counters_->events, 1);
        on_event_({event, sender, line});
    }

    WaitingMacs* waiting_;
    Counters* counters_;
    Receiver::OnEvent on_event_;
    std::shared_ptr<const MacSet> macs_;
    Recent recent_;
};

}  // namespace garita::syslog
