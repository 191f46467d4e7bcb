#include "adapters/mail_proof/confirmation_code.hpp"

#include <algorithm>
#include <array>
#include <stdexcept>

#include <sodium.h>

namespace garita::mail_proof {

namespace {

/// Without letters that look like digits or like each other.
constexpr std::string_view alphabet = "0123456789abcdefghjkmnpqrstvwxyz";
constexpr std::size_t code_bytes = 16;
constexpr std::size_t code_length = 26;  ///< 5 bits each
constexpr std::size_t group = 5;
constexpr std::size_t most_codes = 5;
constexpr int most_wrong = 5;

std::string spelled(const std::array<unsigned char, code_bytes>& random) {
    std::string code;
    unsigned held = 0;
    unsigned bits = 0;
    std::size_t next = 0;
    for (std::size_t i = 0; i < code_length; ++i) {
        if (bits < 5) {
            held = (held << 8U) | (next < random.size() ? random[next] : 0U);
            ++next;
            bits += 8;
        }
        bits -= 5;
        if (i > 0 && i % group == 0 && i + 1 < code_length) code += '-';
        code += alphabet[(held >> bits) & 31U];
    }
    return code;
}

char plain(char c) {
    if (c >= 'A' && c <= 'Z') c = static_cast<char>(c - 'A' + 'a');
    if (c == 'o') return '0';
    return c == 'i' || c == 'l' ? '1' : c;
}

std::string without_dashes(std::string_view code) {
    std::string out;
    for (const char c : code)
        if (c != '-') out += plain(c);
    return out;
}

std::string digest_of(std::string_view code, std::string_view request, std::string_view person) {
    const auto part = [](std::string_view text) {
        return std::to_string(text.size()) + ' ' + std::string(text);
    };
    const auto meaning = "confirmation " + part(request) + part(person) + without_dashes(code);
    std::array<unsigned char, 32> hash{};
    crypto_generichash(hash.data(), hash.size(), reinterpret_cast<const unsigned char*>(meaning.data()),
                       meaning.size(), nullptr, 0);
    std::string text(hash.size() * 2 + 1, '\0');
    sodium_bin2hex(text.data(), text.size(), hash.data(), hash.size());
    text.pop_back();  // the terminating zero
    return text;
}

bool same(std::string_view one, std::string_view other) {
    return one.size() == other.size() && sodium_memcmp(one.data(), other.data(), one.size()) == 0;
}

}  // namespace

FreshCode make_code(std::string_view request, std::string_view person, Time now, Duration life) {
    if (sodium_init() < 0) throw std::runtime_error("libsodium cannot be started");
    std::array<unsigned char, code_bytes> random{};
    randombytes_buf(random.data(), random.size());
    auto code = spelled(random);
    sodium_memzero(random.data(), random.size());
    FreshCode fresh;
    fresh.kept.digest = digest_of(code, request, person);
    fresh.kept.expires = now + life;
    fresh.code = runtime::Secret(std::move(code));
    return fresh;
}

std::vector<std::string> codes_in(std::string_view text) {
    std::vector<std::string> codes;
    std::string word;
    const auto end_word = [&] {
        const auto code = without_dashes(word);
        const bool fits = code.size() == code_length && code.find_first_not_of(alphabet) == std::string::npos;
        if (fits && codes.size() < most_codes) codes.push_back(code);
        word.clear();
    };
    constexpr std::size_t longest_word = 64;
    for (const char c : text) {
        const char small = plain(c);
        const bool inside = c == '-' || (small >= 'a' && small <= 'z') || (small >= '0' && small <= '9');
        if (!inside)
            end_word();
        else if (word.size() < longest_word)
            word += c;
    }
    end_word();
    return codes;
}

std::string_view to_text(CodeVerdict verdict) {
    constexpr std::array<std::string_view, 6> words = {"right",   "missing", "wrong",
                                                       "expired", "used",    "exhausted"};
    return words.at(static_cast<std::size_t>(verdict));
}

CodeVerdict try_code(SentCode& kept, std::string_view text, std::string_view request, std::string_view person,
                     Time now) {
    const auto codes = codes_in(text);
    if (codes.empty()) return CodeVerdict::missing;
    if (kept.wrong >= most_wrong) return CodeVerdict::exhausted;
    bool right = false;
    for (const auto& code : codes)
        right = same(digest_of(code, request, person), kept.digest) || right;
    if (!right) {
        ++kept.wrong;
        return CodeVerdict::wrong;
    }
    if (kept.used) return CodeVerdict::used;
    if (now >= kept.expires) return CodeVerdict::expired;
    kept.used = true;
    return CodeVerdict::right;
}

}  // namespace garita::mail_proof
