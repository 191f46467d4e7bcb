#include "adapters/maxpatrol/access.hpp"

#include <algorithm>
#include <array>
#include <charconv>

#include <sodium.h>

#include "adapters/maxpatrol/connection.hpp"

namespace garita::maxpatrol {

namespace {

using namespace std::chrono_literals;
using runtime::http::Method;

constexpr std::size_t most_bytes = 256 * 1024;  ///< of an answer to a login
/// The server called the login wrong: asking again with the same would only lock the account.
constexpr auto wrong_login = ErrorCode::invalid;
/// It refused without a word of the login: a proxy's whim, or a server that says no more.
constexpr auto doubtful_login = ErrorCode::conflict;
/// So often is that asked again before it counts as wrong: too seldom to lock an account.
constexpr std::array<Duration, 2> doubtful_waits = {10s, 1min};
constexpr Duration first_wrong_wait = 15min;
constexpr Duration longest_wrong_wait = 6h;
constexpr Duration first_wait = 1s;
constexpr Duration longest_wait = 1min;
constexpr std::chrono::seconds usual_lifetime = 24h;  ///< of a token whose server does not say
/// A token that is refused sooner than this after it was had is no matter of its age.
constexpr Duration fresh = 10s;

std::string form_text(std::string_view text) {
    constexpr std::string_view digits = "0123456789ABCDEF";
    std::string out;
    for (const char c : text) {
        const bool plain = (c >= '0' && c <= '9') || (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') ||
                           c == '-' || c == '.' || c == '_' || c == '~';
        if (plain) {
            out += c;
            continue;
        }
        const auto byte = static_cast<unsigned char>(c);
        out += '%';
        out += digits[byte >> 4U];
        out += digits[byte & 15U];
    }
    return out;
}

void add(std::string& form, std::string_view name, std::string_view value) {
    if (value.empty()) return;
    form += (form.empty() ? "" : "&") + std::string(name) + '=' + form_text(value);
}

/// Tells one login from another without giving anything of it away.
std::string mark_of(const Settings& settings) {
    std::string all = settings.login_url + '\n' + settings.user + '\n' + settings.client_id + '\n';
    for (const auto* secret : {&settings.password, &settings.refresh_token, &settings.client_secret})
        all += std::string(secret->empty() ? std::string_view() : secret->reveal()) + '\n';
    std::array<unsigned char, 16> hash{};
    crypto_generichash(hash.data(), hash.size(), reinterpret_cast<const unsigned char*>(all.data()),
                       all.size(), nullptr, 0);
    runtime::wipe(all);
    std::array<char, 33> hex{};
    sodium_bin2hex(hex.data(), hex.size(), hash.data(), hash.size());
    return hex.data();
}

std::string_view revealed(const runtime::Secret& secret) {
    return secret.empty() ? std::string_view() : secret.reveal();
}

}  // namespace

Access::Access(const Settings& settings, AccessMemory& memory, Clock clock)
    : settings_(settings),
      memory_(memory),
      clock_(std::move(clock)),
      client_(connection_to(settings.login_url, settings, most_bytes)) {}

Result<std::string> Access::token() {
    const std::lock_guard lock(mutex_);
    if (!settings_.access_token.empty()) {
        if (failures_.not_before > clock_()) return fail(ErrorCode::forbidden, failures_.text, Retry::later);
        return std::string(settings_.access_token.reveal());
    }
    load();
    const Time now = clock_();
    if (access_.empty() || now >= renew_at_)
        if (auto renewed = renew(now); !renewed) {
            // while the old one may still be good, it is better than none
            if (access_.empty()) return tl::unexpected(std::move(renewed.error()));
        }
    return std::string(access_.reveal());
}

void Access::refused(const std::string& token) {
    const std::lock_guard lock(mutex_);
    const Time now = clock_();
    if (!settings_.access_token.empty()) {
        note_failure({ErrorCode::forbidden,
                      settings_.name + " refuses the personal access token: it is over or was withdrawn",
                      Retry::later},
                     now);
        return;
    }
    if (access_.empty() || access_.reveal() != token) return;  // somebody was faster
    access_ = {};
    // a server that refuses what it has just given would make us log in without end
    if (given_at_ && now - *given_at_ < fresh)
        note_failure({ErrorCode::unavailable, settings_.name + " refuses a token that it has just given",
                      Retry::later},
                     now);
}

Result<void> Access::renew(Time now) {
    if (now < failures_.not_before && failures_.not_before - now <= longest_wrong_wait)
        return fail(ErrorCode::unavailable, failures_.text, Retry::later);
    auto token = log_in();
    if (!token) {
        note_failure(token.error(), clock_());
        return tl::unexpected(std::move(token.error()));
    }
    take(*token, clock_());
    return {};
}

Result<wire::Token> Access::log_in() {
    if (!refresh_.empty()) {
        auto token = by_refresh_token();
        const bool refused =
            !token && (token.error().code == wrong_login || token.error().code == doubtful_login);
        if (!refused || settings_.password.empty()) return token;
        refresh_ = {};  // used up: the password is the other way
    }
    return by_password();
}

Result<wire::Token> Access::by_refresh_token() {
    std::string form;
    add(form, "refresh_token", revealed(refresh_));
    return ask("grant_type=refresh_token&" + form);
}

Result<wire::Token> Access::by_password() {
    if (settings_.password.empty())
        return fail(wrong_login, settings_.name + ": the refresh token is used up; give a new one",
                    Retry::later);
    std::string form;
    add(form, "username", settings_.user);
    add(form, "password", revealed(settings_.password));
    add(form, "response_type", settings_.response_type);
    add(form, "amr", settings_.amr);
    return ask("grant_type=password&" + form);
}

Result<wire::Token> Access::ask(const std::string& grant) {
    std::string form = grant;
    add(form, "client_id", settings_.client_id);
    add(form, "client_secret", revealed(settings_.client_secret));
    add(form, "scope", settings_.scope);
    auto response = client_.send(
        Method::post, "/connect/token",
        {{"Content-Type", "application/x-www-form-urlencoded"}, {"Accept", "application/json"}}, form);
    runtime::wipe(form);
    if (!response) return tl::unexpected(std::move(response.error()));
    if (response->status == 200) return wire::read_token(response->body);
    const auto status = std::to_string(response->status);
    if (wire::says_wrong_login(response->status, response->body))
        return fail(wrong_login,
                    settings_.name + " refuses the login (" + status +
                        "): look at user, password, client_id and client_secret",
                    Retry::later);
    return fail(response->status == 401 ? doubtful_login : ErrorCode::unavailable,
                settings_.name + ": the login is answered by " + status, Retry::later);
}

void Access::take(const wire::Token& token, Time now) {
    access_ = token.access;
    given_at_ = now;
    const auto lifetime = token.lifetime.count() > 0 ? token.lifetime : usual_lifetime;
    renew_at_ = now + lifetime * 4 / 5;
    if (!token.refresh.empty()) {
        refresh_ = token.refresh;
        // one that is used up once must not be lost with its successor
        if (settings_.password.empty())
            memory_.keep("refresh." + mark_of(settings_), std::string(refresh_.reveal()));
    }
    const bool had_failed = failures_.wrong > 0 || failures_.doubtful > 0;
    failures_ = {};
    if (had_failed) keep_failures();
}

void Access::note_failure(const Error& error, Time now) {
    ++failures_.in_a_row;
    failures_.text = error.text;
    const auto doubts = static_cast<std::size_t>(failures_.doubtful);
    if (error.code == doubtful_login && doubts < doubtful_waits.size()) {
        ++failures_.doubtful;
        failures_.not_before = now + doubtful_waits[doubts];
        return keep_failures();
    }
    const bool wrong = error.code == wrong_login || error.code == doubtful_login;
    const int times = wrong ? failures_.wrong++ : failures_.in_a_row - 1;
    const auto first = wrong ? first_wrong_wait : first_wait;
    const auto longest = wrong ? longest_wrong_wait : longest_wait;
    failures_.not_before = now + std::min(longest, first * (std::int64_t{1} << std::min(times, 10)));
    if (wrong) keep_failures();
}

void Access::keep_failures() {
    memory_.keep("wrong." + mark_of(settings_), std::to_string(failures_.wrong) + ' ' +
                                                    std::to_string(to_micros(failures_.not_before)) + ' ' +
                                                    std::to_string(failures_.doubtful));
}

void Access::load() {
    if (loaded_) return;
    loaded_ = true;
    refresh_ = settings_.refresh_token;
    const auto mark = mark_of(settings_);
    if (auto kept = memory_.load("refresh." + mark); settings_.password.empty() && !kept.empty())
        refresh_ = runtime::Secret(std::move(kept));
    const auto kept = memory_.load("wrong." + mark);
    std::int64_t until = 0;
    const char* const end = kept.data() + kept.size();
    const auto [at, error] = std::from_chars(kept.data(), end, failures_.wrong);
    if (error == std::errc{} && at < end) {
        const auto [behind, no_time] = std::from_chars(at + 1, end, until);
        if (no_time == std::errc{}) failures_.not_before = from_micros(until);
        if (behind < end) std::from_chars(behind + 1, end, failures_.doubtful);
    }
    failures_.doubtful = std::clamp(failures_.doubtful, 0, static_cast<int>(doubtful_waits.size()));
    if (failures_.wrong > 0 || failures_.doubtful > 0)
        failures_.text = settings_.name + " has refused this login; it is tried again at " +
                         to_iso8601(failures_.not_before);
}

}  // namespace garita::maxpatrol
