#include "adapters/mail_proof/signed_part.hpp"

#include <algorithm>
#include <array>
#include <vector>

#include "access/letter_fields.hpp"

namespace garita::mail_proof {

namespace {

/// The parts between the boundary's lines; empty where the last one is not ended by "--".
std::vector<std::string_view> parts_of(std::string_view body, std::string_view boundary) {
    const auto mark = "--" + std::string(boundary);
    std::vector<std::string_view> parts;
    std::size_t begin = std::string_view::npos;  // of the part that is open
    std::size_t at = 0;
    while (at < body.size()) {
        const auto end = std::min(body.find("\r\n", at), body.size());
        auto line = body.substr(at, end - at);
        if (line.starts_with(mark)) {
            // the end of the line before a boundary belongs to the boundary
            if (begin != std::string_view::npos)
                parts.push_back(body.substr(begin, at >= begin + 2 ? at - 2 - begin : 0));
            line.remove_prefix(mark.size());
            const bool last = line.starts_with("--");
            if (last) line.remove_prefix(2);
            if (line.find_first_not_of(" \t") != std::string_view::npos) return {};  // another boundary
            if (last) return parts;
            if (parts.size() > 2) return {};
            begin = std::min(end + 2, body.size());
        }
        at = end + 2;
    }
    return {};
}

std::string type_of(std::string_view alias) {
    constexpr std::string_view old = "application/x-pkcs7-";
    if (alias.starts_with(old)) return "application/pkcs7-" + std::string(alias.substr(old.size()));
    return std::string(alias);
}

}  // namespace

std::optional<std::string> decode_base64(std::string_view text) {
    std::string out;
    unsigned bits = 0;
    unsigned held = 0;
    bool ended = false;
    for (const char c : text) {
        if (c == '\r' || c == '\n' || c == ' ' || c == '\t') continue;
        unsigned value = 0;
        if (c >= 'A' && c <= 'Z')
            value = static_cast<unsigned>(c - 'A');
        else if (c >= 'a' && c <= 'z')
            value = static_cast<unsigned>(c - 'a') + 26;
        else if (c >= '0' && c <= '9')
            value = static_cast<unsigned>(c - '0') + 52;
        else if (c == '+')
            value = 62;
        else if (c == '/')
            value = 63;
        else if (c == '=') {
            ended = true;
            continue;
        } else
            return std::nullopt;
        if (ended) return std::nullopt;
        held = (held << 6U) | value;
        bits += 6;
        if (bits < 8) continue;
        bits -= 8;
        out += static_cast<char>((held >> bits) & 0xFFU);
    }
    return out;
}

std::optional<SignedPart> signed_part(std::string_view letter, std::string_view signature_type) {
    const auto whole = access::split_letter(letter);
    if (!whole || whole->count("content-type") != 1) return std::nullopt;
    const auto type = access::parse_parameters(whole->value("content-type"));
    if (type.value != "multipart/signed" || type_of(type.parameter("protocol")) != signature_type)
        return std::nullopt;
    const auto boundary = type.parameter("boundary");
    if (boundary.empty() || boundary.size() > 70) return std::nullopt;
    const auto parts = parts_of(whole->body, boundary);
    if (parts.size() != 2) return std::nullopt;
    const auto last = access::split_letter(parts[1]);
    if (!last || type_of(access::parse_parameters(last->value("content-type")).value) != signature_type)
        return std::nullopt;
    SignedPart found{parts[0], std::string(last->body)};
    const auto encoding = access::parse_parameters(last->value("content-transfer-encoding")).value;
    if (encoding == "base64") {
        auto bytes = decode_base64(found.signature);
        if (!bytes) return std::nullopt;
        found.signature = std::move(*bytes);
    }
    return found;
}

}  // namespace garita::mail_proof
