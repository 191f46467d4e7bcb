#include "adapters/hub_link/standing_json.hpp"

#include <cstdint>

#include "runtime/json/model_json.hpp"
#include "runtime/json/writer.hpp"

namespace garita::hub_link {
namespace json = runtime::json;
using decide::Policy;
using decide::ProtectedNetwork;
using decide::RateCap;
using decide::Standing;
namespace {

constexpr std::size_t most_policies = 10'000;
constexpr std::size_t most_networks = 100'000;
constexpr std::size_t most_left_alone = 10'000;
constexpr std::size_t most_bytes = 32 * 1024 * 1024;

boost::json::value to_json(const RateCap& cap) {
    return json::Writer()
        .number("at_most", static_cast<std::int64_t>(cap.at_most))
        .seconds("per", cap.per)
        .finish();
}

Result<RateCap> cap_from(const boost::json::value& value, std::string_view where, json::Unknown unknown) {
    json::Reader in(value, where, unknown);
    RateCap cap;
    cap.at_most = static_cast<std::size_t>(in.integer("at_most", 0, 1'000'000'000));
    cap.per = in.optional_seconds("per").value_or(Duration::zero());
    return in.finish(cap);
}

boost::json::value to_json(const Policy& policy) {
    json::Writer out;
    out.text_if("kind", policy.kind).text_if("name", policy.name).text_if("device", policy.device);
    if (policy.severity) out.text("severity", to_text(*policy.severity));
    out.text("mode", to_text(policy.mode));
    if (policy.response) out.text("response", to_text(*policy.response));
    if (policy.cap) out.value("cap", to_json(*policy.cap));
    return out.seconds_if("lasts", policy.lasts)
        .number("approvals", policy.approvals)
        .value("locally", policy.locally)
        .finish();
}

Result<Policy> policy_from(const boost::json::value& value, std::string_view where, json::Unknown unknown) {
    json::Reader in(value, where, unknown);
    Policy policy;
    policy.kind = in.text_or("kind", json::name_rule, "");
    policy.name = in.text_or("name", json::name_rule, "");
    policy.device = in.text_or("device", json::name_rule, "");
    if (in.has("severity")) policy.severity = in.word("severity", parse_severity, "info, warning, critical");
    policy.mode = in.word("mode", decide::parse_policy_mode, "ask, auto, observe");
    if (in.has("response")) policy.response = in.word("response", parse_response, "a response");
    policy.lasts = in.optional_seconds("lasts");
    policy.cap = in.optional_object<RateCap>("cap", cap_from);
    policy.approvals = static_cast<int>(in.integer_or("approvals", 1, 1000, 1));
    policy.locally = in.flag_or("locally", false);
    return in.finish(std::move(policy));
}

boost::json::value to_json(const ProtectedNetwork& one) {
    return json::Writer().text("network", one.network.text()).text("why", one.why).finish();
}

Result<ProtectedNetwork> network_from(const boost::json::value& value, std::string_view where,
                                      json::Unknown unknown) {
    json::Reader in(value, where, unknown);
    const auto network = in.optional_network("network");
    if (!network) in.refuse("network", "an address or network is wanted");
    return in.finish(ProtectedNetwork{network.value_or(IpNetwork{}), in.text("why", json::text_rule)});
}

boost::json::value to_json(const Standing::LeftAlone& one) {
    return json::Writer()
        .text("kind", one.kind)
        .text("subject", one.subject)
        .text("severity", to_text(one.severity))
        .time("until", one.until)
        .finish();
}

Result<Standing::LeftAlone> left_alone_from(const boost::json::value& value, std::string_view where,
                                            json::Unknown unknown) {
    json::Reader in(value, where, unknown);
    Standing::LeftAlone one;
    one.kind = in.text("kind", json::name_rule);
    one.subject = in.text("subject", json::subject_rule);
    one.severity = in.word("severity", parse_severity, "info, warning, critical");
    one.until = in.time("until");
    return in.finish(std::move(one));
}

template <typename T>
boost::json::array list_of(const std::vector<T>& all) {
    return json::array_of(all, [](const T& one) { return to_json(one); });
}

}  // namespace

std::string encode(const Standing& standing) {
    return json::serialize(json::Writer()
                               .value("policies", list_of(standing.policies))
                               .value("protected", list_of(standing.protected_networks))
                               .number("widest_v4", standing.widest_v4)
                               .number("widest_v6", standing.widest_v6)
                               .number("wide_v4", standing.wide.v4)
                               .number("wide_v6", standing.wide.v6)
                               .value("cap", to_json(standing.cap))
                               .value("left_alone", list_of(standing.left_alone))
                               .finish());
}

Result<Standing> decode_standing(std::string_view text) {
    const auto document = json::parse(text, "the standing policies", most_bytes);
    if (!document) return tl::unexpected(document.error());
    json::Reader in(*document, "", json::Unknown::ignore);
    Standing standing;
    standing.policies = in.list<Policy>("policies", most_policies, policy_from);
    standing.protected_networks = in.list<ProtectedNetwork>("protected", most_networks, network_from);
    standing.widest_v4 = static_cast<unsigned>(in.integer("widest_v4", 0, 32));
    standing.widest_v6 = static_cast<unsigned>(in.integer("widest_v6", 0, 128));
    standing.wide.v4 = static_cast<unsigned>(in.integer("wide_v4", 0, 32));
    standing.wide.v6 = static_cast<unsigned>(in.integer("wide_v6", 0, 128));
    standing.cap = in.object<RateCap>("cap", cap_from);
    standing.left_alone = in.list<Standing::LeftAlone>("left_alone", most_left_alone, left_alone_from);
    return in.finish(std::move(standing));
}

/// FNV-1a: it tells changes apart, nobody has to be kept out by it.
std::string version_of(std::string_view standing_json) {
    std::uint64_t hash = 14695981039346656037U;
    for (const char c : standing_json) {
        hash ^= static_cast<unsigned char>(c);
        hash *= 1099511628211U;
    }
    return standing_json.empty() ? std::string() : std::to_string(hash);
}

}  // namespace garita::hub_link
