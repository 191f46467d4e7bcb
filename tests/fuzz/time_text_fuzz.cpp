// Stamps of logs, spans that people write, and zones by name. Invariants: a reader that remembers the last
// date says the same as a fresh one, spans are written in a form that is read as the same, and every zone can
// say every time.

#include <cstring>
#include <string>

#include "adapters/zoneinfo/zone.hpp"
#include "detect/log_time.hpp"
#include "model/time.hpp"
#include "runtime/config/values.hpp"
#include "runtime/json/text.hpp"
#include "target.hpp"

namespace {

using namespace garita;
using namespace garita::runtime;
using fuzz::must;

template <typename Clock>
void remembers_nothing_wrong(std::string_view text, std::string_view before) {
    Clock used;
    Clock fresh;
    (void)used.read(before);
    must(used.read(text) == fresh.read(text));
}

void stamps(std::string_view text) {
    const auto [first, second] = fuzz::first_line(text);
    remembers_nothing_wrong<detect::ClfClock>(second, first);
    remembers_nothing_wrong<detect::IsoClock>(second, first);
    (void)detect::read_epoch(text);
    detect::SyslogClock syslog(detect::utc_zone(), detect::EventTime{std::chrono::seconds{1'795'327'705}});
    for (const auto line : {first, second})
        if (const auto at = syslog.read(line))
            // a day after the reference, told by the hour
            must(at->time_since_epoch() <= std::chrono::seconds{1'795'327'705 + 86'400 + 3'600});
}

void spans(std::string_view text) {
    if (const auto span = parse_span(text)) {
        must(span->count() >= 0);
        must(span->count() == 0 || parse_span(format_span(*span)) == span);
    }
    if (const auto range = runtime::parse_span_range(text)) must(range->least <= range->greatest);
    if (const auto range = runtime::parse_integer_range(text)) must(range->least <= range->greatest);
    (void)runtime::parse_status(text);
    (void)runtime::parse_percent(text);
    (void)runtime::parse_endpoint(text);
    (void)runtime::parse_url(text);
}

void zones(std::string_view text) {
    std::int64_t micros = 0;
    if (text.size() < sizeof micros) return;
    std::memcpy(&micros, text.data(), sizeof micros);
    // the years that a stamp of ours can carry
    const Time at = from_micros(micros % 250'000'000'000'000'000);
    const auto zone = zoneinfo::find_zone(text.substr(sizeof micros));
    if (!zone) return;
    must(!(*zone)->date_and_time(at).empty() && !(*zone)->abbreviation(at).empty());
}

}  // namespace

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
    const auto text = fuzz::text_of(data, size);
    stamps(text);
    spans(text);
    zones(text);
    if (const auto at = runtime::json::parse_iso8601(text))
        must(runtime::json::parse_iso8601(to_iso8601(*at)) == at);
    return 0;
}
