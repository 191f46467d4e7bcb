#pragma once
// The hub's part that lets new devices in at switch ports, as its configuration says.

#include <atomic>
#include <functional>
#include <map>
#include <memory>
#include <mutex>
#include <string>
#include <vector>

#include "access/arrivals.hpp"
#include "access/deadlines.hpp"
#include "access/desk.hpp"
#include "access/monitor.hpp"
#include "access/switch_room.hpp"
#include "adapters/access_archive/archive.hpp"
#include "adapters/ios/driver.hpp"
#include "programs/hub_access/access_setup.hpp"
#include "programs/hub_access/database_poll.hpp"
#include "programs/hub_access/mail_codes.hpp"
#include "programs/hub_access/mailroom.hpp"
#include "programs/hub_access/syslog_post.hpp"
#include "programs/hub_access/waiting_list.hpp"
#include "runtime/config/hub_config.hpp"
#include "runtime/log/log.hpp"
#include "runtime/worker/runner.hpp"

namespace garita::programs {

class HubAccess final : public access::AccessMonitor {
  public:
    /// What is not this object's own, and outlives it.
    struct Ground {
        store::Store& store;
        store::AccessBook& book;
        store::LetterBook& letters;
        SyslogPost& syslog;
        runtime::tls::KeyPaths keys;  ///< the hub's own
        runtime::Log log;
    };
    /// Nothing runs yet, but addresses that nobody listened on are bound. Fails where the configuration names
    /// what is not there, or an address is taken. `config.access` is there.
    [[nodiscard]] static Result<std::unique_ptr<HubAccess>> make(const Ground& ground,
                                                                 const runtime::HubConfig& config);
    [[nodiscard]] access::AccessDesk& desk() { return desk_; }
    /// Starts the workers.
    void open(runtime::WorkerGroup& workers);
    /// Before the workers are stopped: ends what waits in the world; what switches say is kept for the next.
    void cancel();
    /// Wakes whoever waits for it. Not after the workers have stopped.
    void heard(const store::Ring& ring);
    [[nodiscard]] access::AccessStanding standing() const override;
    [[nodiscard]] Result<void> retry(std::string_view switch_name) override;
    [[nodiscard]] std::vector<std::string> troubles() const;

  private:
    HubAccess(const Ground& ground, const runtime::HubConfig& config, const access::WorkingHours& hours);
    void start(runtime::WorkerGroup& workers, Worker& worker);
    void wake(const Worker& worker);
    [[nodiscard]] Result<void> open_rooms(const runtime::AccessConfig& config);
    [[nodiscard]] Result<void> open_mailbox(const runtime::HubConfig& config);

    Ground ground_;
    const std::vector<syslog::Listen> listen_;
    std::vector<SyslogPost::Place> bound_;  ///< until open()
    MailCodes codes_;
    access::Correspondence correspondence_;
    access::AccessDesk desk_;
    access::Deadlines deadlines_;
    access_archive::Archive archive_;
    access::Arrivals arrivals_;
    WaitingList waiting_list_;
    std::vector<std::unique_ptr<DatabasePoll>> polls_;
    ios::IosDriver ios_;
    std::vector<std::unique_ptr<access::SwitchRoom>> rooms_;
    std::unique_ptr<Mailroom> mailroom_;  ///< none: no approvals by mail
    std::string mailbox_name_;            ///< for people

    [[nodiscard]] runtime::WorkerHealth health_of(std::string_view worker) const;
    std::atomic<runtime::WorkerThread*> arrivals_thread_ = nullptr;
    mutable std::mutex threads_mutex_;  ///< over the pointers: those who ask come while the office closes
    std::map<std::string, runtime::WorkerThread*, std::less<>> threads_;  ///< by the workers' names
};

}  // namespace garita::programs
