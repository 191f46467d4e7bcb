// What stands between a case and the world: a proposal that others must agree to, a block to be confirmed.

#include "model/response.hpp"
#include "runtime/json/model_json.hpp"
#include "runtime/json/writer.hpp"

namespace garita::runtime::json {

namespace {

constexpr std::size_t most_agreements = 16;

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

}  // namespace garita::runtime::json
