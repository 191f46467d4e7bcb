#pragma once
// Tells one place of every case that it wants to hear of: looks at the store's rows, hands one delivery at a
// time to its carrier, writes back what became of it. A worker of its own, so that no place waits for
// another.
//
// A row is claimed (sending_since) before its delivery goes. After a crash the same delivery goes again with
// the same id, by which the receiver knows it.

#include <atomic>
#include <functional>
#include <map>
#include <optional>
#include <set>
#include <string>
#include <vector>

#include "adapters/sinks/carrier.hpp"
#include "adapters/sinks/delivery_ids.hpp"
#include "adapters/sinks/health.hpp"
#include "adapters/sinks/settings.hpp"
#include "model/worker.hpp"
#include "runtime/log/log.hpp"
#include "store/store.hpp"

namespace garita::sinks {

/// Under which the store keeps since when a place takes nothing: microseconds since 1970, or nothing.
[[nodiscard]] inline std::string failing_key(const std::string& channel) {
    return "sinks.failing_since." + channel;
}

class Sink final : public Worker {
  public:
    using Clock = std::function<Time()>;
    /// All references outlive the sink. The clock tells when a delivery, which may take long, has ended.
    Sink(Carrier& carrier, store::Store& store, const decide::Catalogue& texts, Settings settings,
         Clock clock, Health& health, runtime::Log log);

    [[nodiscard]] std::string_view name() const override { return name_; }
    Result<Duration> step(Time now) override;
    [[nodiscard]] Duration rest() const override;

  private:
    static constexpr std::size_t rows_at_once = 5000;  ///< that one look sees

    /// A row that wants to be told.
    struct Task {
        Message message;
        Case about;
        decide::Told told;  ///< as it is
        decide::Stage stage = decide::Stage::none;
    };
    struct Outlook {
        std::vector<Task> tasks;       ///< oldest first
        std::vector<Message> settled;  ///< rows that want nothing; some changed
    };

    /// What is kept from the run before.
    Result<void> open();
    /// A row for each open case, so that an outage loses none. True: there are more.
    Result<bool> enqueue();
    Result<Outlook> look(Time now);
    void look_at(store::View& view, Message message, Time now, Outlook& outlook) const;
    Result<void> settle(const std::vector<Message>& rows, Time now);

    /// What goes next; empty: nothing may go now.
    std::vector<Task> choose(std::vector<Task> tasks, Time now);
    Result<Delivery> write_down(const std::vector<Task>& tasks, Time now);
    Result<void> claim(std::vector<Task>& tasks, const Delivery& delivery, Time now);
    Result<void> deliver(std::vector<Task> tasks, Time now);

    Result<void> conclude(std::vector<Task> tasks, const Outcome& outcome);
    Result<void> taken(std::vector<Task> tasks, Time now);
    Result<void> try_later(std::vector<Task> tasks, const Outcome& outcome, Time now);
    Result<void> try_this_later(std::vector<Task> tasks, const Outcome& outcome, Time now);
    Result<void> put_aside(std::vector<Task> tasks, const Outcome& outcome, Time now);
    /// Whether others were taken since these are tried: then it is not the place that fails.
    [[nodiscard]] bool others_went_since(const std::vector<Task>& tasks) const;
    /// When this delivery alone is tried again.
    [[nodiscard]] Time next_try_of(const Message& row, Time now);
    /// Rows as they are; the audit trail tells of those that are given up.
    Result<void> write_back(const std::vector<Task>& tasks, const std::string& why, Time now);
    void audit_given_up(store::Transaction& transaction, const std::vector<Task>& tasks,
                        const std::string& why, Time now) const;
    void keep_failing_since(store::Transaction& transaction) const;
    void report(const std::string& what);
    void wait_until(Time due, Time now);
    [[nodiscard]] decide::Reader reader() const { return {texts_, *settings_.zone, settings_.language}; }

    Carrier& carrier_;
    store::Store& store_;
    const decide::Catalogue& texts_;
    const Settings settings_;
    const std::string channel_;
    const std::string name_;
    const Clock clock_;
    Health& health_;
    runtime::Log log_;
    std::optional<DeliveryIds> ids_;
    /// Since when nothing goes there. Kept in the store: a restart must not begin the span to giving up anew.
    std::optional<Time> failing_since_;
    Time paused_until_{};
    int failures_in_a_row_ = 0;
    std::optional<Time> last_taken_;
    /// When rows are to be seen again that the store hides until then.
    std::set<Time> tries_to_come_;
    std::optional<Time> last_digest_;
    Time settled_at_{};
    bool crowd_ = false;
    Duration next_look_{};
};

}  // namespace garita::sinks
