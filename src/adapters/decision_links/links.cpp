#include "adapters/decision_links/links.hpp"

#include <algorithm>
#include <array>
#include <charconv>
#include <utility>

#include <sodium.h>

#include "decide/question.hpp"
#include "runtime/signing/signing_key.hpp"

namespace garita::decision_links {

namespace {

constexpr std::size_t mark_bytes = 20;
constexpr std::size_t longest_token = 128;

std::string claims_of(std::int64_t about, std::int64_t decision, std::int64_t until) {
    return std::to_string(about) + '-' + std::to_string(decision) + '-' + std::to_string(until);
}

/// "12-" taken off the front.
std::optional<std::int64_t> take_number(std::string_view& text) {
    std::int64_t number = 0;
    const auto [stop, error] = std::from_chars(text.data(), text.data() + text.size(), number);
    const bool is_one =
        error == std::errc{} && number >= 0 && stop != text.data() + text.size() && *stop == '-';
    if (!is_one) return std::nullopt;
    text.remove_prefix(static_cast<std::size_t>(stop - text.data()) + 1);
    return number;
}

}  // namespace

Links::Links(runtime::Secret key, LinkSettings settings)
    : key_(std::move(key)), settings_(std::move(settings)), origin_(origin_of(settings_.url)) {}

std::string Links::mark_of(std::string_view claims, const Holder& holder) const {
    const auto text = std::string(claims) + '\n' + holder.address + '\n' + holder.person.name;
    const auto key = key_.reveal();
    crypto_auth_hmacsha256_state state;
    crypto_auth_hmacsha256_init(&state, reinterpret_cast<const unsigned char*>(key.data()), key.size());
    crypto_auth_hmacsha256_update(&state, reinterpret_cast<const unsigned char*>(text.data()), text.size());
    std::array<unsigned char, crypto_auth_hmacsha256_BYTES> hash{};
    crypto_auth_hmacsha256_final(&state, hash.data());
    sodium_memzero(&state, sizeof state);
    return runtime::to_base64url(runtime::text_of(hash).substr(0, mark_bytes));
}

std::optional<Links::Written> Links::write(const Case& about, std::string_view address, Time now) const {
    if (about.state != CaseState::open) return std::nullopt;
    for (const auto& holder : settings_.holders) {
        if (holder.address != address) continue;
        // to the full hour: a letter that goes again after a crash has the same link as a rule
        auto until = std::chrono::ceil<std::chrono::hours>(now + settings_.valid);
        const auto seconds =
            std::chrono::duration_cast<std::chrono::seconds>(until.time_since_epoch()).count();
        const auto claims = claims_of(about.id.value, decide::last_decision(about), seconds);
        return Written{settings_.url + "/decide/" + claims + '-' + mark_of(claims, holder),
                       end_of(until, about)};
    }
    return std::nullopt;
}

std::optional<Links::Link> Links::read(std::string_view token) const {
    if (token.size() > longest_token) return std::nullopt;
    auto rest = token;
    const auto about = take_number(rest);
    const auto decision = about ? take_number(rest) : std::nullopt;
    const auto until = decision ? take_number(rest) : std::nullopt;
    // beyond it there is no time of ours
    if (!until || *until > 32'503'680'000) return std::nullopt;
    const auto claims = token.substr(0, token.size() - rest.size() - 1);  // as written, not as understood
    const Holder* found = nullptr;
    for (const auto& holder : settings_.holders) {
        const auto mark = mark_of(claims, holder);
        if (mark.size() == rest.size() && runtime::same_bytes(mark, rest)) found = &holder;
    }
    if (found == nullptr) return std::nullopt;
    return Link{CaseId{*about}, *decision, Time{std::chrono::seconds{*until}}, found};
}

bool is_fresh(const Links::Link& link, const Case& about) {
    return decide::still_asks(about, link.decision);
}

Time end_of(Time until, const Case& about) {
    return about.expires_at ? std::min(until, *about.expires_at) : until;
}

std::string origin_of(std::string_view url) {
    const auto host = url.find("://");
    if (host == std::string_view::npos) return {};
    std::string origin(url.substr(0, url.find('/', host + 3)));
    std::transform(origin.begin(), origin.end(), origin.begin(),
                   [](char c) { return c >= 'A' && c <= 'Z' ? static_cast<char>(c - 'A' + 'a') : c; });
    const std::string_view usual = origin.starts_with("https:") ? ":443" : ":80";
    if (origin.ends_with(usual)) origin.resize(origin.size() - usual.size());
    return origin;
}

}  // namespace garita::decision_links
