#include "adapters/hub_link/hub_line.hpp"

#include "adapters/hub_link/signed_answer.hpp"
#include "runtime/http/rate.hpp"

namespace garita::hub_link {
namespace http = runtime::http;
namespace {

/// So much later than the time limit of the exchange an answer is too old, whatever delayed it.
constexpr std::chrono::seconds lateness{5};

constexpr std::chrono::seconds usual_pause{1};
constexpr std::chrono::seconds longest_pause{600};

http::ClientOptions client_options(const std::string& hub) {
    http::ClientOptions options;
    options.base_url = hub;
    options.user_agent = "garita-agent";
    options.max_response = 96 * 1024 * 1024;
    return options;
}

}  // namespace

HubLine::HubLine(const std::string& hub, AgentIdentity& identity, OnForged on_forged)
    : identity_(identity), on_forged_(std::move(on_forged)), client_(client_options(hub)) {}

Result<HubLine::Answer> HubLine::call(std::string_view path, std::string_view what, std::string_view body,
                                      std::chrono::milliseconds timeout) {
    told_to_wait_.reset();
    for (int attempt = 0;; ++attempt) {
        const auto shown = identity_.credentials();
        if (!shown) return tl::unexpected(shown.error());
        if ((*shown)->version != presented_)
            client_.present({(*shown)->certificate, (*shown)->key, (*shown)->pin});
        presented_ = (*shown)->version;
        const auto nonce = make_nonce();
        const auto asked = std::chrono::steady_clock::now();
        auto response = client_.send(
            http::Method::post, path,
            {{"Content-Type", "application/json"}, {std::string(nonce_header), nonce}}, body, timeout);
        reached_ = response.has_value();
        if (!response) return tl::unexpected(response.error());
        if (response->status == 401 && attempt < 2 && identity_.another_than(**shown)) continue;
        if (response->status == 429)
            told_to_wait_ = http::retry_after(response->headers, usual_pause, longest_pause);
        if (response->status != 200) return tl::unexpected(unexpected_status(*response, what));
        auto answer = believe(**shown, path, nonce, std::move(*response));
        if (answer && std::chrono::steady_clock::now() - asked > timeout + lateness)
            answer =
                fail(ErrorCode::forbidden, "refused an answer of the hub: it came too late", Retry::later);
        if (answer) identity_.proved(**shown);
        reached_ = answer.has_value();
        if (!answer && on_forged_) on_forged_(answer.error());
        return answer;
    }
}

std::optional<Duration> HubLine::silence() const {
    const auto heard = client_.heard();
    if (!heard) return std::nullopt;
    return std::chrono::duration_cast<Duration>(runtime::http::Client::Clock::now() - *heard);
}

Result<HubLine::Answer> HubLine::believe(const Credentials& shown, std::string_view path,
                                         const std::string& nonce, http::ClientResponse response) const {
    const auto said_at = verify_answer(shown.orders, {shown.agent, path, nonce}, response.body,
                                       response.headers.find(signature_header));
    if (!said_at) return tl::unexpected(said_at.error());
    return Answer{std::move(response.body), *said_at};
}

}  // namespace garita::hub_link
