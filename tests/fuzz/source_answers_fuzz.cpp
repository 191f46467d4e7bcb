// What other systems send as sources of alerts: notifications of Alertmanager and its lists of silences,
// alerts of CrowdSec. Beyond the sanitizers it checks that what becomes an alert is one that the hub takes.

#include "adapters/alertmanager/silence.hpp"
#include "adapters/alertmanager/webhook.hpp"
#include "adapters/crowdsec/wire.hpp"
#include "fuzz/target.hpp"
#include "runtime/json/model_json.hpp"
#include "runtime/json/text.hpp"

namespace {

using namespace garita;

void fits(const Alert& alert) {
    fuzz::must(fuzz::printable(alert.subject) && fuzz::printable(alert.device));
    const auto again = runtime::json::alert_from_json(runtime::json::to_json(alert));
    fuzz::must(again.has_value());
    fuzz::must(again->uid == alert.uid && again->facts == alert.facts);
}

}  // namespace

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
    const auto text = fuzz::text_of(data, size);
    const Time now{std::chrono::seconds{1'795'327'705}};
    if (const auto document = runtime::json::parse(text, "input"))
        if (const auto webhook = alertmanager::read_webhook(*document, "main", now))
            for (const auto& alert : webhook->firing) {
                fits(alert);
                Case about;
                about.facts = alert.facts;
                if (const auto body = alertmanager::write_silence(about, now, now))
                    fuzz::must(!body->empty());
            }
    if (const auto alerts = crowdsec::read_alerts(text, {"main", "garita"}, now))
        for (const auto& alert : *alerts)
            fits(alert);
    (void)alertmanager::find_silence(text, "garita case 1 of");
    (void)alertmanager::read_silence_id(text);
    (void)crowdsec::read_login(text);
    (void)crowdsec::read_bans(text);
    return 0;
}
