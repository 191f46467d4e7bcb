#include "runtime/config/value_check.hpp"
#include "runtime/config/values.hpp"

namespace garita::runtime {

namespace {

std::string listed(std::string_view names) {
    std::string out;
    const auto parts = split_names(names);
    for (std::size_t i = 0; i < parts.size(); ++i) {
        if (i > 0) out += i + 1 == parts.size() ? " or " : ", ";
        out += parts[i];
    }
    return out;
}

std::string numbers(std::string_view range) {
    const auto bounds = parse_integer_range(range);
    if (!bounds) return std::string(range);
    constexpr std::int64_t unbounded = 9223372036854775807;
    if (bounds->greatest == unbounded && bounds->least == -unbounded) return "any";
    if (bounds->greatest == unbounded) return "at least " + std::to_string(bounds->least);
    return std::to_string(bounds->least) + " to " + std::to_string(bounds->greatest);
}

std::string spans(std::string_view range) {
    const auto bounds = parse_span_range(range);
    if (!bounds) return std::string(range);
    return "span such as 90s, 15m, 24h, 7d or 1h30m, from " + format_span(bounds->least) + " to " +
           format_span(bounds->greatest) + (bounds->or_never ? ", or never" : "");
}

}  // namespace

std::string allowed_text(const Setting& setting) {
    switch (setting.type) {
        case ValueType::section:
            return "settings of its own";
        case ValueType::text:
            return "text";
        case ValueType::name:
            return "name of letters, digits, '.', '_' and '-'";
        case ValueType::path:
            return "absolute path";
        case ValueType::file:
            return "absolute path of a file that exists";
        case ValueType::glob:
            return "absolute path, * and ? stand for anything";
        case ValueType::endpoint:
            return "HOST:PORT, an IPv6 address in []";
        case ValueType::url:
            return "URL with " + listed(setting.range);
        case ValueType::integer:
            return "whole number, " + numbers(setting.range);
        case ValueType::span:
            return spans(setting.range);
        case ValueType::percent:
            return "percentage, " + numbers(setting.range);
        case ValueType::choice:
            return listed(setting.range);
        case ValueType::network:
            return "address or network, such as 192.0.2.7, 192.0.2.0/24 or 2001:db8::/32";
        case ValueType::zone:
            return "time zone such as UTC or Europe/Madrid";
        case ValueType::secret:
            return "{file: PATH}, {env: NAME}, {credential: NAME} or text, at least " +
                   std::string(setting.range) + " characters";
        case ValueType::regex:
            return "RE2 expression with a group (?P<" + std::string(setting.range) + ">…)";
        case ValueType::language:
            return "language such as en, es or pt_BR";
        case ValueType::yes_no:
            return "yes or no";
        case ValueType::status:
            return "HTTP status such as 404, 4xx or 500-599";
        case ValueType::pin:
            return "sha256: and 64 hexadecimal digits";
        case ValueType::mail:
            return "mail address such as ana@example.org";
        case ValueType::key:
            return "openpgp: and 40 or 64 hexadecimal digits, or smime: and 64";
        case ValueType::ports:
            return "ports such as 22,80-90 or all, or a list of them";
        case ValueType::digest:
            return "64 hexadecimal digits, with colons or without";
        case ValueType::weekly:
            return "days and hours such as sun 02:00-04:00, mon-fri 22:00-06:00 or daily 03:00-03:30";
        case ValueType::address:
            return "address such as 192.0.2.7 or 2001:db8::7";
        case ValueType::listen:
            return "udp, tcp or tls, then ADDRESS:PORT, as udp 0.0.0.0:514 or tls [::]:6514";
        case ValueType::date:
            return "day such as 2026-12-25, 2026-12-24..2027-01-06, or 12-25 for every year";
        case ValueType::host_key:
            return "SHA256: and 43 characters of base64, as ssh-keyscan ADDRESS | ssh-keygen -lf - prints it";
        case ValueType::switch_ports:
            return "port or range of a switch, as Gi1/0/24 or Te1/1/1-4";
        case ValueType::param:
            return "address, network, mac, port, mark, rate, interface, text, text PATTERN, or words with | "
                   "between them, as open|closed";
    }
    return {};
}

}  // namespace garita::runtime
