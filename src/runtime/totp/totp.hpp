#pragma once
// One-time codes by the clock (RFC 6238): SHA-1, six digits, a new one every 30 seconds, as the usual
// authenticator programs make them.

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>

#include "model/time.hpp"
#include "runtime/secret/secret.hpp"

namespace garita::runtime {

/// The key behind a person's codes.
class TotpKey {
  public:
    /// From base32, as authenticators show it: blanks, dashes and "=" are passed over, case does not matter.
    /// Nullopt: it is not base32, or shorter than 128 bits.
    [[nodiscard]] static std::optional<TotpKey> from_base32(std::string_view text);

    [[nodiscard]] std::string code(std::int64_t step) const;
    /// The step whose code this is, of the one at `now` and its two neighbours, for clocks that differ; the
    /// latest if there are several. Takes the same time for a right and a wrong code.
    [[nodiscard]] std::optional<std::int64_t> step_of(std::string_view code, Time now) const;

  private:
    explicit TotpKey(Secret bytes) : bytes_(std::move(bytes)) {}
    Secret bytes_;
};

/// A fresh key of 160 bits, in base32.
[[nodiscard]] Secret make_totp_secret();
/// "otpauth://totp/Garita:ana?secret=…&issuer=Garita": what authenticators read from a QR code. Tells the
/// secret.
[[nodiscard]] std::string otpauth_uri(std::string_view person, const Secret& base32);

}  // namespace garita::runtime
