#pragma once
// A case is what people see and answer: all alerts about the same thing, until it is decided.

#include <cstdint>
#include <optional>
#include <string>
#include <vector>

#include "model/alert.hpp"
#include "model/duty.hpp"
#include "model/person.hpp"
#include "model/response.hpp"

namespace garita {

enum class CaseState {
    open,      ///< waits for an answer
    decided,   ///< answered; effects are under way
    closed,    ///< answered, and every effect has its result (or there was none)
    expired,   ///< nobody answered in time, and the declared default was to do nothing
    observed,  ///< recorded only, by an `observe` policy; nobody is asked
};

[[nodiscard]] std::string_view to_text(CaseState state);
[[nodiscard]] std::optional<CaseState> parse_case_state(std::string_view text);

/// The answer that closed a case's question. Written once, by compare-and-set on the case's version.
struct Decision {
    DecisionId id;
    CaseId case_id;
    Response response = Response::nothing;
    Actor by;
    Time at{};
    std::optional<Duration> lasts;  ///< of a block; empty: for ever
    std::string comment;
};

/// One of the persons who gave the answer of a proposal.
struct Agreement {
    Actor by;
    Time at{};
    friend bool operator==(const Agreement&, const Agreement&) = default;
};

/// An answer that several persons have to give before it is the decision.
struct Proposal {
    Response response = Response::nothing;
    int needed = 2;                 ///< different persons
    std::vector<Agreement> by;      ///< each another person, the first at the front
    std::optional<Duration> lasts;  ///< of a block, as the first said it; empty: for ever
    std::string comment;
    friend bool operator==(const Proposal&, const Proposal&) = default;
};

/// A wide block is in force for a moment only, until somebody who still gets in confirms it.
struct Provisional {
    enum class State { waiting, confirmed, rolled_back };
    State state = State::waiting;
    Time until{};                        ///< unconfirmed it ends then, on the devices themselves
    std::optional<Time> ends;            ///< when it ends once confirmed; empty: not by itself
    std::optional<Time> in_force_since;  ///< when the last device said so, so far
    std::optional<Actor> confirmed_by;
    friend bool operator==(const Provisional&, const Provisional&) = default;
};

[[nodiscard]] std::string_view to_text(Provisional::State state);
[[nodiscard]] std::optional<Provisional::State> parse_provisional_state(std::string_view text);

struct Case {
    CaseId id;
    std::int64_t version = 1;  ///< grows with every change that a person would see
    std::string kind;
    std::string device;
    std::string subject;
    CaseState state = CaseState::open;
    Severity severity = Severity::warning;
    Time opened_at{};
    Time updated_at{};
    Time last_alert_at{};
    std::int64_t alert_count = 1;
    std::optional<IpNetwork> address;
    Facts facts;                      ///< of the newest alert
    std::vector<Response> responses;  ///< what may be answered; buttons are those of model/alert_kinds.hpp
    std::optional<Time> expires_at;   ///< when the default answer is applied
    Response on_silence = Response::nothing;
    std::optional<Duration> on_silence_lasts;
    std::optional<Proposal> proposal;  ///< stays when the decision is made, as part of its history
    std::optional<Provisional> provisional;
    std::optional<Decision> decision;
    Duty duty;
};

/// How far a decision's effects have come, for "blocked on 2 of 2": devices, however much each has to do.
struct Progress {
    int wanted = 0;  ///< devices with something to do
    int done = 0;    ///< with all of it done
    int failed = 0;  ///< with all of it tried, and something failed
    std::int64_t connections_cut = 0;
    std::vector<std::string> failures;  ///< "web2: kernel refused …"
};

}  // namespace garita
