#include "runtime/config/value_check.hpp"

#include <algorithm>
#include <filesystem>

#include <re2/re2.h>
#include <sys/stat.h>

#include "model/ip.hpp"
#include "model/mail_identity.hpp"
#include "model/port_specification.hpp"
#include "runtime/config/access_config.hpp"
#include "runtime/config/param_text.hpp"
#include "runtime/config/values.hpp"
#include "runtime/log/log.hpp"

namespace garita::runtime {

namespace {

using Verdict = std::optional<Complaint>;

Verdict wrong(const Setting& setting, std::string what, std::string nearest = {}) {
    return Complaint{std::move(what), allowed_text(setting), std::move(nearest), Problem::Weight::error};
}

Verdict unless(bool fine, const Setting& setting, std::string_view value) {
    if (fine) return std::nullopt;
    return wrong(setting, shown(value) + " does not fit");
}

Verdict check_number(const Setting& setting, std::string_view value) {
    const auto number = setting.type == ValueType::percent ? parse_percent(value) : parse_integer(value);
    if (!number) return wrong(setting, shown(value) + " is not a whole number");
    const auto range = parse_integer_range(setting.range);
    if (range && (*number < range->least || *number > range->greatest))
        return wrong(setting, shown(value) + " is out of range");
    return std::nullopt;
}

Verdict check_span(const Setting& setting, std::string_view value) {
    const auto range = parse_span_range(setting.range);
    if (value == "never" && range && range->or_never) return std::nullopt;
    const auto span = parse_span(value);
    if (!span && parse_integer(value))
        return wrong(setting, shown(value) + " has no unit", std::string(value) + "s");
    if (!span) return wrong(setting, shown(value) + " is not a span");
    if (range && (*span < range->least || *span > range->greatest))
        return wrong(setting, shown(value) + " is out of range");
    return std::nullopt;
}

Verdict check_choice(const Setting& setting, std::string_view value) {
    const auto names = split_names(setting.range);
    if (std::find(names.begin(), names.end(), value) != names.end()) return std::nullopt;
    return wrong(setting, shown(value) + " is not known", nearest_name(value, names));
}

Verdict check_url(const Setting& setting, std::string_view value) {
    if (value.find('@') != std::string_view::npos)  // not shown: it may hold a password
        return wrong(setting, "a user or password cannot stand in this URL");
    const auto url = parse_url(value);
    if (!url) return wrong(setting, shown(value) + " is not a URL");
    const auto schemes = split_names(setting.range);
    if (std::find(schemes.begin(), schemes.end(), url->scheme) == schemes.end())
        return wrong(setting, shown(value) + " has another scheme");
    return std::nullopt;
}

Verdict check_network(const Setting& setting, std::string_view value) {
    if (IpNetwork::parse(value)) return std::nullopt;
    const std::size_t slash = value.find('/');
    const auto address = IpAddress::parse(value.substr(0, slash));
    const auto prefix =
        slash == std::string_view::npos ? std::nullopt : parse_integer(value.substr(slash + 1));
    if (address && prefix && *prefix >= 0 && *prefix <= address->bits())
        return wrong(setting, shown(value) + " has address bits beyond its prefix",
                     IpNetwork(*address, static_cast<unsigned>(*prefix)).text());
    return wrong(setting, shown(value) + " is neither an address nor a network");
}

Verdict check_regex(const Setting& setting, const std::string& value) {
    re2::RE2::Options options;
    options.set_log_errors(false);
    options.set_max_mem(8 << 20);
    const re2::RE2 expression(value, options);
    if (!expression.ok())
        return wrong(setting,
                     shown(value) + " is not an RE2 expression: " + escape_foreign(expression.error(), 200));
    if (!setting.range.empty() && !expression.NamedCapturingGroups().contains(std::string(setting.range)))
        return wrong(setting, shown(value) + " has no group named '" + std::string(setting.range) + "'");
    return std::nullopt;
}

Verdict check_param(const Setting& setting, std::string_view value) {
    const auto param = parse_param("param", value);
    if (param) return std::nullopt;
    return wrong(setting, param.error().text, nearest_name(value, param_type_names()));
}

Verdict check_ports(const Setting& setting, std::string_view value) {
    const auto ports = PortSet::parse(value);
    return ports ? std::nullopt : wrong(setting, ports.error().text);
}

/// Of ports, which may be a list.
Verdict check_each(const Setting& setting, const Node& list) {
    for (const Node& item : list.items)
        if (auto complaint = item.kind == Node::Kind::scalar
                                 ? check_ports(setting, item.scalar)
                                 : wrong(setting, "ports stand in this list, and nothing else"))
            return complaint;
    return std::nullopt;
}

bool is_regular_file(const std::string& path) {
    struct stat status {};
    return ::stat(path.c_str(), &status) == 0 && S_ISREG(status.st_mode);
}

Verdict check_path(const Setting& setting, const std::string& value, Outside outside) {
    if (!is_absolute_path(value)) return wrong(setting, shown(value) + " is not an absolute path");
    if (outside == Outside::ignore) return std::nullopt;
    if (setting.type == ValueType::file && !is_regular_file(value))
        return wrong(setting, "there is no file " + shown(value));
    std::error_code ignored;
    const bool plain = setting.type == ValueType::glob && value.find_first_of("*?[") == std::string::npos;
    if (plain && !std::filesystem::exists(value, ignored))
        return Complaint{"there is no file " + shown(value) + " yet; it is waited for", "", "",
                         Problem::Weight::warning};
    return std::nullopt;
}

Verdict check_zone(const Setting& setting, const std::string& value, Outside outside) {
    if (!is_zone_name(value)) return wrong(setting, shown(value) + " is not the name of a time zone");
    std::error_code ignored;
    const std::filesystem::path zones = "/usr/share/zoneinfo";
    const bool known = outside == Outside::ignore || value == "UTC" || is_regular_file(zones / value);
    return known ? std::nullopt : wrong(setting, shown(value) + " is not a time zone of this machine");
}

Verdict check_scalar(const Setting& setting, const std::string& value, Outside outside) {
    switch (setting.type) {
        case ValueType::section:
        case ValueType::secret:
            return std::nullopt;
        case ValueType::text:
            return unless(!value.empty() && value.size() <= 1000, setting, value);
        case ValueType::name:
            return unless(is_name(value), setting, value);
        case ValueType::path:
        case ValueType::file:
        case ValueType::glob:
            return check_path(setting, value, outside);
        case ValueType::endpoint:
            return unless(parse_endpoint(value).has_value(), setting, value);
        case ValueType::url:
            return check_url(setting, value);
        case ValueType::integer:
        case ValueType::percent:
            return check_number(setting, value);
        case ValueType::span:
            return check_span(setting, value);
        case ValueType::choice:
            return check_choice(setting, value);
        case ValueType::network:
            return check_network(setting, value);
        case ValueType::zone:
            return check_zone(setting, value, outside);
        case ValueType::regex:
            return check_regex(setting, value);
        case ValueType::language:
            return unless(is_language(value), setting, value);
        case ValueType::yes_no:
            return unless(parse_yes_no(value).has_value(), setting, value);
        case ValueType::status:
            return unless(parse_status(value).has_value(), setting, value);
        case ValueType::pin:
            return unless(parse_pin(value).has_value(), setting, value);
        case ValueType::mail:
            return unless(parse_mail_address(value).has_value(), setting, value);
        case ValueType::key:
            return unless(parse_key_fingerprint(value).has_value(), setting, value);
        case ValueType::param:
            return check_param(setting, value);
        case ValueType::ports:
            return check_ports(setting, value);
        case ValueType::digest:
            return unless(parse_digest(value).has_value(), setting, value);
        case ValueType::weekly:
            return unless(parse_weekly_windows(value).has_value(), setting, value);
        case ValueType::address:
            return unless(IpAddress::parse(value).has_value(), setting, value);
        case ValueType::listen:
            return unless(parse_listen(value).has_value(), setting, value);
        case ValueType::date:
            return unless(parse_holidays(value).has_value(), setting, value);
        case ValueType::host_key:
            return unless(parse_host_key(value).has_value(), setting, value);
        case ValueType::switch_ports:
            return unless(is_port_range(value), setting, value);
    }
    return std::nullopt;
}

}  // namespace

std::string shown(std::string_view value) {
    return "'" + escape_foreign(value, 80) + "'";
}

std::optional<Complaint> check_value(const Setting& setting, const Node& node, Outside outside) {
    switch (node.kind) {
        case Node::Kind::nothing:
            return wrong(setting, "there is no value");
        case Node::Kind::map:
            return wrong(setting, "keys stand here where one value belongs");
        case Node::Kind::list:
            if (setting.type == ValueType::ports) return check_each(setting, node);
            return wrong(setting, "a list stands here where one value belongs");
        case Node::Kind::scalar:
            return check_scalar(setting, node.scalar, outside);
    }
    return std::nullopt;
}

}  // namespace garita::runtime
