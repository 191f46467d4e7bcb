#include "incidents/incident_moves.hpp"

#include <algorithm>

#include "store/refresh_wishes.hpp"

namespace garita::incidents {
namespace {

using namespace std::chrono_literals;

constexpr Duration idle = 30s;
constexpr Duration first_wait = 5s;
constexpr Duration longest_wait = 5min;

/// What stands in the SIEM beside the change: who it was, that it came by Garita, and from which case.
std::string message_of(const Action& action, const MoveIncident& order) {
    auto message = order.by + " (Garita, case " + std::to_string(action.case_id.value) + ")";
    return order.comment.empty() ? message : message + ": " + order.comment;
}

std::string name_of(std::string_view order, const MoveIncident& move) {
    return std::string(order) + ' ' + std::string(to_text(move.to));
}

}  // namespace

IncidentMoves::IncidentMoves(IncidentSource& siem, store::Store& store, std::string source,
                             std::size_t max_events, Settle settle)
    : siem_(siem),
      store_(store),
      source_(std::move(source)),
      max_events_(max_events),
      settle_(std::move(settle)),
      name_(source_ + " moves") {}

Result<Duration> IncidentMoves::step(Time now) {
    next_look_ = idle;
    auto moved = move_one(now);
    if (!moved) return tl::unexpected(std::move(moved.error()));
    if (*moved) return Duration::zero();
    auto refreshed = refresh_one(now);
    if (!refreshed) return tl::unexpected(std::move(refreshed.error()));
    return *refreshed ? Duration::zero() : next_look_;
}

Result<bool> IncidentMoves::move_one(Time now) {
    std::optional<Action> due;
    std::map<ActionId, Retry> still_pending;
    auto read = store_.read([&](store::View& view) -> Result<void> {
        due.reset();
        still_pending.clear();
        for (auto& action : view.pending_actions(source_, now)) {
            const auto retry = retries_.find(action.id);
            const bool waits =
                retry != retries_.end() && retry->second.at > now && retry->second.at - now <= longest_wait;
            if (retry != retries_.end()) still_pending.insert(*retry);
            if (waits)
                next_look_ = std::min(next_look_, retry->second.at - now);
            else if (!due)
                due = std::move(action);
        }
        return {};
    });
    if (!read) return tl::unexpected(std::move(read.error()));
    retries_ = std::move(still_pending);  // nobody waits any more for an action that has expired
    if (!due) return false;
    auto outcome = carry_out(*due);
    if (!outcome) {
        try_later(due->id, now);
        return tl::unexpected(std::move(outcome.error()));
    }
    if (auto finished = finish(*due, *outcome, now); !finished)
        return tl::unexpected(std::move(finished.error()));
    retries_.erase(due->id);
    return true;
}

void IncidentMoves::try_later(ActionId id, Time now) {
    auto& retry = retries_[id];
    const auto wait = std::min(longest_wait, first_wait * (std::int64_t{1} << std::min(retry.failures, 10)));
    ++retry.failures;
    retry.at = now + wait;
}

Result<IncidentMoves::Outcome> IncidentMoves::carry_out(const Action& action) {
    const auto* const order = std::get_if<MoveIncident>(&action.order);
    if (order == nullptr) return Outcome{ActionState::failed, "a SIEM can only move incidents", std::nullopt};
    auto found = siem_.find(order->incident);
    if (!found && found.error().code == ErrorCode::not_found)
        return Outcome{ActionState::failed, "the SIEM has no such incident any more", std::nullopt};
    if (!found) return tl::unexpected(std::move(found.error()));
    if (found->status == to_text(order->to)) return shown_as(*order, false);
    const auto moved = siem_.move(order->incident, order->to, message_of(action, *order));
    if (!moved && moved.error().code != ErrorCode::conflict) return tl::unexpected(moved.error());
    auto shown = shown_as(*order, moved.has_value());
    if (shown && !moved && shown->state == ActionState::failed)
        shown->words += " (" + moved.error().text + ")";
    return shown;
}

Result<IncidentMoves::Outcome> IncidentMoves::shown_as(const MoveIncident& order, bool was_moved) {
    auto incident = siem_.find(order.incident);
    if (!incident) return tl::unexpected(std::move(incident.error()));
    std::string by;
    if (const auto history = siem_.history(order.incident); history && !history->empty())
        by = history->back().by;
    const bool is_there = incident->status == to_text(order.to);
    Outcome outcome;
    outcome.state = is_there ? ActionState::done : ActionState::failed;
    outcome.words = is_there ? (was_moved ? "" : "was already ") + incident->status
                             : "the SIEM refused: it is " + incident->status;
    if (!was_moved && !by.empty()) outcome.words += ", by " + by;
    // the SIEM knows our changes as those of the account that we log in with: the case says who it really was
    outcome.news = News{std::move(*incident), std::nullopt, was_moved ? order.by : by, std::nullopt};
    return outcome;
}

Result<void> IncidentMoves::finish(const Action& action, const Outcome& outcome, Time now) {
    return store_.write([&](store::Transaction& transaction) -> Result<void> {
        if (!transaction.finish_action(action.id, outcome.state, outcome.words, now)) return {};
        const Actor siem{Actor::Kind::system, source_, {}, Role::administrator};
        const auto* const order = std::get_if<MoveIncident>(&action.order);
        (void)transaction.add_audit({0, now, siem,
                                     outcome.state == ActionState::done ? "action_done" : "action_failed",
                                     "case " + std::to_string(action.case_id.value),
                                     (order == nullptr ? std::string(order_name(action.order))
                                                       : name_of(order_name(action.order), *order)) +
                                         ": " + outcome.words});
        if (outcome.news) (void)update(transaction, source_, *outcome.news, now);
        settle_(transaction, action.case_id, now);
        return {};
    });
}

Result<bool> IncidentMoves::refresh_one(Time now) {
    if (now < refresh_next_ && refresh_next_ - now <= longest_wait) {
        next_look_ = std::min(next_look_, refresh_next_ - now);
        return false;
    }
    std::optional<Case> about;
    std::optional<CaseId> wish;
    auto read = store_.read([&](store::View& view) -> Result<void> {
        const auto wishes = store::refresh_wishes(view, source_);
        wish = wishes.empty() ? std::nullopt : std::optional(wishes.front());
        about = wish ? view.find_case(*wish) : std::nullopt;
        return {};
    });
    if (!read) return tl::unexpected(std::move(read.error()));
    if (!wish) return false;
    std::optional<News> news;
    if (about && about->kind == incident_kind && about->device == source_) {
        auto incident = siem_.find(about->subject);
        if (!incident && incident.error().code != ErrorCode::not_found) {
            refresh_next_ = now + first_wait;
            return tl::unexpected(std::move(incident.error()));
        }
        if (incident) {
            news = News{std::move(*incident), std::nullopt, {}, now};
            if (auto events = siem_.events(about->subject, max_events_)) news->events = std::move(*events);
            if (const auto history = siem_.history(about->subject); history && !history->empty())
                news->moved_by = history->back().by;
        }
    }
    auto written = store_.write([&](store::Transaction& transaction) -> Result<void> {
        if (news) (void)update(transaction, source_, *news, now);
        store::drop_refresh(transaction, source_, *wish);
        return {};
    });
    if (!written) return tl::unexpected(std::move(written.error()));
    return true;
}

}  // namespace garita::incidents
