#pragma once
// The agent's side of being looked from: asks the hub for orders, tells how far they are, and ends them where
// the hub does not want them any more or is not heard.

#include <chrono>
#include <condition_variable>
#include <deque>
#include <mutex>
#include <optional>
#include <string>
#include <vector>

#include "adapters/hub_link/hub_line.hpp"
#include "adapters/hub_link/scan_protocol.hpp"
#include "model/worker.hpp"

namespace garita::hub_link {

/// Who carries orders out. Called by the worker that speaks to the hub; shall not block.
class ScanCrew {
  public:
    virtual ~ScanCrew() = default;
    /// To be answered by ScanLink::answer. Once for each id.
    virtual void begin(const ScanOrder& order) = 0;
    /// It shall end with what is known.
    virtual void stop(const std::string& id) = 0;
    virtual void orders_refused(const std::string& why) = 0;
};

class ScanLink final : public Worker {
  public:
    ScanLink(const std::string& hub, AgentIdentity& identity, ScanCrew& crew);
    [[nodiscard]] std::string_view name() const override { return "scan orders"; }
    Result<Duration> step(Time now) override;

    /// Of an order that runs. Any thread.
    void progress(const std::string& id, const scan::Progress& progress);
    void found(const std::string& id, scan::FoundOpen open);
    void answer(ScanAnswer answer);
    /// Ends a running call for good, for shutdown. Any thread.
    void stop();

  private:
    using Clock = std::chrono::steady_clock;
    [[nodiscard]] ScansRequest compose();
    void take(const ScansRequest& request, const ScansReply& reply, Clock::time_point asked);
    [[nodiscard]] Result<Duration> without_answer(const Error& error);
    void begin(const ScanOrder& order, Duration age);

    ScanCrew& crew_;
    HubLine line_;
    const std::string instance_;
    std::mutex mutex_;
    bool stopped_ = false;
    bool waiting_ = false;
    std::deque<std::string> begun_;  ///< lately, in this run
    std::vector<ScanUnderWay> running_;
    std::vector<ScanAnswer> answers_;
    Clock::time_point heard_ = Clock::now();  ///< the hub, itself
};

}  // namespace garita::hub_link
