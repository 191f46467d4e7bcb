#include "runtime/signing/signing_key.hpp"

#include <sodium.h>

#include "runtime/tls/private_file.hpp"

namespace garita::runtime {
namespace {

constexpr std::string_view public_prefix = "ed25519:";
constexpr std::string_view private_prefix = "ed25519-secret:";
constexpr std::size_t largest_file = 1024;
constexpr int alphabet = sodium_base64_VARIANT_URLSAFE_NO_PADDING;

const unsigned char* bytes_of(std::string_view text) {
    return reinterpret_cast<const unsigned char*>(text.data());
}

}  // namespace

Digest digest_of(std::string_view bytes) {
    Digest digest{};
    crypto_generichash(digest.data(), digest.size(), bytes_of(bytes), bytes.size(), nullptr, 0);
    return digest;
}

std::string to_base64url(std::string_view bytes) {
    std::string text(sodium_base64_encoded_len(bytes.size(), alphabet), '\0');
    sodium_bin2base64(text.data(), text.size(), bytes_of(bytes), bytes.size(), alphabet);
    text.pop_back();  // the terminating zero
    return text;
}

std::optional<std::string> from_base64url(std::string_view text) {
    std::string bytes(text.size() / 4 * 3 + 3, '\0');
    std::size_t size = 0;
    if (sodium_base642bin(reinterpret_cast<unsigned char*>(bytes.data()), bytes.size(), text.data(),
                          text.size(), nullptr, &size, nullptr, alphabet) != 0)
        return std::nullopt;
    bytes.resize(size);
    // libsodium takes some bytes beyond ASCII for letters of the alphabet
    if (to_base64url(bytes) != text) return std::nullopt;
    return bytes;
}

std::string random_bytes(std::size_t count) {
    std::string bytes(count, '\0');
    randombytes_buf(bytes.data(), bytes.size());
    return bytes;
}

bool same_bytes(std::string_view a, std::string_view b) {
    return a.size() == b.size() && sodium_memcmp(a.data(), b.data(), a.size()) == 0;
}

Result<VerifyingKey> VerifyingKey::parse(std::string_view text) {
    VerifyingKey key;
    const auto bytes =
        text.starts_with(public_prefix) ? from_base64url(text.substr(public_prefix.size())) : std::nullopt;
    if (!bytes || bytes->size() != key.bytes_.size())
        return fail(ErrorCode::invalid, "not a key for signatures: expected \"ed25519:\" and 43 characters");
    std::copy(bytes->begin(), bytes->end(), reinterpret_cast<char*>(key.bytes_.data()));
    return key;
}

std::string VerifyingKey::text() const {
    return std::string(public_prefix) + to_base64url(text_of(bytes_));
}

bool VerifyingKey::accepts(std::string_view message, const Signature& signature) const {
    return crypto_sign_verify_detached(signature.data(), bytes_of(message), message.size(), bytes_.data()) ==
           0;
}

Result<SigningKey> SigningKey::open(const std::filesystem::path& file) {
    if (sodium_init() < 0) return fail(ErrorCode::unavailable, "libsodium is not available");
    SigningKey key;
    auto text = tls::read_small_file(file, largest_file);
    if (!text && text.error().code != ErrorCode::not_found) return tl::unexpected(text.error());
    if (!text) {
        std::string seed = random_bytes(crypto_sign_SEEDBYTES);
        text = std::string(private_prefix) + to_base64url(seed);
        wipe(seed);
        if (const auto written = tls::write_private_file(file, *text + "\n"); !written)
            return tl::unexpected(written.error());
    }
    while (!text->empty() && text->back() == '\n')
        text->pop_back();
    auto seed = text->starts_with(private_prefix)
                    ? from_base64url(std::string_view(*text).substr(private_prefix.size()))
                    : std::nullopt;
    wipe(*text);
    if (!seed || seed->size() != crypto_sign_SEEDBYTES)
        return fail(ErrorCode::invalid, file.string() +
                                            " is not a key for signatures that Garita has written; "
                                            "bring it back from a backup: agents know only this one");
    std::string secret(crypto_sign_SECRETKEYBYTES, '\0');
    crypto_sign_seed_keypair(key.verifying_.bytes_.data(), reinterpret_cast<unsigned char*>(secret.data()),
                             bytes_of(*seed));
    wipe(*seed);
    key.seed_and_key_ = Secret(std::move(secret));
    return key;
}

Signature SigningKey::sign(std::string_view message) const {
    Signature signature{};
    crypto_sign_detached(signature.data(), nullptr, bytes_of(message), message.size(),
                         bytes_of(seed_and_key_.reveal()));
    return signature;
}

}  // namespace garita::runtime
