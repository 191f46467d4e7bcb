#include "enforce/class_reconciler.hpp"

#include <algorithm>
#include <utility>

namespace garita::enforce {
namespace {

constexpr int quick_batches = 64;

/// The device as a whole, not one class of it.
bool is_device_away(const Error& error) {
    return error.code == ErrorCode::unavailable || error.code == ErrorCode::io;
}

}  // namespace

ClassReconciler::ClassReconciler(const World& world, std::string device, std::vector<KeptClass> classes,
                                 const ClassReconcilerOptions& options)
    : world_(world), name_("rules of " + std::move(device)), options_(options), back_off_(options) {
    for (auto& one : classes) {
        Slot slot;
        slot.keeper = std::make_unique<ClassKeeper>(std::move(one), world_.book, options_, back_off_);
        slots_.push_back(std::move(slot));
    }
    order_by_need();
    publish({});
}

/// Of classes that need each other in a circle, the first goes first.
void ClassReconciler::order_by_need() {
    std::vector<Slot> ordered;
    const auto is_ready = [&](const Slot& slot) {
        const auto& needs = slot.keeper->rules().after;
        return std::all_of(needs.begin(), needs.end(), [&](const std::string& needed) {
            return std::none_of(slots_.begin(), slots_.end(), [&](const Slot& other) {
                return other.keeper && other.keeper->rules().name == needed;
            });
        });
    };
    while (!slots_.empty()) {
        auto next = std::find_if(slots_.begin(), slots_.end(), is_ready);
        if (next == slots_.end()) next = slots_.begin();
        for (std::size_t i = 0; i < ordered.size(); ++i) {
            const auto& needs = next->keeper->rules().after;
            if (std::find(needs.begin(), needs.end(), ordered[i].keeper->rules().name) != needs.end())
                next->after.push_back(i);
        }
        ordered.push_back(std::move(*next));
        slots_.erase(next);
    }
    slots_ = std::move(ordered);
}

bool ClassReconciler::may_work(const Slot& slot, Time now) const {
    // a clock that was set back must not hold it for ever
    return !slot.not_before || now >= *slot.not_before ||
           *slot.not_before - now > 2 * options_.longest_back_off;
}

bool ClassReconciler::is_held(const Slot& slot) const {
    return std::any_of(slot.after.begin(), slot.after.end(),
                       [&](std::size_t needed) { return slots_[needed].busy; });
}

template <typename Action>
Result<void> ClassReconciler::with(Slot& slot, Time now, Action action) {
    if (!may_work(slot, now)) return {};
    Result<void> done;
    if (slot.keeper->place() == ClassKeeper::Place::unknown) done = slot.keeper->start(now);
    if (done) done = action(*slot.keeper);
    if (done) return {};
    if (is_device_away(done.error())) return done;
    slot.busy = slot.tried = true;
    slot.keeper->forget_place();
    slot.not_before = now + back_off_.after(++slot.failures);
    slot.trouble = done.error().text;
    if (world_.trouble) world_.trouble(slot.keeper->rules().name, done.error());
    return {};
}

Result<Duration> ClassReconciler::step(Time now) {
    if (not_before_ && now < *not_before_ && *not_before_ - now <= 2 * options_.longest_back_off) {
        if (away_) refuse_requests(*away_);
        return *not_before_ - now;
    }
    auto worked = work(now);
    if (!worked) {
        away_ = worked.error();
        not_before_ = now + back_off_.after(++failures_);
        for (auto& slot : slots_) {
            slot.trouble = worked.error().text;
            slot.busy = slot.tried = true;
        }
        refuse_requests(worked.error());
    } else {
        failures_ = 0;
        not_before_.reset();
        away_.reset();
    }
    publish(now);
    return worked;
}

Result<void> ClassReconciler::delete_dependent(store::Lane lane, Time now) {
    for (auto& slot : slots_)
        slot.awaits_deletions = false;
    for (auto slot = slots_.rbegin(); slot != slots_.rend(); ++slot) {
        if (slot->after.empty() || !may_work(*slot, now)) continue;
        auto left = ClassKeeper::Left::nothing;
        const auto done = with(*slot, now, [&](ClassKeeper& keeper) -> Result<void> {
            const auto deleted = keeper.delete_ahead(lane);
            if (!deleted) return tl::unexpected(deleted.error());
            left = *deleted;
            return {};
        });
        if (!done) return done;
        // what it needs waits for it, and so does what that needs
        if (left == ClassKeeper::Left::more || slot->awaits_deletions)
            for (const std::size_t needed : slot->after)
                slots_[needed].awaits_deletions = true;
    }
    return {};
}

Result<void> ClassReconciler::quick(Time now) {
    for (int batch = 0; batch < quick_batches; ++batch) {
        if (auto done = delete_dependent(store::Lane::quick, now); !done) return done;
        if (std::none_of(slots_.begin(), slots_.end(),
                         [](const Slot& slot) { return slot.awaits_deletions; }))
            break;
    }
    for (auto& slot : slots_)
        for (int batch = 0; batch < quick_batches; ++batch) {
            auto left = ClassKeeper::Left::nothing;
            const auto done = with(slot, now, [&](ClassKeeper& keeper) -> Result<void> {
                const auto taken = keeper.take(store::Lane::quick, now);
                if (!taken) return tl::unexpected(taken.error());
                left = *taken;
                return {};
            });
            if (!done) return done;
            if (left == ClassKeeper::Left::nothing) break;
        }
    return {};
}

Result<Duration> ClassReconciler::work(Time now) {
    answer(now);
    now = moment(now);  // an audit that was asked for is not of the future
    bool more = false;
    for (auto& slot : slots_) {
        if (auto done = quick(now); !done) return tl::unexpected(done.error());
        if (auto done = delete_dependent(store::Lane::bulk, now); !done) return tl::unexpected(done.error());
        if (slot.awaits_deletions) slot.busy = more = true;
        if (!may_work(slot, now) || is_held(slot) || slot.awaits_deletions) continue;
        slot.busy = false;
        const auto look_after = [&](ClassKeeper& keeper) -> Result<void> {
            const auto bulk = keeper.take(store::Lane::bulk, now);
            if (!bulk) return tl::unexpected(bulk.error());
            const auto repaired = keeper.repair(now);
            if (!repaired) return tl::unexpected(repaired.error());
            slot.busy = *bulk == ClassKeeper::Left::more || *repaired == ClassKeeper::Left::more;
            if (auto retried = keeper.retry(now); !retried) return retried;
            if (auto checked = keeper.check(now); !checked) return checked;
            const auto audited = keeper.audit(now, world_.clock);
            if (!audited) return tl::unexpected(audited.error());
            more = more || slot.busy || *audited == ClassKeeper::Left::more;
            slot.failures = 0;
            slot.not_before.reset();
            slot.trouble.clear();
            slot.tried = true;
            return {};
        };
        if (auto done = with(slot, now, look_after); !done) return tl::unexpected(done.error());
    }
    if (more) return Duration::zero();
    Duration next = options_.check_every;
    for (const auto& slot : slots_)
        next = std::min(next, slot.not_before && *slot.not_before > now ? *slot.not_before - now
                                                                        : slot.keeper->until_next(now));
    return next;
}

std::future<Result<std::vector<ClassStatus>>> ClassReconciler::ask(Request request, std::string rules) {
    auto asked = std::make_unique<Asked>();
    asked->request = request;
    asked->rules = std::move(rules);
    auto answer = asked->answer.get_future();
    const std::lock_guard lock(mutex_);
    asked_.push_back(std::move(asked));
    return answer;
}

Result<std::vector<ClassStatus>> ClassReconciler::carry_out(const Asked& asked, Time now) {
    std::vector<ClassStatus> all;
    bool found = false;
    for (auto& slot : slots_) {
        auto& keeper = *slot.keeper;
        if (!asked.rules.empty() && keeper.rules().name != asked.rules) continue;
        found = true;
        if (keeper.place() == ClassKeeper::Place::unknown || asked.request == Request::rebuild) {
            const auto done = asked.request == Request::rebuild ? keeper.rebuild(now) : keeper.start(now);
            if (!done) return tl::unexpected(done.error());
        }
        if (asked.request == Request::audit) {
            keeper.request_audit();
            for (auto left = ClassKeeper::Left::more; left == ClassKeeper::Left::more;) {
                const auto audited = keeper.audit(moment(now), world_.clock);
                if (!audited) return tl::unexpected(audited.error());
                left = *audited;
                if (auto done = quick(now); !done) return tl::unexpected(done.error());
            }
        }
        all.push_back(keeper.status());
    }
    if (!found && !asked.rules.empty())
        return fail(ErrorCode::not_found, "the device has no rules " + asked.rules);
    return all;
}

void ClassReconciler::answer(Time now) {
    std::vector<std::unique_ptr<Asked>> asked;
    {
        const std::lock_guard lock(mutex_);
        asked.swap(asked_);
    }
    for (const auto& one : asked)
        one->answer.set_value(carry_out(*one, now));
}

void ClassReconciler::refuse_requests(const Error& error) {
    std::vector<std::unique_ptr<Asked>> asked;
    {
        const std::lock_guard lock(mutex_);
        asked.swap(asked_);
    }
    for (const auto& one : asked)
        one->answer.set_value(tl::unexpected(error));
}

ClassStatus ClassReconciler::status_of(Slot& slot, Time now) {
    auto status = slot.keeper->status();
    status.trouble = slot.trouble;
    status.tried = slot.tried ? ClassStatus::Tried::yes : ClassStatus::Tried::no;
    if (slot.trouble.empty() && status.not_repaired.empty())
        slot.troubled_since.reset();
    else if (!slot.troubled_since)
        slot.troubled_since = now;
    status.troubled_since = slot.troubled_since;
    if (status.refused_since && (!status.troubled_since || *status.refused_since < *status.troubled_since))
        status.troubled_since = status.refused_since;
    return status;
}

void ClassReconciler::publish(Time now) {
    std::vector<ClassStatus> all;
    for (auto& slot : slots_)
        all.push_back(status_of(slot, now));
    const std::lock_guard lock(mutex_);
    status_ = std::move(all);
}

std::vector<ClassStatus> ClassReconciler::status() const {
    const std::lock_guard lock(mutex_);
    return status_;
}

}  // namespace garita::enforce
