#include "adapters/crowdsec/lapi.hpp"

#include "adapters/crowdsec/wire.hpp"
#include "detect/detector.hpp"

namespace garita::crowdsec {
namespace {

using runtime::http::Method;

constexpr int no_longer_logged_in = 401;

bool is_wrong_for_ever(int status) {
    return status >= 400 && status < 500 && status != no_longer_logged_in && status != 403 && status != 429;
}

tl::unexpected<Error> refused(const std::string& name, int status, std::string_view body,
                              std::string_view what_to_do) {
    const bool is_final = is_wrong_for_ever(status);
    return fail(is_final ? ErrorCode::invalid : ErrorCode::unavailable,
                "CrowdSec '" + name + "' answered " + std::to_string(status) + ": " +
                    detect::clean_fact(body) + std::string(what_to_do),
                is_final ? Retry::no : Retry::later);
}

}  // namespace

Lapi::Lapi(LapiSettings settings) : settings_(std::move(settings)), client_(settings_.server) {}

Result<void> Lapi::log_in() {
    const auto body = write_login(settings_.machine, settings_.password.reveal());
    const auto answer =
        client_.send(Method::post, "/v1/watchers/login", {{"Content-Type", "application/json"}}, body);
    if (!answer) return tl::unexpected(answer.error());
    if (answer->status != 200)
        return refused(settings_.name, answer->status, answer->body,
                       "; see that `cscli machines list` has the machine '" + settings_.machine +
                           "' with this password");
    auto token = read_login(answer->body);
    if (!token) return tl::unexpected(token.error());
    token_ = *std::move(token);
    return {};
}

Result<std::string> Lapi::call(Method method, std::string_view target, std::string_view body) {
    for (int attempt = 0;; ++attempt) {
        if (token_.empty())
            if (const auto in = log_in(); !in) return tl::unexpected(in.error());
        const auto answer =
            client_.send(method, target,
                         {{"Authorization", "Bearer " + token_}, {"Content-Type", "application/json"}}, body);
        if (!answer) return tl::unexpected(answer.error());
        if (answer->status == 200 || answer->status == 201) return answer->body;
        if (answer->status != no_longer_logged_in || attempt > 0)
            return refused(settings_.name, answer->status, answer->body, "");
        token_.clear();
    }
}

}  // namespace garita::crowdsec
