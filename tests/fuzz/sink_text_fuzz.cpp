// What a webhook's configuration and its receiver say: templates, URLs, Retry-After. Invariants: a template
// that was taken can be filled in, and in JSON no value leaves its quotes; a URL that was taken is one line
// without blanks, leads to no place that is never called, and its target is a path.

#include <string>

#include "adapters/sinks/retry_after.hpp"
#include "model/forbidden_target.hpp"
#include "runtime/config/sink_config.hpp"
#include "runtime/config/webhook_url.hpp"
#include "runtime/json/text.hpp"
#include "runtime/text_template/text_template.hpp"
#include "target.hpp"

namespace {

using namespace garita;
using fuzz::must;
using Filter = runtime::TextTemplate::Filter;

void templates(std::string_view text) {
    for (const auto usual : {Filter::plain, Filter::json, Filter::url}) {
        const auto read = runtime::TextTemplate::parse(text, runtime::sink_placeholders(), usual);
        if (!read) continue;
        const auto filled = read->fill([](std::string_view name) { return std::string(name) + "{\"}"; });
        must(!read->is_fixed() || filled.size() <= text.size());
    }
}

void values(std::string_view text) {
    const auto quoted = '"' + runtime::filtered(text, Filter::json) + '"';
    const auto read = runtime::json::parse(quoted, "a value");
    must(read && read->is_string());
    must(runtime::filtered(text, Filter::url).find_first_of(" \r\n\"&?#/") == std::string::npos);
}

void urls(std::string_view text) {
    for (const auto plain : {runtime::Plain::loopback, runtime::Plain::anywhere}) {
        const auto url = runtime::parse_webhook_url(text, plain);
        if (!url) continue;
        must(url->target.starts_with('/') && !url->host.empty());
        for (const auto& part : {url->origin, url->target, url->host})
            for (const char c : part)
                must(c > ' ' && c <= '~');
        const auto address = IpAddress::parse(url->host);
        must(!address || !is_forbidden_target(*address));
    }
}

}  // namespace

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
    const auto text = fuzz::text_of(data, size);
    templates(text);
    values(text);
    urls(text);
    const Time now = std::chrono::sys_days(std::chrono::year(2026) / 11 / 23);
    if (const auto wait = sinks::parse_retry_after(text, now)) must(*wait >= Duration{0});
    return 0;
}
