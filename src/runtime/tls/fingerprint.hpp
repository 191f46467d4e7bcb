#pragma once
// A fingerprint names a public key, not one certificate: SHA-256 of the SubjectPublicKeyInfo. A pin therefore
// survives a renewed certificate of the same key, and libcurl checks the same value by itself.

#include <array>
#include <cstddef>
#include <filesystem>
#include <string>
#include <string_view>

#include "model/result.hpp"

namespace garita::runtime::tls {

struct Fingerprint {
    std::array<unsigned char, 32> sha256{};

    friend bool operator==(const Fingerprint&, const Fingerprint&) = default;
};

/// "sha256:" and 64 lower-case hexadecimal digits: what is shown to people and written in settings.
[[nodiscard]] std::string to_text(const Fingerprint& fingerprint);

/// Reads the text form; upper case and colons between the bytes are accepted.
[[nodiscard]] Result<Fingerprint> parse_fingerprint(std::string_view text);

/// "sha256//" and base64: the form libcurl wants in CURLOPT_PINNEDPUBLICKEY.
[[nodiscard]] std::string to_curl_pin(const Fingerprint& fingerprint);

/// The fingerprint of the first certificate in a PEM file.
[[nodiscard]] Result<Fingerprint> fingerprint_sha256(const std::filesystem::path& certificate_pem);

}  // namespace garita::runtime::tls
