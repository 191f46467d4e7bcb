// Lines of Suricata's and Wazuh's logs of alerts. Beyond the sanitizers it checks that what people are shown
// is clean, that a cause told once is not told again within the window, and that memory stays bounded.

#include <cstdint>

#include "detect/json_alerts.hpp"
#include "fuzz/target.hpp"

namespace {

using namespace garita;
using namespace garita::detect;

class Sink final : public AlertSink {
  public:
    std::size_t alerts = 0;
    void add(Alert alert) override {
        ++alerts;
        fuzz::must(!alert.subject.empty() && fuzz::printable(alert.subject));
        for (const auto& [name, value] : alert.facts)
            fuzz::must(fuzz::printable(value) && value.size() <= 4096);
    }
};

void read_as(AlertLog format, std::string_view text) {
    JsonAlertsSettings settings;
    settings.lines = {format, 255, 0};
    settings.max_tracked = 4;
    JsonAlerts detector(settings);
    Sink sink;
    const Time now{std::chrono::seconds{1'795'327'705}};
    std::uint64_t position = 0;
    while (!text.empty()) {
        const auto [line, rest] = fuzz::first_line(text);
        text = rest;
        const LogLine given{
            .text = line, .source = "log", .id = {1, ++position}, .at = {}, .identifier = {}, .host = {}};
        detector.recall(given, now);
        detector.on_line(given, now, sink);
        const auto told = sink.alerts;
        detector.on_line(given, now, sink);
        fuzz::must(sink.alerts == told);
    }
    (void)detector.tick(now + std::chrono::hours{1}, sink);
}

}  // namespace

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
    const auto text = fuzz::text_of(data, size);
    read_as(AlertLog::suricata, text);
    read_as(AlertLog::wazuh, text);
    if (const auto plain = unescaped(text)) fuzz::must(plain->size() <= text.size() * 3);
    return 0;
}
