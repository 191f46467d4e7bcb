// What agent and hub say to each other, each as the other's liar: alerts and reports as the hub reads them,
// orders as an agent reads them. Invariants: nothing throws; what was accepted is written in a form that is
// read again as the same; errors are one printable line.

#include <string>

#include "adapters/hub_link/protocol.hpp"
#include "adapters/hub_link/standing_json.hpp"
#include "target.hpp"

namespace {

using namespace garita;
using fuzz::must;
namespace link = hub_link;

void check_error(const Error& error) {
    must(!error.text.empty() && fuzz::printable(error.text));
}

template <typename Decode, typename Encode>
void both_ways(std::string_view text, Decode decode, Encode encode) {
    const auto first = decode(text);
    if (!first) return check_error(first.error());
    const std::string written = encode(*first);
    const auto second = decode(written);
    must(second.has_value());
    must(encode(*second) == written);
}

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
    return 0;
}
