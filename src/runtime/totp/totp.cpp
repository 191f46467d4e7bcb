#include "runtime/totp/totp.hpp"

#include <array>
#include <stdexcept>

#include <openssl/crypto.h>
#include <openssl/evp.h>
#include <openssl/hmac.h>
#include <openssl/rand.h>

namespace garita::runtime {

namespace {

constexpr std::string_view alphabet = "ABCDEFGHIJKLMNOPQRSTUVWXYZ234567";
constexpr std::int64_t step_seconds = 30;
constexpr std::size_t digits = 6;
constexpr std::uint32_t modulus = 1'000'000;
constexpr std::size_t least_bytes = 16;
constexpr std::size_t most_characters = 1000;
constexpr std::size_t fresh_bytes = 20;  // as long as what SHA-1 gives

std::optional<unsigned> base32_value(char c) {
    if (c >= 'a' && c <= 'z') c = static_cast<char>(c - 'a' + 'A');
    const auto at = alphabet.find(c);
    return at == std::string_view::npos ? std::nullopt : std::optional(static_cast<unsigned>(at));
}

std::string base32(const unsigned char* bytes, std::size_t size) {
    std::string text;
    unsigned buffer = 0;
    unsigned bits = 0;
    for (std::size_t i = 0; i < size; ++i) {
        buffer = (buffer << 8U) | bytes[i];
        bits += 8;
        while (bits >= 5) {
            bits -= 5;
            text += alphabet[(buffer >> bits) & 31U];
        }
    }
    if (bits > 0) text += alphabet[(buffer << (5U - bits)) & 31U];
    return text;
}

}  // namespace

std::optional<TotpKey> TotpKey::from_base32(std::string_view text) {
    if (text.size() > most_characters) return std::nullopt;
    std::string bytes;
    bytes.reserve(text.size());
    std::uint32_t buffer = 0;
    unsigned bits = 0;
    for (const char c : text) {
        if (c == ' ' || c == '-' || c == '=') continue;
        const auto value = base32_value(c);
        if (!value) {
            wipe(bytes);
            return std::nullopt;
        }
        buffer = ((buffer << 5U) | *value) & 0xFFFU;
        bits += 5;
        if (bits < 8) continue;
        bits -= 8;
        bytes += static_cast<char>((buffer >> bits) & 0xFFU);
    }
    if (bytes.size() < least_bytes) {
        wipe(bytes);
        return std::nullopt;
    }
    return TotpKey(Secret(std::move(bytes)));
}

std::string TotpKey::code(std::int64_t step) const {
    std::array<unsigned char, 8> counter{};
    for (std::size_t i = 0; i < counter.size(); ++i)
        counter[i] = static_cast<unsigned char>(static_cast<std::uint64_t>(step) >> (8 * (7 - i)));
    std::array<unsigned char, EVP_MAX_MD_SIZE> hash{};
    unsigned size = 0;
    const auto key = bytes_.reveal();
    if (HMAC(EVP_sha1(), key.data(), static_cast<int>(key.size()), counter.data(), counter.size(),
             hash.data(), &size) == nullptr)
        throw std::runtime_error("OpenSSL cannot compute HMAC-SHA1, which one-time codes need");
    const std::size_t at = hash[size - 1] & 15U;
    const std::uint32_t number = (static_cast<std::uint32_t>(hash[at] & 127U) << 24U) |
                                 (static_cast<std::uint32_t>(hash[at + 1]) << 16U) |
                                 (static_cast<std::uint32_t>(hash[at + 2]) << 8U) | hash[at + 3];
    const auto shown = std::to_string(number % modulus);
    return std::string(digits - shown.size(), '0') + shown;
}

std::optional<std::int64_t> TotpKey::step_of(std::string_view code, Time now) const {
    const auto current = to_micros(now) / 1'000'000 / step_seconds;
    std::optional<std::int64_t> found;
    for (const std::int64_t step : {current - 1, current, current + 1}) {
        const auto right = this->code(step);
        if (code.size() == right.size() && CRYPTO_memcmp(code.data(), right.data(), right.size()) == 0)
            found = step;
    }
    return found;
}

Secret make_totp_secret() {
    std::array<unsigned char, fresh_bytes> random{};
    if (RAND_bytes(random.data(), static_cast<int>(random.size())) != 1)
        throw std::runtime_error("OpenSSL has no random bytes for a key");
    auto text = base32(random.data(), random.size());
    OPENSSL_cleanse(random.data(), random.size());
    return Secret(std::move(text));
}

std::string otpauth_uri(std::string_view person, const Secret& base32) {
    return "otpauth://totp/Garita:" + std::string(person) + "?secret=" + std::string(base32.reveal()) +
           "&issuer=Garita";
}

}  // namespace garita::runtime
