#include "adapters/sinks/signature.hpp"

#include <array>

#include <sodium.h>

namespace garita::sinks {

namespace {

constexpr std::string_view base64_mark = "whsec_";

std::string to_base64(const unsigned char* bytes, std::size_t size) {
    std::string text(sodium_base64_ENCODED_LEN(size, sodium_base64_VARIANT_ORIGINAL), '\0');
    sodium_bin2base64(text.data(), text.size(), bytes, size, sodium_base64_VARIANT_ORIGINAL);
    text.pop_back();  // the terminating zero
    return text;
}

const unsigned char* bytes_of(std::string_view text) {
    return reinterpret_cast<const unsigned char*>(text.data());
}

}  // namespace

Result<runtime::Secret> signing_key(const runtime::Secret& secret) {
    const auto written = secret.reveal();
    if (!written.starts_with(base64_mark)) return secret;
    const auto digits = written.substr(base64_mark.size());
    std::string key(digits.size(), '\0');
    std::size_t size = 0;
    const char* end = nullptr;
    const int decoded =
        sodium_base642bin(reinterpret_cast<unsigned char*>(key.data()), key.size(), digits.data(),
                          digits.size(), nullptr, &size, &end, sodium_base64_VARIANT_ORIGINAL);
    if (decoded != 0 || end != digits.data() + digits.size() || size == 0) {
        runtime::wipe(key);
        return fail(ErrorCode::invalid, "what stands behind whsec_ in the signing secret is not base64");
    }
    key.resize(size);
    return runtime::Secret(std::move(key));
}

std::string signatures(const std::vector<runtime::Secret>& keys, std::string_view id, std::int64_t timestamp,
                       std::string_view body) {
    const auto head = std::string(id) + '.' + std::to_string(timestamp) + '.';
    std::string all;
    for (const auto& key : keys) {
        crypto_auth_hmacsha256_state state;
        crypto_auth_hmacsha256_init(&state, bytes_of(key.reveal()), key.size());
        crypto_auth_hmacsha256_update(&state, bytes_of(head), head.size());
        crypto_auth_hmacsha256_update(&state, bytes_of(body), body.size());
        std::array<unsigned char, crypto_auth_hmacsha256_BYTES> hash{};
        crypto_auth_hmacsha256_final(&state, hash.data());
        sodium_memzero(&state, sizeof state);
        all += (all.empty() ? "v1," : " v1,") + to_base64(hash.data(), hash.size());
    }
    return all;
}

}  // namespace garita::sinks
