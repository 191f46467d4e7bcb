#pragma once
// Looks that take long, beside the others: ports of UDP of one host shall hold up nobody else's.

#include <condition_variable>
#include <functional>
#include <mutex>
#include <optional>
#include <set>
#include <stop_token>
#include <string>
#include <thread>
#include <vector>

#include "scan/looks.hpp"

namespace garita::scan {

/// One round at a time, in a thread of its own. All functions but close() are called by one thread.
class SideRound {
  public:
    struct Looks {
        std::vector<Look> looks;
        std::set<std::string> networks;  ///< looked at as a whole
        [[nodiscard]] bool empty() const { return looks.empty() && networks.empty(); }
    };
    struct Outcome {
        Looks asked;
        Result<std::vector<Observation>> found;
    };
    /// `eyes` are nobody else's meanwhile. `warned` and `wake` are called by the round's thread, `wake` when
    /// a round is over.
    SideRound(Eyes eyes, Limits limits, std::stop_token stop, std::function<void(const std::string&)> warned,
              std::function<void()> wake);
    ~SideRound();
    SideRound(const SideRound&) = delete;
    SideRound& operator=(const SideRound&) = delete;

    /// Until its outcome has been taken.
    [[nodiscard]] bool is_under_way() const { return thread_.joinable(); }
    void begin(Looks looks, Time now);
    /// Of a round that is over.
    [[nodiscard]] std::optional<Outcome> take();
    /// Any thread, once the stop was requested: no round begins any more, and when it returns none goes on.
    /// Whoever calls holds nothing that `wake` needs.
    void close();

  private:
    const Eyes eyes_;
    const Limits limits_;
    const std::stop_token stop_;
    const std::function<void(const std::string&)> warned_;
    const std::function<void()> wake_;
    Outcome outcome_;
    std::mutex mutex_;
    std::condition_variable changed_;
    bool runs_ = false;
    bool closed_ = false;
    std::thread thread_;
};

}  // namespace garita::scan
