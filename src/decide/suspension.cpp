#include "decide/suspension.hpp"

#include <algorithm>
#include <charconv>

#include "decide/deciding.hpp"

namespace garita::decide {
namespace {

constexpr std::string_view key = "policies.suspended";
constexpr Duration question_open = std::chrono::hours{24};

std::string_view next_part(std::string_view& text, char end) {
    const auto at = std::min(text.find(end), text.size());
    const auto part = text.substr(0, at);
    text.remove_prefix(std::min(at + 1, text.size()));
    return part;
}

std::int64_t number(std::string_view text) {
    std::int64_t value = 0;
    std::from_chars(text.data(), text.data() + text.size(), value);
    return value;
}

/// A line for each: name, since, beginning of its run, case; with tabs between, which no name has.
void keep(store::Transaction& transaction, const std::vector<Suspension>& all) {
    std::string text;
    for (const auto& one : all)
        text += one.policy + '\t' + std::to_string(to_micros(one.since)) + '\t' +
                std::to_string(to_micros(one.run_began)) + '\t' + std::to_string(one.case_id.value) + '\n';
    transaction.set_value(key, text);
}

std::string resumed_key(std::string_view policy) {
    return "policies.resumed." + std::string(policy);
}

std::string span_text(Duration span) {
    return format_span(std::chrono::ceil<std::chrono::seconds>(span));
}

CaseId ask_people(store::Transaction& transaction, const Runaway& runaway, const Suspension& suspension,
                  Time now) {
    if (const auto open = transaction.open_case_about(hub_device, runaway_kind, runaway.policy))
        return open->id;
    Case about;
    about.kind = runaway_kind;
    about.device = hub_device;
    about.subject = runaway.policy;
    about.severity = Severity::critical;
    about.opened_at = about.updated_at = about.last_alert_at = now;
    about.facts = {{"policy", runaway.policy},
                   {"count", std::to_string(runaway.cap.at_most)},
                   {"window", span_text(runaway.cap.per)},
                   {"run_began", to_iso8601(std::chrono::floor<std::chrono::seconds>(suspension.run_began))}};
    if (runaway.fleet) about.facts.emplace("bound", "limits.automatic_blocks");
    about.responses = {Response::keep_observing, Response::resume, Response::undo};
    about.expires_at = now + question_open;
    return transaction.insert_case(about);
}

}  // namespace

std::vector<Suspension> suspensions(store::View& view) {
    std::vector<Suspension> all;
    const auto kept = view.value(key).value_or("");
    std::string_view text = kept;
    while (!text.empty()) {
        auto line = next_part(text, '\n');
        Suspension one;
        one.policy = next_part(line, '\t');
        one.since = from_micros(number(next_part(line, '\t')));
        one.run_began = from_micros(number(next_part(line, '\t')));
        one.case_id = CaseId{number(line)};
        all.push_back(std::move(one));
    }
    return all;
}

Suspension suspend(store::Transaction& transaction, const Runaway& runaway, Time now) {
    auto all = suspensions(transaction);
    Suspension suspension{runaway.policy, now, now - runaway.cap.per, {}};
    suspension.case_id = ask_people(transaction, runaway, suspension, now);
    std::erase_if(all, [&](const Suspension& one) { return one.policy == runaway.policy; });
    all.push_back(suspension);
    keep(transaction, all);
    const Actor desk{Actor::Kind::system, "desk", {}, Role::administrator};
    (void)transaction.add_audit({0, now, desk, "policy_suspended", "policy " + runaway.policy,
                                 "more than " + std::to_string(runaway.cap.at_most) + " within " +
                                     span_text(runaway.cap.per) + "; asked in " +
                                     object_of(suspension.case_id)});
    transaction.ring({store::Topic::cases, {}});
    return suspension;
}

bool lift_suspension(store::Transaction& transaction, std::string_view policy, Time now) {
    auto all = suspensions(transaction);
    const auto removed = std::erase_if(all, [&](const Suspension& one) { return one.policy == policy; });
    if (removed == 0) return false;
    keep(transaction, all);
    transaction.set_value(resumed_key(policy), std::to_string(to_micros(now)));
    return true;
}

Time resumed_at(store::View& view, std::string_view policy) {
    return from_micros(number(view.value(resumed_key(policy)).value_or("")));
}

}  // namespace garita::decide
