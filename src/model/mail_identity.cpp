#include "model/mail_identity.hpp"

#include <algorithm>
#include <array>
#include <cstddef>
#include <utility>

namespace garita {
namespace {

constexpr std::string_view hex_digits = "0123456789abcdef";
constexpr std::string_view letters_and_digits = "abcdefghijklmnopqrstuvwxyz0123456789";
constexpr std::string_view atom_signs = "!#$%&'*+-/=?^_`{|}~";

char lower(char c) {
    return c >= 'A' && c <= 'Z' ? static_cast<char>(c - 'A' + 'a') : c;
}

bool is_atom(std::string_view part) {
    return !part.empty() && std::all_of(part.begin(), part.end(), [](char c) {
        return letters_and_digits.find(c) != std::string_view::npos ||
               atom_signs.find(c) != std::string_view::npos;
    });
}

bool is_label(std::string_view part) {
    return !part.empty() && part.size() <= 63 && part.front() != '-' && part.back() != '-' &&
           std::all_of(part.begin(), part.end(), [](char c) {
               return c == '-' || letters_and_digits.find(c) != std::string_view::npos;
           });
}

/// How many parts there are between the dots; none unless each is right.
template <typename Right>
std::size_t dotted_parts(std::string_view text, Right right) {
    std::size_t parts = 0;
    while (true) {
        const auto dot = std::min(text.find('.'), text.size());
        if (!right(text.substr(0, dot))) return 0;
        ++parts;
        if (dot == text.size()) return parts;
        text.remove_prefix(dot + 1);
    }
}

}  // namespace

std::optional<std::string> parse_mail_address(std::string_view text) {
    constexpr std::size_t longest = 254;
    constexpr std::size_t longest_local_part = 64;
    if (text.size() > longest) return std::nullopt;
    std::string address(text);
    std::transform(address.begin(), address.end(), address.begin(), lower);
    const auto at = address.find('@');
    if (at > longest_local_part) return std::nullopt;  // npos too
    const std::string_view whole = address;
    if (dotted_parts(whole.substr(0, at), is_atom) == 0) return std::nullopt;
    if (dotted_parts(whole.substr(at + 1), is_label) < 2) return std::nullopt;
    return address;
}

std::optional<std::string> parse_key_fingerprint(std::string_view text) {
    constexpr std::size_t sha1 = 40;
    constexpr std::size_t sha256 = 64;
    constexpr std::array kinds{std::pair{std::string_view("openpgp:"), sha1},
                               std::pair{std::string_view("openpgp:"), sha256},
                               std::pair{std::string_view("smime:"), sha256}};
    for (const auto& [kind, length] : kinds) {
        if (!text.starts_with(kind)) continue;
        std::string fingerprint(kind);
        for (const char c : text.substr(kind.size()))
            if (c != ' ' && c != ':') fingerprint += lower(c);
        const std::string_view digits = std::string_view(fingerprint).substr(kind.size());
        if (digits.size() == length && digits.find_first_not_of(hex_digits) == std::string_view::npos)
            return fingerprint;
    }
    return std::nullopt;
}

}  // namespace garita
