// Whatever a log holds: lines of web servers, JSON, syslog, sshd, patterns, and the window they end in.
// Beyond the sanitizers it checks that every view lies inside its line, and that counts stay within what was
// put in.

#include <cstdint>
#include <cstdlib>
#include <string_view>

#include "detect/address_window.hpp"
#include "detect/http_errors.hpp"
#include "detect/log_patterns.hpp"
#include "detect/sshd_line.hpp"
#include "detect/syslog_line.hpp"

namespace {

using namespace garita;
using namespace garita::detect;

void must(bool condition) {
    if (!condition) std::abort();
}

void inside(std::string_view part, std::string_view whole) {
    must(part.empty() ||
         (part.data() >= whole.data() && part.data() + part.size() <= whole.data() + whole.size()));
}

void web_line(std::string_view line, HttpErrorReader& reader) {
    HttpErrorEvent event;
    const auto kind = reader.read(line, event);
    for (const auto layout : {AccessLogLayout::plain, AccessLogLayout::with_host})
        if (const auto fields = split_access_log_line(line, layout)) {
            inside(fields->address, line);
            inside(fields->time, line);
            inside(fields->rest, line);
            for (unsigned n = 0; n < 4; ++n)
                if (const auto field = quoted_field(fields->rest, n)) inside(*field, line);
        }
    if (kind == HttpLineKind::match) must(!reader.source_trusts(event.address));
}

void syslog_line(std::string_view line) {
    static SyslogStamps stamps(utc_zone(), EventTime{std::chrono::seconds{1'795'327'705}});
    auto message = line;
    if (const auto fields = split_syslog_line(line)) {
        for (const auto part : {fields->stamp, fields->host, fields->program, fields->message})
            inside(part, line);
        (void)stamps.read(fields->stamp);
        message = fields->message;
    }
    if (const auto failure = parse_sshd_failure(message))
        // the one message that names nobody, because only root can be meant
        if (failure->user != "root") inside(failure->user, line);
    if (const auto close = parse_sshd_close(message)) inside(close->user, line);
    if (const auto login = parse_sshd_login(message)) {
        must(!login->user.empty());
        for (const auto part : {login->user, login->method, login->key_type, login->fingerprint})
            inside(part, line);
    }
}

void windows(std::string_view bytes) {
    WindowLimits limits;
    limits.window = std::chrono::seconds{5};
    limits.lateness = std::chrono::seconds{7};
    limits.max_keys = 16;
    limits.max_spill_bytes = 1024;
    struct Note {
        std::uint32_t added = 0;
    };
    SlidingWindow<Ipv4Key, Note> window(limits);
    std::int64_t now = 1000;
    for (std::size_t i = 0; i + 1 < bytes.size() && i < 4096; i += 2) {
        const auto step = static_cast<signed char>(bytes[i + 1]);
        now = std::max<std::int64_t>(0, now + step / 16);
        const auto outcome =
            window.add({static_cast<unsigned char>(bytes[i])}, EventTime{std::chrono::seconds{now}});
        ++outcome.note->added;
        must(outcome.in_window <= outcome.note->added);
        must((outcome.in_window == 0) == (outcome.order == EventOrder::refused));
        must(window.stats().tracked <= 16);
    }
}

}  // namespace

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
    static HttpErrorReader reader = [] {
        HttpErrorSource source;
        source.statuses = *StatusSet::parse("4xx,200");
        source.proxies =
            TrustedProxies({*IpNetwork::parse("10.0.0.0/8"), *IpNetwork::parse("2001:db8::/32")});
        return HttpErrorReader(source);
    }();
    static const auto patterns =
        LinePatterns::compile({"(?P<time>\\S+) from (?P<address>\\S+) user (?P<user>.*)$"});
    const std::string_view text(reinterpret_cast<const char*>(data), size);
    web_line(text, reader);
    syslog_line(text);
    (void)patterns->match(text);
    windows(text);
    return 0;
}
