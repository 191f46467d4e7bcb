#include "adapters/hub_link/enrolment_code.hpp"

#include <algorithm>

#include "runtime/signing/signing_key.hpp"

namespace garita::hub_link {
namespace {

constexpr std::string_view prefix = "ge1.";
constexpr std::size_t secret_bytes = 16;
constexpr std::size_t pin_bytes = 32;
constexpr std::size_t check_bytes = 3;

std::string checksum(std::string_view bytes) {
    return std::string(runtime::text_of(runtime::digest_of(bytes)).substr(0, check_bytes));
}

tl::unexpected<Error> mistyped() {
    return fail(ErrorCode::invalid,
                "this is not a whole enrolment code: copy it again, as `garita enroll NAME` printed it");
}

}  // namespace

EnrolmentTicket make_ticket(const runtime::tls::Fingerprint& hub) {
    return {runtime::Secret(runtime::to_base64url(runtime::random_bytes(secret_bytes))), hub};
}

std::string to_text(const EnrolmentTicket& ticket) {
    const std::string bytes = runtime::from_base64url(ticket.secret.reveal()).value_or("") +
                              std::string(runtime::text_of(ticket.hub.sha256));
    return std::string(prefix) + runtime::to_base64url(bytes + checksum(bytes));
}

bool looks_like_ticket(std::string_view text) {
    return text.starts_with(prefix);
}

Result<EnrolmentTicket> parse_ticket(std::string_view text) {
    if (!looks_like_ticket(text)) return mistyped();
    const auto bytes = runtime::from_base64url(text.substr(prefix.size()));
    if (!bytes || bytes->size() != secret_bytes + pin_bytes + check_bytes) return mistyped();
    const auto said = std::string_view(*bytes).substr(0, secret_bytes + pin_bytes);
    if (checksum(said) != bytes->substr(said.size())) return mistyped();
    EnrolmentTicket ticket;
    ticket.secret = runtime::Secret(runtime::to_base64url(said.substr(0, secret_bytes)));
    std::copy(said.begin() + secret_bytes, said.end(), ticket.hub.sha256.begin());
    return ticket;
}

std::string hash_of(std::string_view secret) {
    return runtime::to_base64url(
        runtime::text_of(runtime::digest_of("garita enrolment code\n" + std::string(secret))));
}

bool is_device_name(std::string_view name) {
    const auto letter_or_digit = [](char c) {
        return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9');
    };
    return !name.empty() && name.size() <= 64 && letter_or_digit(name.front()) &&
           std::all_of(name.begin(), name.end(),
                       [&](char c) { return letter_or_digit(c) || c == '.' || c == '_' || c == '-'; });
}

}  // namespace garita::hub_link
