#include "adapters/hub_link/enrolment_protocol.hpp"

#include <optional>

#include "runtime/json/reader.hpp"
#include "runtime/json/text.hpp"
#include "runtime/json/writer.hpp"

namespace garita::hub_link {
namespace json = runtime::json;
namespace {

constexpr std::size_t most_bytes = 64 * 1024;

std::optional<EnrolRequest::Kind> parse_kind(std::string_view word) {
    if (word == "one_time") return EnrolRequest::Kind::one_time;
    if (word == "pre_shared") return EnrolRequest::Kind::pre_shared;
    return std::nullopt;
}

}  // namespace

std::string encode(const EnrolRequest& request) {
    return json::serialize(
        json::Writer()
            .text("kind", request.kind == EnrolRequest::Kind::one_time ? "one_time" : "pre_shared")
            .text("code", request.code.reveal())
            .text_if("name", request.name)
            .text("request", request.request)
            .finish());
}

Result<EnrolRequest> decode_enrol_request(std::string_view text) {
    const auto document = json::parse(text, "enrolment", most_bytes);
    if (!document) return tl::unexpected(document.error());
    json::Reader in(*document, "", json::Unknown::ignore);
    EnrolRequest request;
    request.kind = in.word("kind", parse_kind, "one_time, pre_shared");
    request.code = runtime::Secret(in.text("code", json::text_rule));
    request.name = in.text_or("name", json::line_rule, "");
    request.request = in.text("request", json::text_rule);
    return in.finish(std::move(request));
}

std::string encode(const EnrolAnswer& answer) {
    return json::serialize(json::Writer()
                               .text("name", answer.name)
                               .text("certificate", answer.certificate)
                               .text("authority", answer.authority)
                               .text("hub_pin", answer.hub_pin)
                               .text("order_key", answer.order_key)
                               .time("issued_at", answer.issued_at)
                               .time("expires_at", answer.expires_at)
                               .finish());
}

Result<EnrolAnswer> decode_enrol_answer(std::string_view text) {
    const auto document = json::parse(text, "the hub's answer", most_bytes);
    if (!document) return tl::unexpected(document.error());
    json::Reader in(*document, "", json::Unknown::ignore);
    EnrolAnswer answer;
    answer.name = in.text("name", json::name_rule);
    answer.certificate = in.text("certificate", json::text_rule);
    answer.authority = in.text("authority", json::text_rule);
    answer.hub_pin = in.text("hub_pin", json::name_rule);
    answer.order_key = in.text("order_key", json::name_rule);
    answer.issued_at = in.time("issued_at");
    answer.expires_at = in.time("expires_at");
    return in.finish(std::move(answer));
}

std::string encode_certificate_request(std::string_view pem) {
    return json::serialize(json::Writer().text("request", pem).finish());
}

Result<std::string> decode_certificate_request(std::string_view text) {
    const auto document = json::parse(text, "certificate request", most_bytes);
    if (!document) return tl::unexpected(document.error());
    json::Reader in(*document, "", json::Unknown::ignore);
    auto pem = in.text("request", json::text_rule);
    return in.finish(std::move(pem));
}

std::string encode(const NextCertificate& answer) {
    return json::serialize(json::Writer()
                               .text("certificate", answer.certificate)
                               .time("issued_at", answer.issued_at)
                               .time("expires_at", answer.expires_at)
                               .finish());
}

Result<NextCertificate> decode_next_certificate(std::string_view text) {
    const auto document = json::parse(text, "the hub's answer", most_bytes);
    if (!document) return tl::unexpected(document.error());
    json::Reader in(*document, "", json::Unknown::ignore);
    NextCertificate answer;
    answer.certificate = in.text("certificate", json::text_rule);
    answer.issued_at = in.time("issued_at");
    answer.expires_at = in.time("expires_at");
    return in.finish(std::move(answer));
}

}  // namespace garita::hub_link
