#include "enforce/action_runner.hpp"

#include <limits>

namespace garita::enforce {
namespace {

constexpr Duration idle = std::chrono::seconds{30};

/// What the host said, in the words that people will see.
struct Outcome {
    ActionState state;
    std::string result;
};

Outcome failed(const Error& error) {
    return {ActionState::failed, error.text};
}

struct CarryOut {
    HostControl& host;

    Outcome operator()(const CloseSession& order) const {
        if (order.pid < 0 || order.pid > std::numeric_limits<std::int32_t>::max())
            return {ActionState::failed, "no process can have the id " + std::to_string(order.pid)};
        const auto closed = host.close_session(order);
        if (!closed) return failed(closed.error());
        const std::string what =
            closed->end == SessionEnd::ended ? "session closed" : "the session was already gone";
        return {ActionState::done, closed->note.empty() ? what : what + ": " + closed->note};
    }
    Outcome operator()(const Reboot&) const {
        const auto agreed = host.reboot();
        return agreed ? Outcome{ActionState::done, "the system restarts"} : failed(agreed.error());
    }
    Outcome operator()(const PowerOff&) const {
        const auto agreed = host.power_off();
        return agreed ? Outcome{ActionState::done, "the system shuts down"} : failed(agreed.error());
    }
    Outcome operator()(const MoveIncident&) const {
        return {ActionState::failed, "an agent has no SIEM: the hub itself moves incidents"};
    }
};

}  // namespace

Result<Duration> ActionRunner::step(Time now) {
    if (const auto saved = save(now); !saved) return tl::unexpected(saved.error());
    const auto due = inbox_.take();
    if (!due) return idle;
    if (const auto ran = run(*due, now); !ran) return tl::unexpected(ran.error());
    return Duration::zero();
}

Result<void> ActionRunner::run(const DueAction& due, Time now) {
    const auto begun = store_.begin_action(due.id, now);
    if (!begun) return tl::unexpected(begun.error());  // the hub gives it again
    if (!*begun) return {};                            // given twice
    const auto outcome = now < due.not_after ? std::visit(CarryOut{host_}, due.order)
                                             : Outcome{ActionState::failed, "came too late to be begun"};
    unsaved_ = store::ActionReport{due.id, outcome.state, outcome.result};
    return save(now);
}

Result<void> ActionRunner::save(Time now) {
    if (!unsaved_) return {};
    const auto saved = store_.finish_action(*unsaved_, now);
    if (!saved) return saved;
    unsaved_.reset();
    if (finished_) finished_();
    return {};
}

}  // namespace garita::enforce
