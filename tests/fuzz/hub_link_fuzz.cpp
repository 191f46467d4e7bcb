// What agent and hub say to each other, each as the other's liar: alerts and reports as the hub reads them,
// orders as an agent reads them. Invariants: nothing throws; what was accepted is written in a form that is
// read again as the same; errors are one printable line.

#include "adapters/hub_link/class_protocol.hpp"
#include "adapters/hub_link/class_rows.hpp"
#include "adapters/hub_link/protocol.hpp"
#include "adapters/hub_link/scan_protocol.hpp"
#include "adapters/hub_link/standing_json.hpp"
#include "both_ways.hpp"

namespace {

using namespace garita;
using fuzz::both_ways;
namespace link = hub_link;

}  // namespace

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
    const auto text = fuzz::text_of(data, size);
    const Time now{std::chrono::sys_days{std::chrono::year{2026} / 11 / 22}};
    both_ways(
        text, [now](std::string_view json) { return link::decode_alerts(json, now); },
        [now](const std::vector<Alert>& alerts) { return link::encode_alerts(alerts, now); });
    both_ways(text, link::decode_standing,
              [](const decide::Standing& standing) { return link::encode(standing); });
    both_ways(text, link::decode_sync_request, [](const link::SyncRequest& sync) { return encode(sync); });
    both_ways(text, link::decode_sync_answer, [](const link::SyncAnswer& sync) { return encode(sync); });
    both_ways(text, link::decode_rules_request,
              [](const link::RulesRequest& request) { return encode(request); });
    both_ways(
        text, [now](std::string_view json) { return link::decode_rules_answer(json, now, now); },
        [now](const link::RulesAnswer& answer) { return encode(answer, now); });
    both_ways(
        text, [now](std::string_view bytes) { return link::decode_rows(bytes, now); },
        [now](const std::vector<store::FedRule>& rules) { return link::encode_rows(rules, now); });
    both_ways(text, link::decode_scans_request,
              [](const link::ScansRequest& request) { return encode(request); });
    both_ways(text, link::decode_scans_reply, [](const link::ScansReply& reply) { return encode(reply); });
    return 0;
}
