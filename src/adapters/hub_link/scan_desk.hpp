#pragma once
// The hub's side of looking from agents: gives each order to its agent once, takes in what comes of it, and
// ends what nobody waits for any more.

#include <chrono>
#include <condition_variable>
#include <functional>
#include <map>
#include <memory>
#include <mutex>
#include <optional>
#include <set>
#include <string>
#include <string_view>

#include "adapters/hub_link/protocol.hpp"
#include "adapters/hub_link/scan_protocol.hpp"
#include "model/device.hpp"
#include "runtime/http/message.hpp"
#include "scan/vantage_desk.hpp"

namespace garita::hub_link {

/// The topic that an agent's request for orders is parked on.
[[nodiscard]] std::string scans_topic(std::string_view device);

class ScanDesk final : public scan::VantageDesk {
  public:
    using Clock = std::chrono::steady_clock;
    struct World {
        /// Wakes what is parked on a topic. Any thread.
        std::function<void(const std::string& topic)> wake;
        /// The agent of this name, as the store knows it.
        std::function<Result<std::optional<Device>>(std::string_view name)> device;
        /// An order's row of the audit trail: without it nothing is ordered.
        std::function<Result<void>(const Actor& by, const std::string& object, const std::string& detail)>
            audit;
        std::function<Clock::time_point()> steady = Clock::now;
    };
    explicit ScanDesk(World world) : world_(std::move(world)) {}

    /// What an agent says in its other calls.
    void heard_of(std::string_view device, Scans scans);

    /// An authenticated agent's request, again each time it is woken.
    [[nodiscard]] Result<runtime::http::Answer> serve(const std::string& device,
                                                      const runtime::http::Request& request);

    [[nodiscard]] Result<void> ready(std::string_view agent) override;
    [[nodiscard]] Result<std::string> order(std::string_view agent, std::string_view task, const Actor& by,
                                            std::string_view from) override;
    [[nodiscard]] Result<std::string> news(std::string_view id) override;
    [[nodiscard]] Result<void> stop(std::string_view id) override;

    /// The same as values, for the hub itself, which writes no audit trail of its own looks.
    [[nodiscard]] Result<std::string> order(std::string_view agent, scan::VantageTask task, std::string by);
    /// Waits for so long where nothing is new.
    [[nodiscard]] Result<scan::VantageNews> look(std::string_view id, std::chrono::milliseconds patience);

  private:
    enum class Stage { waiting, given, running, ended };
    struct Order {
        std::string agent;
        ScanOrder order;
        Stage stage = Stage::waiting;
        bool stopped = false;  ///< it shall end with what is known
        Clock::time_point asked_for;
        scan::Progress progress;
        std::set<scan::FoundOpen> open;
        std::optional<Result<scan::VantageOutcome>> outcome;
        std::uint64_t version = 0;
    };
    struct Agent {
        std::string instance;
        Clock::time_point heard;
        Clock::time_point expected_by;  ///< it is heard again, if all is well
    };
    using Orders = std::map<std::string, Order, std::less<>>;

    // with the mutex held
    [[nodiscard]] Result<void> why_not(std::string_view agent) const;
    [[nodiscard]] Result<void> ready_locked(std::string_view agent);
    [[nodiscard]] bool is_away(std::string_view agent) const;
    void take_in(const std::string& device, const ScansRequest& request, ScansReply& reply);
    void take_running(const std::string& device, const ScansRequest& request);
    void give(const std::string& device, const ScansRequest& request, ScansReply& reply);
    void end(Order& order, Result<scan::VantageOutcome> outcome);
    void forget_abandoned();
    [[nodiscard]] Result<scan::VantageNews> news_of(Orders::iterator at);

    const World world_;
    std::mutex mutex_;
    std::condition_variable changed_;
    std::map<std::string, Agent, std::less<>> agents_;
    std::map<std::string, Scans, std::less<>> said_;
    Orders orders_;
    std::vector<std::string> sequence_;  ///< of those that wait, the first first
};

}  // namespace garita::hub_link
