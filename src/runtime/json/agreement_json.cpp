// What stands between a case and the world: a proposal that others must agree to, a block to be confirmed,
// somebody who takes care of it.

#include <limits>

#include "model/response.hpp"
#include "runtime/json/model_json.hpp"
#include "runtime/json/writer.hpp"

namespace garita::runtime::json {

namespace {

constexpr std::size_t most_agreements = 16;
constexpr std::int64_t most_steps = 1000;

boost::json::value to_json(const Agreement& agreement) {
    return Writer().value("by", json::to_json(agreement.by)).time("at", agreement.at).finish();
}

Result<Agreement> agreement_from_json(const boost::json::value& value, std::string_view where,
                                      Unknown unknown) {
    Reader in(value, where, unknown);
    Agreement agreement;
    agreement.by = in.object<Actor>("by", actor_from_json);
    agreement.at = in.time("at");
    return in.finish(std::move(agreement));
}

boost::json::value to_json(const Acknowledgement& taken) {
    return Writer()
        .value("by", json::to_json(taken.by))
        .time("at", taken.at)
        .time("until", taken.until)
        .value("over", taken.over)
        .finish();
}

Result<Acknowledgement> acknowledgement_from_json(const boost::json::value& value, std::string_view where,
                                                  Unknown unknown) {
    Reader in(value, where, unknown);
    Acknowledgement taken;
    taken.by = in.object<Actor>("by", actor_from_json);
    taken.at = in.time("at");
    taken.until = in.time("until");
    taken.over = in.flag_or("over", false);
    return in.finish(std::move(taken));
}

}  // namespace

boost::json::value to_json(const Proposal& proposal) {
    boost::json::array by;
    for (const auto& agreement : proposal.by)
        by.push_back(to_json(agreement));
    return Writer()
        .text("response", to_text(proposal.response))
        .number("needed", proposal.needed)
        .value("by", std::move(by))
        .seconds_if("lasts_seconds", proposal.lasts)
        .text_if("comment", proposal.comment)
        .finish();
}

Result<Proposal> proposal_from_json(const boost::json::value& value, std::string_view where,
                                    Unknown unknown) {
    Reader in(value, where, unknown);
    Proposal proposal;
    proposal.response = in.word("response", parse_response, "block, close_connection, reboot, power_off");
    proposal.needed = static_cast<int>(in.integer("needed", 1, most_agreements));
    proposal.by = in.list<Agreement>("by", most_agreements, agreement_from_json);
    proposal.lasts = in.optional_seconds("lasts_seconds");
    proposal.comment = in.text_or("comment", text_rule, "");
    return in.finish(std::move(proposal));
}

boost::json::value to_json(const Provisional& provisional) {
    Writer out;
    out.text("state", to_text(provisional.state))
        .time("until", provisional.until)
        .time_if("ends", provisional.ends)
        .time_if("in_force_since", provisional.in_force_since);
    if (provisional.confirmed_by) out.value("confirmed_by", to_json(*provisional.confirmed_by));
    return out.finish();
}

Result<Provisional> provisional_from_json(const boost::json::value& value, std::string_view where,
                                          Unknown unknown) {
    Reader in(value, where, unknown);
    Provisional provisional;
    provisional.state = in.word("state", parse_provisional_state, "waiting, confirmed, rolled_back");
    provisional.until = in.time("until");
    provisional.ends = in.optional_time("ends");
    provisional.in_force_since = in.optional_time("in_force_since");
    provisional.confirmed_by = in.optional_object<Actor>("confirmed_by", actor_from_json);
    return in.finish(std::move(provisional));
}

boost::json::value to_json(const Duty& duty) {
    Writer out;
    out.number("step", duty.step);
    if (duty.step > 0) out.time("reached_at", duty.reached_at);
    if (duty.held > Duration{0}) out.number("held_us", duty.held.count());
    if (duty.taken) out.value("taken", to_json(*duty.taken));
    return out.finish();
}

Result<Duty> duty_from_json(const boost::json::value& value, std::string_view where, Unknown unknown) {
    Reader in(value, where, unknown);
    Duty duty;
    duty.step = static_cast<int>(in.integer("step", 0, most_steps));
    duty.reached_at = in.optional_time("reached_at").value_or(Time{});
    duty.held = Duration{in.integer_or("held_us", 0, std::numeric_limits<std::int64_t>::max(), 0)};
    duty.taken = in.optional_object<Acknowledgement>("taken", acknowledgement_from_json);
    return in.finish(std::move(duty));
}

}  // namespace garita::runtime::json
