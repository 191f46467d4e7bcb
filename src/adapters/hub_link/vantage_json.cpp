#include "adapters/hub_link/vantage_json.hpp"

#include <algorithm>
#include <array>
#include <limits>

#include "runtime/json/model_json.hpp"
#include "runtime/json/writer.hpp"
#include "runtime/signing/signing_key.hpp"

namespace garita::hub_link {
namespace json = runtime::json;
namespace {

using scan::Report;
using scan::ServiceFacts;
using scan::TargetResult;

constexpr json::TextRule ports_rule{512UL * 1024, json::TextRule::Content::line};
constexpr std::int64_t any = std::numeric_limits<std::int64_t>::max();
constexpr std::size_t most_reasons = 1024;  ///< of one address
constexpr std::size_t most_warnings = 256;
constexpr std::size_t most_addresses_of_name = 256;
constexpr std::size_t most_names_of_certificate = 1024;

void ports(json::Writer& out, std::string_view member, const PortSet& ports) {
    if (!ports.empty()) out.value(member, boost::json::string(ports.text()));
}
PortSet ports(json::Reader& in, std::string_view member) {
    auto read = PortSet::parse(in.text_or(member, ports_rule, ""));
    if (read) return std::move(*read);
    in.refuse(member, read.error().text);
    return {};
}
IpAddress address(json::Reader& in) {
    const auto read = IpAddress::parse(in.text("address", json::name_rule));
    if (!read) in.refuse("address", "not an address");
    return read.value_or(IpAddress{});
}

boost::json::value to_json(const scan::Unknown& unknown) {
    json::Writer out;
    ports(out, "ports", unknown.ports);
    return out.text("why", unknown.why).finish();
}
Result<scan::Unknown> unknown_from(const boost::json::value& value, std::string_view where,
                                   json::Unknown unknown) {
    json::Reader in(value, where, unknown);
    scan::Unknown one;
    one.ports = ports(in, "ports");
    one.why = in.text_or("why", json::text_rule, "");
    return in.finish(std::move(one));
}

boost::json::value to_json(const TargetResult& result) {
    json::Writer out;
    out.text("address", result.address.text());
    ports(out, "open", result.open);
    ports(out, "closed", result.closed);
    ports(out, "filtered", result.filtered);
    if (!result.unknown.empty())
        out.value("unknown", json::array_of(result.unknown, [](const auto& one) { return to_json(one); }));
    return out.seconds_if("round_trip", result.round_trip).finish();
}
Result<TargetResult> result_from(const boost::json::value& value, std::string_view where,
                                 json::Unknown unknown) {
    json::Reader in(value, where, unknown);
    TargetResult result;
    result.address = address(in);
    result.open = ports(in, "open");
    result.closed = ports(in, "closed");
    result.filtered = ports(in, "filtered");
    result.unknown = in.list<scan::Unknown>("unknown", most_reasons, unknown_from);
    result.round_trip = in.optional_seconds("round_trip");
    return in.finish(std::move(result));
}

std::int64_t number(std::uint64_t count) {
    return static_cast<std::int64_t>(std::min<std::uint64_t>(count, any));
}

constexpr std::array end_names{std::pair{Report::End::complete, std::string_view("complete")},
                               std::pair{Report::End::stopped, std::string_view("stopped")},
                               std::pair{Report::End::cut_short, std::string_view("cut_short")}};
std::string_view to_text(Report::End end) {
    for (const auto& [value, text] : end_names)
        if (value == end) return text;
    return "cut_short";
}
std::optional<Report::End> parse_end(std::string_view text) {
    for (const auto& [value, name] : end_names)
        if (name == text) return value;
    return std::nullopt;
}

boost::json::value to_json(const Report& report) {
    auto warnings = report.warnings;
    warnings.resize(std::min(warnings.size(), most_warnings));
    return json::Writer()
        .text("end", to_text(report.end))
        .number("probes", number(report.probes_sent))
        .seconds("took", report.took)
        .value("warnings", json::to_json(warnings))
        .value("targets", json::array_of(report.targets, [](const auto& one) { return to_json(one); }))
        .finish();
}
Result<Report> report_from(const boost::json::value& value, std::string_view where, json::Unknown unknown) {
    json::Reader in(value, where, unknown);
    Report report;
    report.end = in.word("end", parse_end, "complete, stopped, cut_short");
    report.probes_sent = static_cast<std::uint64_t>(in.integer("probes", 0, any));
    report.took = in.optional_seconds("took").value_or(Duration::zero());
    report.warnings = in.texts("warnings", json::text_rule, most_warnings);
    report.targets = in.list<TargetResult>("targets", scan::most_addresses_from_afar, result_from);
    return in.finish(std::move(report));
}

boost::json::value to_json(const scan::NameResolver::Answer& answer) {
    json::Writer out;
    if (!answer)
        return out.text("error", answer.error().text)
            .value("known", answer.error().code == ErrorCode::not_found)
            .finish();
    boost::json::array all;
    for (std::size_t i = 0; i < std::min(answer->size(), most_addresses_of_name); ++i)
        all.emplace_back((*answer)[i].text());
    return out.value("addresses", std::move(all)).finish();
}
Result<scan::NameResolver::Answer> answer_from(const boost::json::value& value, std::string_view where,
                                               json::Unknown unknown) {
    json::Reader in(value, where, unknown);
    const auto error = in.optional_text("error", json::text_rule);
    const bool known = in.flag_or("known", false);  // that there is none
    std::vector<IpAddress> addresses;
    for (const auto& text : in.texts("addresses", json::name_rule, most_addresses_of_name)) {
        const auto read = IpAddress::parse(text);
        if (!read) in.refuse("addresses", "'" + text + "' is not an address");
        addresses.push_back(read.value_or(IpAddress{}));
    }
    if (!error && addresses.empty()) in.refuse("addresses", "none, and no error");
    scan::NameResolver::Answer answer = std::move(addresses);
    if (error) answer = fail(known ? ErrorCode::not_found : ErrorCode::unavailable, *error, Retry::later);
    return in.finish(std::move(answer));
}

boost::json::value to_json(const scan::Certificate& shown) {
    auto names = shown.names;
    names.resize(std::min(names.size(), most_names_of_certificate));
    return json::Writer()
        .text("subject", shown.subject)
        .text("issuer", shown.issuer)
        .value("names", json::to_json(names))
        .time("not_before", shown.not_before)
        .time("not_after", shown.not_after)
        .text("sha256", shown.sha256)
        .finish();
}
Result<scan::Certificate> certificate_from(const boost::json::value& value, std::string_view where,
                                           json::Unknown unknown) {
    json::Reader in(value, where, unknown);
    scan::Certificate shown;
    shown.subject = in.text("subject", json::text_rule);
    shown.issuer = in.text("issuer", json::text_rule);
    shown.names = in.texts("names", json::text_rule, most_names_of_certificate);
    shown.not_before = in.time("not_before");
    shown.not_after = in.time("not_after");
    shown.sha256 = in.text("sha256", json::line_rule);
    return in.finish(std::move(shown));
}

boost::json::value to_json(const ServiceFacts& facts) {
    json::Writer out;
    out.text_if("banner", runtime::to_base64url(facts.banner)).text_if("tls", facts.tls);
    out.text_if("plain", runtime::to_base64url(facts.plain));
    if (facts.certificate) out.value("certificate", to_json(*facts.certificate));
    return out.finish();
}
Result<ServiceFacts> facts_from(const boost::json::value& value, std::string_view where,
                                json::Unknown unknown) {
    json::Reader in(value, where, unknown);
    ServiceFacts facts;
    const auto banner = runtime::from_base64url(in.text_or("banner", json::text_rule, ""));
    if (!banner) in.refuse("banner", "not base64url");
    facts.banner = banner.value_or("");
    facts.tls = in.text_or("tls", json::line_rule, "");
    const auto plain = runtime::from_base64url(in.text_or("plain", json::text_rule, ""));
    if (!plain) in.refuse("plain", "not base64url");
    facts.plain = plain.value_or("");
    facts.certificate = in.optional_object<scan::Certificate>("certificate", certificate_from);
    return in.finish(std::move(facts));
}

template <typename T>
boost::json::array list_of(const std::vector<T>& all) {
    return json::array_of(all, [](const T& one) { return to_json(one); });
}

boost::json::value named(const Report& report) {
    return json::Writer().value("report", to_json(report)).finish();
}
boost::json::value named(const scan::NameAnswers& names) {
    return json::Writer().value("names", list_of(names)).finish();
}
boost::json::value named(const scan::ServiceAnswers& services) {
    return json::Writer().value("services", list_of(services)).finish();
}

constexpr std::array code_names{std::pair{ErrorCode::invalid, std::string_view("invalid")},
                                std::pair{ErrorCode::forbidden, std::string_view("forbidden")},
                                std::pair{ErrorCode::not_found, std::string_view("not_found")},
                                std::pair{ErrorCode::unavailable, std::string_view("unavailable")}};
std::string_view to_text(ErrorCode code) {
    for (const auto& [value, text] : code_names)
        if (value == code) return text;
    return "unavailable";
}
std::optional<ErrorCode> parse_code(std::string_view text) {
    for (const auto& [value, name] : code_names)
        if (name == text) return value;
    return std::nullopt;
}

}  // namespace

boost::json::value to_json(const scan::VantageOutcome& outcome) {
    return std::visit([](const auto& one) { return named(one); }, outcome);
}

Result<scan::VantageOutcome> outcome_from(const boost::json::value& value, std::string_view where,
                                          json::Unknown unknown) {
    json::Reader in(value, where, unknown);
    scan::VantageOutcome outcome;
    if (in.has("names"))
        outcome = in.list<scan::NameResolver::Answer>("names", scan::most_names_from_afar, answer_from);
    else if (in.has("services"))
        outcome = in.list<ServiceFacts>("services", scan::most_services_from_afar, facts_from);
    else
        outcome = in.object<Report>("report", report_from);
    return in.finish(std::move(outcome));
}

boost::json::value to_json(const Result<scan::VantageOutcome>& ended) {
    if (ended) return json::Writer().value("outcome", to_json(*ended)).finish();
    return json::Writer()
        .text("error", ended.error().text.empty() ? "failed" : ended.error().text)
        .text("code", to_text(ended.error().code))
        .finish();
}

Result<Result<scan::VantageOutcome>> ended_from(const boost::json::value& value, std::string_view where,
                                                json::Unknown unknown) {
    json::Reader in(value, where, unknown);
    Result<scan::VantageOutcome> ended;
    if (const auto error = in.optional_text("error", json::text_rule))
        ended = fail(in.word_or("code", parse_code, "a code of errors", ErrorCode::unavailable), *error,
                     Retry::later);
    else
        ended = in.object<scan::VantageOutcome>("outcome", outcome_from);
    return in.finish(std::move(ended));
}

}  // namespace garita::hub_link
