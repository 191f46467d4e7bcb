#include "adapters/mail_proof/dkim_tags.hpp"

#include <algorithm>
#include <array>
#include <charconv>

namespace garita::mail_proof {

namespace {

char lower(char c) {
    return c >= 'A' && c <= 'Z' ? static_cast<char>(c - 'A' + 'a') : c;
}

std::string without_blanks(std::string_view text) {
    std::string out;
    for (const char c : text)
        if (c != ' ' && c != '\t' && c != '\r' && c != '\n') out += c;
    return out;
}

std::string lower_of(std::string text) {
    std::transform(text.begin(), text.end(), text.begin(), lower);
    return text;
}

std::vector<std::string> names_in(std::string_view list) {
    std::vector<std::string> names;
    while (!list.empty()) {
        const auto end = std::min(list.find(':'), list.size());
        names.push_back(lower_of(std::string(list.substr(0, end))));
        list.remove_prefix(std::min(end + 1, list.size()));
    }
    return names;
}

Result<std::map<std::string, std::string>> list_of_tags(std::string_view value) {
    std::map<std::string, std::string> tags;
    while (!value.empty()) {
        const auto end = std::min(value.find(';'), value.size());
        const auto tag = value.substr(0, end);
        value.remove_prefix(std::min(end + 1, value.size()));
        const auto equals = tag.find('=');
        auto name = without_blanks(tag.substr(0, std::min(equals, tag.size())));
        if (name.empty() && value.empty() && equals == std::string_view::npos) break;
        if (name.empty() || equals == std::string_view::npos)
            return fail(ErrorCode::invalid, "the DKIM signature is no list of tags");
        if (!tags.emplace(std::move(name), without_blanks(tag.substr(equals + 1))).second)
            return fail(ErrorCode::invalid, "the DKIM signature has a tag twice");
    }
    return tags;
}

}  // namespace

Result<DkimTags> parse_dkim_tags(std::string_view value) {
    auto tags = list_of_tags(value);
    if (!tags) return tl::unexpected(std::move(tags.error()));
    for (const auto* needed : {"d", "a", "h", "s", "b", "bh"})
        if ((*tags)[needed].empty())
            return fail(ErrorCode::invalid, "the DKIM signature has no " + std::string(needed) + "=");
    DkimTags signature;
    signature.domain = lower_of((*tags)["d"]);
    signature.selector = (*tags)["s"];
    signature.algorithm = lower_of((*tags)["a"]);
    signature.signed_fields = names_in((*tags)["h"]);
    signature.only_a_part = tags->contains("l");
    if (const auto& at = (*tags)["t"]; !at.empty()) {
        std::int64_t seconds = 0;
        const auto [end, error] = std::from_chars(at.data(), at.data() + at.size(), seconds);
        constexpr std::int64_t end_of_9999 = 253'402'300'799;
        if (error != std::errc() || end != at.data() + at.size() || seconds < 0 || seconds > end_of_9999)
            return fail(ErrorCode::invalid, "the DKIM signature's time is no time");
        signature.signed_at = Time{std::chrono::seconds{seconds}};
    }
    return signature;
}

bool may_sign_for(std::string_view domain, std::string_view address,
                  const std::vector<std::string>& parents) {
    const auto own = address.substr(std::min(address.find('@') + 1, address.size()));
    if (domain.empty() || own.empty()) return false;
    if (own == domain) return true;
    return std::find(parents.begin(), parents.end(), domain) != parents.end() &&
           own.ends_with('.' + std::string(domain));
}

std::optional<std::string> shortcoming(const DkimTags& tags, const access::LetterFields& letter) {
    if (tags.only_a_part) return "the signature covers only the beginning of the body (l=)";
    if (tags.algorithm != "rsa-sha256" && tags.algorithm != "ed25519-sha256")
        return "the signature is made by " + tags.algorithm.substr(0, 40) + ", which counts no more";
    for (const std::string_view needed : {"from", "subject", "date", "message-id"}) {
        if (letter.count(needed) != 1)
            return "the letter has not exactly one " + std::string(needed) + " field";
        if (std::find(tags.signed_fields.begin(), tags.signed_fields.end(), needed) ==
            tags.signed_fields.end())
            return "the field " + std::string(needed) + " is not signed";
    }
    return std::nullopt;
}

}  // namespace garita::mail_proof
