#include "adapters/decision_links/links.hpp"

#include <array>
#include <charconv>
#include <utility>

#include <sodium.h>

#include "runtime/signing/signing_key.hpp"

namespace garita::decision_links {

namespace {

constexpr std::size_t mark_bytes = 20;
constexpr std::size_t longest_token = 128;

std::int64_t last_decision(const Case& about) {
    return about.decision ? about.decision->id.value : 0;
}

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
    : key_(std::move(key)), settings_(std::move(settings)) {}

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
        const auto claims = claims_of(about.id.value, last_decision(about), seconds);
        return Written{settings_.url + "/decide/" + claims + '-' + mark_of(claims, holder), until};
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
    return about.state == CaseState::open && link.decision == last_decision(about);
}

}  // namespace garita::decision_links
