#pragma once
// Ed25519: who holds the signing key can give orders; who holds the verifying key can tell whose they are.

#include <array>
#include <filesystem>
#include <optional>
#include <string>
#include <string_view>

#include "model/result.hpp"
#include "runtime/secret/secret.hpp"

namespace garita::runtime {

using Signature = std::array<unsigned char, 64>;
using Digest = std::array<unsigned char, 32>;

/// A digest, signature or key as what texts are made of; looks into `bytes`.
template <std::size_t size>
std::string_view text_of(const std::array<unsigned char, size>& bytes) {
    return {reinterpret_cast<const char*>(bytes.data()), bytes.size()};
}

/// BLAKE2b, 256 bits.
[[nodiscard]] Digest digest_of(std::string_view bytes);

/// "YWJj…" without padding, of the alphabet that URLs and headers take.
[[nodiscard]] std::string to_base64url(std::string_view bytes);
/// Nothing for text that is not exactly that.
[[nodiscard]] std::optional<std::string> from_base64url(std::string_view text);
/// From the system's generator for keys.
[[nodiscard]] std::string random_bytes(std::size_t count);
/// Takes a time that does not depend on where two texts of the same length differ.
[[nodiscard]] bool same_bytes(std::string_view a, std::string_view b);

class VerifyingKey {
  public:
    /// Reads "ed25519:" and base64url.
    [[nodiscard]] static Result<VerifyingKey> parse(std::string_view text);
    [[nodiscard]] std::string text() const;
    [[nodiscard]] bool accepts(std::string_view message, const Signature& signature) const;
    friend bool operator==(const VerifyingKey&, const VerifyingKey&) = default;

  private:
    friend class SigningKey;
    std::array<unsigned char, 32> bytes_{};
};

class SigningKey {
  public:
    /// Loads the key, or makes one where there is none yet (mode 0600).
    [[nodiscard]] static Result<SigningKey> open(const std::filesystem::path& file);
    [[nodiscard]] Signature sign(std::string_view message) const;
    [[nodiscard]] const VerifyingKey& verifying() const { return verifying_; }

  private:
    SigningKey() = default;
    Secret seed_and_key_;  ///< libsodium's 64 bytes
    VerifyingKey verifying_;
};

}  // namespace garita::runtime
