#pragma once
// A database that rsyslog writes to, read again and again: what is new in it goes to the arrivals, and the
// place that was reached is stored together with what came of it. What was said before anybody waited for the
// device is remembered, and goes there when somebody does.

#include <memory>
#include <optional>
#include <string>
#include <vector>

#include "access/arrivals.hpp"
#include "access/recent_events.hpp"
#include "adapters/rsyslog_db/poll.hpp"
#include "adapters/syslog/waiting.hpp"
#include "model/worker.hpp"
#include "store/access_book.hpp"
#include "store/store.hpp"

namespace garita::programs {

class DatabasePoll final : public Worker {
  public:
    struct Settings {
        std::string name;  ///< as the configuration has it
        /// Names the table for the stored place: another table's ids mean nothing here.
        std::string table;
        Duration every = std::chrono::seconds{5};
        Duration overlap = std::chrono::seconds{60};
        std::uint64_t look_back = 200000;  ///< rows that are read at the start for what was said before
    };
    /// Store, book and arrivals outlive it.
    DatabasePoll(Settings settings, std::unique_ptr<rsyslog_db::Table> table, store::Store& store,
                 store::AccessBook& book, access::Arrivals& arrivals);

    [[nodiscard]] std::string_view name() const override { return name_; }
    Result<Duration> step(Time now) override;
    [[nodiscard]] const std::string& database() const { return settings_.name; }

  private:
    struct Said {
        std::string host;
        std::string line;
    };
    struct Waiting {
        syslog::MacSet all;
        std::vector<MacAddress> unseen;  ///< new here, and no switch has told of it
    };
    void remember(const rsyslog_db::Row& row);
    [[nodiscard]] Result<Waiting> who_waits();
    [[nodiscard]] access::Arrival arrival_of(const std::string& host, const std::string& line,
                                             const std::string& source, Time now) const;
    /// Where the last start came to, or the newest row at the very first.
    [[nodiscard]] Result<void> begin(Time now);
    [[nodiscard]] Result<void> keep(const std::vector<access::Arrival>& arrivals, Time now);

    const Settings settings_;
    const std::string name_;  ///< "database log1"
    const std::string key_;   ///< of the stored place
    std::unique_ptr<rsyslog_db::Table> table_;
    store::Store& store_;
    store::AccessBook& book_;
    access::Arrivals& arrivals_;
    access::RecentEvents<Said> recent_;
    syslog::MacSet waiting_;  ///< for whom it was looked among the recent events
    std::optional<rsyslog_db::Poll> poll_;
    std::uint64_t stored_ = 0;
    Time stored_at_{};
};

}  // namespace garita::programs
