// How agents are let in and orders are believed, each as a stranger's bytes: enrolment and its answers,
// codes, certificate requests, keys, signatures, and the agent's own file. Invariants: nothing throws; what
// was accepted is written in a form that is read again as the same; errors are one printable line; no
// signature that was not made with the key is believed.

#include <string>

#include "adapters/hub_link/enrolment_code.hpp"
#include "adapters/hub_link/enrolment_protocol.hpp"
#include "adapters/hub_link/identity_file.hpp"
#include "adapters/hub_link/signed_answer.hpp"
#include "both_ways.hpp"
#include "runtime/tls/authority.hpp"

namespace {

using namespace garita;
using fuzz::both_ways;
using fuzz::check_error;
using fuzz::must;
namespace link = hub_link;

void check_messages(std::string_view text) {
    both_ways(text, link::decode_enrol_request, [](const link::EnrolRequest& one) { return encode(one); });
    both_ways(text, link::decode_enrol_answer, [](const link::EnrolAnswer& one) { return encode(one); });
    both_ways(text, link::decode_next_certificate,
              [](const link::NextCertificate& one) { return encode(one); });
    both_ways(text, link::decode_certificate_request, link::encode_certificate_request);
    both_ways(text, link::decode_identity_file, [](const link::IdentityFile& file) { return encode(file); });
}

void check_code(std::string_view text) {
    const auto ticket = link::parse_ticket(text);
    if (!ticket) return check_error(ticket.error());
    must(link::to_text(*ticket) == text);
}

void check_keys(std::string_view text) {
    if (const auto request = runtime::tls::CertificateRequest::parse(text); !request)
        check_error(request.error());
    const auto key = runtime::VerifyingKey::parse(text);
    if (key) must(key->text() == text);
    if (!key) check_error(key.error());
    if (const auto bytes = runtime::from_base64url(text)) must(runtime::to_base64url(*bytes) == text);
    (void)link::is_device_name(text);
}

/// The fuzzer does not have the key: whatever header it makes, nothing is believed.
void check_signature(std::string_view text) {
    static const auto hub =
        runtime::VerifyingKey::parse("ed25519:11qYAYKxCrfVS_7TyWQHOg7hcvPapiMlrwIaaPcHURo").value();
    const auto [header, body] = fuzz::first_line(text);
    const auto believed =
        link::verify_answer(hub, {"web1", "/agent/v1/sync", std::string(32, 'a')}, body, header);
    must(!believed);
    check_error(believed.error());
}

}  // namespace

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
    const auto text = fuzz::text_of(data, size);
    check_messages(text);
    check_code(text);
    check_keys(text);
    check_signature(text);
    return 0;
}
