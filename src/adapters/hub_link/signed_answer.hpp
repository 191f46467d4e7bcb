#pragma once
// What makes an answer of the hub an order: the hub's signature over the agent's name, the path and the
// random number of this very request, the time, and the exact bytes of the body. TLS ends where a proxy or a
// hub's frontend does; the signature ends at the agent. One signature a page, not one a rule.

#include <optional>
#include <string>
#include <string_view>

#include "model/result.hpp"
#include "model/time.hpp"
#include "runtime/signing/signing_key.hpp"

namespace garita::hub_link {

inline constexpr std::string_view nonce_header = "Garita-Nonce";
inline constexpr std::string_view signature_header = "Garita-Signature";

/// Which request an answer is for.
struct AnswerFor {
    std::string_view agent;
    std::string_view path;
    std::string_view nonce;
};

/// As made by make_nonce(): 32 characters of base64url.
[[nodiscard]] std::string make_nonce();
[[nodiscard]] bool is_nonce(std::string_view text);

/// The value of the header `Garita-Signature`: "v1 AGENT NONCE MICROSECONDS SIGNATURE".
[[nodiscard]] std::string sign_answer(const runtime::SigningKey& key, const AnswerFor& request,
                                      std::string_view body, Time issued);

/// When the hub said it, by its clock. `forbidden`, with the reason, for whatever is not the hub's own answer
/// to this request.
[[nodiscard]] Result<Time> verify_answer(const runtime::VerifyingKey& key, const AnswerFor& request,
                                         std::string_view body, std::optional<std::string_view> signature);

}  // namespace garita::hub_link
