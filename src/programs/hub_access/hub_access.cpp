#include "programs/hub_access/hub_access.hpp"

#include "runtime/clock/clock.hpp"

namespace garita::programs {

HubAccess::HubAccess(const Ground& ground, const runtime::HubConfig& config,
                     const access::WorkingHours& hours)
    : ground_(ground),
      listen_(listen_of(config.access->syslog, ground.keys)),
      correspondence_(ground.letters, addressees_of(config, *config.access, hours)),
      desk_(ground.store, ground.book, correspondence_, codes_, desk_settings(*config.access, hours)),
      deadlines_(ground.store, ground.book, correspondence_),
      archive_(ground.store, ground.book, ground.letters, archive_of(config, hours)),
      arrivals_(ground.store, ground.book, inventory_of(*config.access),
                [this] {
                    if (auto* const thread = arrivals_thread_.load()) thread->wake();
                }),
      waiting_list_(ground.store, ground.book,
                    [this](const syslog::MacSet& macs) { ground_.syslog.wait_for(macs); }) {
    for (const auto& database : config.access->databases)
        polls_.push_back(std::make_unique<DatabasePoll>(poll_of(database), table_of(database), ground.store,
                                                        ground.book, arrivals_));
}

Result<std::unique_ptr<HubAccess>> HubAccess::make(const Ground& ground, const runtime::HubConfig& config) {
    const auto hours = hours_of(config, *config.access);
    if (!hours) return tl::unexpected(hours.error());
    std::unique_ptr<HubAccess> made(new HubAccess(ground, config, *hours));
    if (const auto rooms = made->open_rooms(*config.access); !rooms) return tl::unexpected(rooms.error());
    if (const auto mailbox = made->open_mailbox(config); !mailbox) return tl::unexpected(mailbox.error());
    auto bound = ground.syslog.bind(made->listen_);
    if (!bound) return tl::unexpected(bound.error());
    made->bound_ = *std::move(bound);
    return made;
}

Result<void> HubAccess::open_rooms(const runtime::AccessConfig& config) {
    const access::SwitchRoom::Tools tools{ground_.store, ground_.book, correspondence_, ios_,
                                          runtime::system_now};
    for (const auto& one : config.switches) {
        auto settings = room_of(config, one);
        if (!settings) return tl::unexpected(settings.error());
        rooms_.push_back(std::make_unique<access::SwitchRoom>(tools, *std::move(settings)));
    }
    return {};
}

Result<void> HubAccess::open_mailbox(const runtime::HubConfig& config) {
    const auto& access = *config.access;
    if (!access.mailbox) return {};
    auto server = mailbox_of(*access.mailbox);
    if (!server) return tl::unexpected(server.error());
    mailbox_name_ = name_of(*server);
    auto rungs = rungs_of(access.proof, config.state);
    if (!rungs) return tl::unexpected(rungs.error());
    mailroom_ = std::make_unique<Mailroom>(
        Mailroom::Ground{ground_.store, ground_.book, correspondence_, codes_, desk_},
        Mailroom::Settings{*std::move(server), reception_of(*access.mailbox),
                           reading_of(config, *access.mailbox), *std::move(rungs),
                           letter_rules(config, access.proof)});
    return {};
}

void HubAccess::start(runtime::WorkerGroup& workers, Worker& worker) {
    auto* const thread = &workers.start(worker);
    const std::lock_guard lock(threads_mutex_);
    threads_[std::string(worker.name())] = thread;
}

void HubAccess::open(runtime::WorkerGroup& workers) {
    arrivals_thread_ = &workers.start(arrivals_);
    ground_.syslog.open(listen_, std::move(bound_),
                        [this](access::Arrival arrival) { arrivals_.put(std::move(arrival)); });
    start(workers, waiting_list_);
    start(workers, deadlines_);
    start(workers, archive_);
    for (const auto& room : rooms_)
        start(workers, *room);
    for (const auto& poll : polls_)
        start(workers, *poll);
    if (mailroom_) start(workers, mailroom_->worker());
}

void HubAccess::cancel() {
    ground_.syslog.hold();
    arrivals_thread_ = nullptr;
    if (mailroom_) mailroom_->stop();
    const std::lock_guard lock(threads_mutex_);
    threads_.clear();
}

void HubAccess::wake(const Worker& worker) {
    const std::lock_guard lock(threads_mutex_);
    if (const auto found = threads_.find(worker.name()); found != threads_.end()) found->second->wake();
}

void HubAccess::heard(const store::Ring& ring) {
    if (ring.topic != store::Topic::access) return;
    wake(waiting_list_);
    wake(deadlines_);
    wake(archive_);
    for (const auto& room : rooms_)
        wake(*room);
}

runtime::WorkerHealth HubAccess::health_of(std::string_view worker) const {
    const std::lock_guard lock(threads_mutex_);
    const auto found = threads_.find(worker);
    return found == threads_.end() ? runtime::WorkerHealth{} : found->second->health();
}

access::AccessStanding HubAccess::standing() const {
    access::AccessStanding standing;
    for (const auto& room : rooms_)
        standing.switches.push_back(room->standing());
    for (const auto& poll : polls_) {
        const auto health = health_of(poll->name());
        standing.databases.push_back({poll->database(), health.last_success, health.last_error});
    }
    if (mailroom_) {
        const auto health = health_of(mailroom_->worker().name());
        standing.mailbox = {mailbox_name_, health.last_success, health.last_error};
    }
    if (!listen_.empty()) {
        const auto counts = ground_.syslog.counts();
        standing.receiver = {ground_.syslog.listening(), counts.received, counts.events,
                             counts.lost_by_kernel, counts.refused};
    }
    return standing;
}

Result<void> HubAccess::retry(std::string_view switch_name) {
    for (const auto& room : rooms_) {
        if (room->standing().name != switch_name) continue;
        room->retry();
        wake(*room);
        return {};
    }
    return fail(ErrorCode::not_found, "switch " + std::string(switch_name) + " is not in the inventory");
}

std::vector<std::string> HubAccess::troubles() const {
    auto all = ground_.syslog.troubles();
    for (const auto& room : rooms_) {
        const auto one = room->standing();
        const bool forbidden = one.state == access::SwitchStanding::State::forbidden;
        if (!forbidden && one.state != access::SwitchStanding::State::away) continue;
        all.push_back(
            "switch " + one.name + ": " + one.error +
            (forbidden ? " (not tried again by itself: `garita access retry " + one.name + "`)" : ""));
    }
    if (const auto dropped = arrivals_.counts().dropped; dropped > 0)
        all.push_back("access: " + std::to_string(dropped) +
                      " lines about devices that are waited for found no room: somebody floods this hub");
    return all;
}

}  // namespace garita::programs
