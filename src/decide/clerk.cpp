#include "decide/clerk.hpp"

#include <algorithm>
#include <bit>

#include "decide/agreement.hpp"
#include "decide/deciding.hpp"
#include "decide/offers.hpp"
#include "decide/standing.hpp"
#include "model/alert_kinds.hpp"

namespace garita::decide {
namespace {

using Group = std::vector<const Alert*>;

Severity worst_of(const Group& group) {
    Severity worst = Severity::info;
    for (const auto* alert : group)
        worst = std::max(worst, alert->severity);
    return worst;
}

Time latest_of(const Group& group) {
    Time latest = group.front()->at;
    for (const auto* alert : group)
        latest = std::max(latest, alert->at);
    return latest;
}

/// A count is shown anew when it has doubled: a flood costs a handful of edits, not one for each alert.
bool worth_showing(std::int64_t before, std::int64_t after) {
    return std::bit_width(static_cast<std::uint64_t>(before)) !=
           std::bit_width(static_cast<std::uint64_t>(after));
}

void take_in(Case& about, const Group& group, Time now) {
    about.alert_count += static_cast<std::int64_t>(group.size());
    about.last_alert_at = std::max(about.last_alert_at, latest_of(group));
    about.updated_at = now;
}

/// The one that the agent has decided on, if it has.
const Alert* decided_alone(const Group& group) {
    const auto found = std::find_if(group.begin(), group.end(),
                                    [](const Alert* alert) { return alert->decided.has_value(); });
    return found == group.end() ? nullptr : *found;
}

}  // namespace

bool QuestionRoom::take(store::View& view, Time now) {
    const bool used_up = !counted_at_ || estimate_ >= limit_;
    if (used_up && (!counted_at_ || now < *counted_at_ || now >= *counted_at_ + std::chrono::seconds{10})) {
        estimate_ = view.counts().open_cases;
        counted_at_ = now;
    }
    if (estimate_ >= limit_) return false;
    ++estimate_;
    return true;
}

Clerk::Clerk(store::Transaction& transaction, const DeskOptions& options, const Surroundings& around,
             FilingMemory& memory, Time now)
    : transaction_(transaction),
      options_(options),
      around_(around),
      memory_(memory),
      now_(now),
      suspended_(suspensions(transaction)) {}

void Clerk::file(const Group& group) {
    const Alert& newest = *group.back();
    const Alert* const alone = decided_alone(group);
    if (auto open = transaction_.open_case_about(newest.device, newest.kind, newest.subject)) {
        const auto id = open->id;
        join_open(std::move(*open), group);
        if (alone) take_over(id, *alone);
        return;
    }
    const auto last = transaction_.last_case_about(newest.device, newest.kind, newest.subject);
    const Severity severity = worst_of(group);
    if (last && answered_lately(*last, severity)) {
        if (alone)
            record_alone(last->id, *alone,
                         "it was answered before: " + std::string(to_text(last->decision->response)));
        return join_quietly(*last, group);
    }
    const Policy& policy = policy_for(newest, severity);
    const bool blocked = blocked_already(newest);
    if (blocked && last) {
        if (alone) record_alone(last->id, *alone, "its address is blocked already");
        return join_quietly(*last, group);
    }
    if (alone && !blocked) return take_over(open_case(group, policy, CaseState::open), *alone);
    const bool record_only = blocked || policy.mode == Policy::Mode::observe || is_suspended(policy) ||
                             (!is_at_source(newest.kind) && !memory_.room.take(transaction_, now_));
    if (record_only && last && last->state == CaseState::observed &&
        now_ - last->updated_at < std::chrono::hours{24})
        return join_quietly(*last, group);
    const CaseId id = open_case(group, policy, record_only ? CaseState::observed : CaseState::open);
    if (record_only) return;
    if (policy.mode == Policy::Mode::automatic) decide_at_once(id, policy, last);
}

const Policy& Clerk::policy_for(const Alert& newest, Severity severity) const {
    return choose_policy(options_.policies, options_.otherwise, question_about(newest, severity));
}

void Clerk::join_open(Case about, const Group& group) {
    const Alert& newest = *group.back();
    const auto count_before = about.alert_count;
    const auto severity_before = about.severity;
    take_in(about, group, now_);
    about.facts = newest.facts;
    if (newest.address) about.address = newest.address;
    about.severity = std::max(about.severity, worst_of(group));
    about.responses = offered_responses(newest);
    const bool worse = about.severity > severity_before;
    const bool shown = worse || worth_showing(count_before, about.alert_count);
    // within this transaction nobody else can have changed it
    (void)(shown ? transaction_.update_case(about) : transaction_.note_case(about));
    if (shown) transaction_.ring({store::Topic::cases, {}});
    file_all(group, about.id);
    if (!worse) return;
    const Policy& policy = policy_for(newest, about.severity);
    if (policy.mode == Policy::Mode::automatic && !is_suspended(policy))
        decide_at_once(about.id, policy, std::nullopt);
}

void Clerk::join_quietly(Case about, const Group& group) {
    take_in(about, group, now_);
    (void)transaction_.note_case(about);
    file_all(group, about.id);
}

CaseId Clerk::open_case(const Group& group, const Policy& policy, CaseState state) {
    const Alert& newest = *group.back();
    Case about;
    about.kind = newest.kind;
    about.device = newest.device;
    about.subject = newest.subject;
    about.state = state;
    about.severity = worst_of(group);
    about.opened_at = about.updated_at = now_;
    about.last_alert_at = latest_of(group);
    about.alert_count = static_cast<std::int64_t>(group.size());
    about.address = newest.address;
    about.facts = newest.facts;
    about.responses = offered_responses(newest);
    if (state == CaseState::open) {
        if (!is_at_source(about.kind) || policy.on_silence != Response::nothing)
            about.expires_at = now_ + policy.wait;
        const bool possible = std::find(about.responses.begin(), about.responses.end(), policy.on_silence) !=
                              about.responses.end();
        about.on_silence = possible ? policy.on_silence : Response::nothing;
        about.on_silence_lasts = policy.on_silence_lasts;
    }
    const CaseId id = transaction_.insert_case(about);
    file_all(group, id);
    transaction_.ring({store::Topic::cases, {}});
    return id;
}

bool Clerk::answered_lately(const Case& last, Severity severity) const {
    const auto until = quiet_until(last, options_);
    return until && severity <= last.severity && now_ < *until;
}

bool Clerk::blocked_already(const Alert& newest) {
    if (!newest.address) return false;
    // what only reports (a SIEM, a script) holds no rules itself; a block everywhere is on any device
    if (around_.knows(newest.device))
        return block_covering(transaction_, newest.device, *newest.address, now_).has_value();
    return !around_.devices.empty() &&
           block_covering(transaction_, around_.devices.front(), *newest.address, now_).has_value();
}

bool Clerk::restarted_lately(const std::optional<Case>& last, Response response) const {
    if (response != Response::reboot && response != Response::power_off) return false;
    return last && last->decision && last->decision->response == response &&
           now_ < last->decision->at + options_.reboot_pause;
}

void Clerk::decide_at_once(CaseId id, const Policy& policy, const std::optional<Case>& last) {
    const auto about = transaction_.find_case(id);
    if (!about || !policy.response) return;
    const Verdict verdict = verdict_of_policy(policy);
    auto refused = refuse_unattended(*about, verdict.response, policy, options_);
    if (!refused) refused = refuse_verdict(*about, verdict, options_, around_);
    if (refused) return leave_to_people(id, verdict.by, refused->error.text);
    if (restarted_lately(last, verdict.response))
        return leave_to_people(id, verdict.by, "the same was done to " + about->device + " a short time ago");
    // another policy may be the one that has done too much: then this one goes on
    while (const auto runaway = memory_.caps.ask(transaction_, options_, policy, verdict.response, now_)) {
        suspended_.push_back(suspend(transaction_, *runaway, now_));
        if (runaway->policy == verdict.by.name)
            return leave_to_people(id, verdict.by, "the policy has done too much; it only observes now");
    }
    (void)carry_out(transaction_, *about, verdict, options_, around_, now_);
}

bool Clerk::is_suspended(const Policy& policy) const {
    if (suspended_.empty() || policy.mode != Policy::Mode::automatic) return false;
    const auto name = policy_name(policy);
    return std::any_of(suspended_.begin(), suspended_.end(),
                       [&](const Suspension& one) { return one.policy == name; });
}

void Clerk::leave_to_people(CaseId id, const Actor& policy, const std::string& why) {
    (void)transaction_.add_audit({0, now_, policy, "decide_refused", object_of(id), why});
}

void Clerk::file_all(const Group& group, CaseId into) {
    for (const auto* alert : group)
        transaction_.file_alert(alert->id, into);
}

}  // namespace garita::decide
