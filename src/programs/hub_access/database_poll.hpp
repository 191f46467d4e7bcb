#pragma once
// A database that rsyslog writes to, read again and again: what is new in it goes to the arrivals, and the
// place that was reached is stored together with what came of it.

#include <memory>
#include <optional>
#include <string>
#include <vector>

#include "access/arrivals.hpp"
#include "adapters/rsyslog_db/poll.hpp"
#include "model/worker.hpp"
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
    };
    /// Store and arrivals outlive it.
    DatabasePoll(Settings settings, std::unique_ptr<rsyslog_db::Table> table, store::Store& store,
                 access::Arrivals& arrivals);

    [[nodiscard]] std::string_view name() const override { return name_; }
    Result<Duration> step(Time now) override;
    [[nodiscard]] const std::string& database() const { return settings_.name; }

  private:
    /// Where the last start came to, or the newest row at the very first.
    [[nodiscard]] Result<void> begin(Time now);
    [[nodiscard]] Result<void> keep(const std::vector<access::Arrival>& arrivals, Time now);

    const Settings settings_;
    const std::string name_;  ///< "database log1"
    const std::string key_;   ///< of the stored place
    std::unique_ptr<rsyslog_db::Table> table_;
    store::Store& store_;
    access::Arrivals& arrivals_;
    std::optional<rsyslog_db::Poll> poll_;
    std::uint64_t stored_ = 0;
    Time stored_at_{};
};

}  // namespace garita::programs
