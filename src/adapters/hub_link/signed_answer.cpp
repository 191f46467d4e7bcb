#include "adapters/hub_link/signed_answer.hpp"

#include <algorithm>
#include <charconv>

namespace garita::hub_link {
namespace {

constexpr std::string_view context = "garita signed answer v1";
constexpr std::size_t nonce_bytes = 24;
constexpr std::size_t nonce_characters = 32;
constexpr std::size_t longest_header = 512;

/// No part can hold a line break but the digest, which is last and of one length: no two requests have the
/// same text.
std::string message_of(const AnswerFor& request, std::int64_t micros, std::string_view body) {
    std::string message(context);
    for (const auto part : {request.agent, request.path, request.nonce})
        (message += '\n') += part;
    return message + '\n' + std::to_string(micros) + '\n' +
           std::string(runtime::text_of(runtime::digest_of(body)));
}

struct Parts {
    std::string_view version, agent, nonce, micros, signature;
};

std::optional<Parts> split(std::string_view header) {
    if (header.size() > longest_header || std::count(header.begin(), header.end(), ' ') != 4)
        return std::nullopt;
    Parts parts;
    for (auto* part : {&parts.version, &parts.agent, &parts.nonce, &parts.micros, &parts.signature}) {
        const auto end = std::min(header.find(' '), header.size());
        *part = header.substr(0, end);
        header.remove_prefix(std::min(end + 1, header.size()));
    }
    return parts;
}

std::optional<std::int64_t> number(std::string_view text) {
    std::int64_t value = 0;
    const auto [end, error] = std::from_chars(text.data(), text.data() + text.size(), value);
    if (error != std::errc{} || end != text.data() + text.size()) return std::nullopt;
    return value;
}

tl::unexpected<Error> refuse(const std::string& why) {
    return fail(ErrorCode::forbidden, "refused an answer of the hub: " + why, Retry::later);
}

}  // namespace

std::string make_nonce() {
    return runtime::to_base64url(runtime::random_bytes(nonce_bytes));
}

bool is_nonce(std::string_view text) {
    return text.size() == nonce_characters && runtime::from_base64url(text).has_value();
}

std::string sign_answer(const runtime::SigningKey& key, const AnswerFor& request, std::string_view body,
                        Time issued) {
    const auto signature = key.sign(message_of(request, to_micros(issued), body));
    return "v1 " + std::string(request.agent) + ' ' + std::string(request.nonce) + ' ' +
           std::to_string(to_micros(issued)) + ' ' + runtime::to_base64url(runtime::text_of(signature));
}

Result<Time> verify_answer(const runtime::VerifyingKey& key, const AnswerFor& request, std::string_view body,
                           std::optional<std::string_view> header) {
    if (!header) return refuse("it is not signed");
    const auto parts = split(*header);
    const auto micros = parts ? number(parts->micros) : std::nullopt;
    const auto bytes = parts ? runtime::from_base64url(parts->signature) : std::nullopt;
    runtime::Signature signature{};
    if (!micros || parts->version != "v1" || !bytes || bytes->size() != signature.size())
        return refuse("its signature cannot be read");
    std::copy(bytes->begin(), bytes->end(), signature.begin());
    const AnswerFor claimed{parts->agent, request.path, parts->nonce};
    if (!key.accepts(message_of(claimed, *micros, body), signature))
        return refuse("it is not signed by the key of the hub that enrolled this agent, or was altered");
    if (parts->agent != request.agent)
        return refuse("it was made for another agent, " + std::string(parts->agent));
    if (parts->nonce != request.nonce)
        return refuse("it was made for another request and is played back (it is of " +
                      to_iso8601(from_micros(*micros)) + ")");
    return from_micros(*micros);
}

}  // namespace garita::hub_link
