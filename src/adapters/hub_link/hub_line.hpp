#pragma once
// One connection to the hub: shows the agent's certificate, and believes only answers that the hub has signed
// for this agent and this very request. Nothing of an answer is read before that.

#include <functional>
#include <string>
#include <string_view>

#include "adapters/hub_link/agent_identity.hpp"
#include "runtime/http/client.hpp"

namespace garita::hub_link {

class HubLine {
  public:
    /// Called with the reason when an answer came that is not the hub's own.
    using OnForged = std::function<void(const Error&)>;

    HubLine(const std::string& hub, AgentIdentity& identity, OnForged on_forged);

    struct Answer {
        std::string body;
        Time said_at{};  ///< by the hub's clock
    };
    /// One thread at a time. `forbidden`: the hub refuses this agent, or the answer is not its own.
    [[nodiscard]] Result<Answer> call(std::string_view path, std::string_view what, std::string_view body,
                                      std::chrono::milliseconds timeout);

    /// After a call that failed: how long the hub asked to be left alone, if it did (429).
    [[nodiscard]] std::optional<std::chrono::seconds> told_to_wait() const { return told_to_wait_; }

    /// Whether the last call had an answer at all, be it a refusal; one that is not the hub's own is none.
    [[nodiscard]] bool reached() const { return reached_; }

    /// For how long nothing has been heard of whoever is at the other end; nothing where nothing ever was.
    [[nodiscard]] std::optional<Duration> silence() const;

    /// As those of http::Client. Any thread.
    void cancel() { client_.cancel(); }
    void resume() { client_.resume(); }

  private:
    [[nodiscard]] Result<Answer> believe(const Credentials& shown, std::string_view path,
                                         const std::string& nonce,
                                         runtime::http::ClientResponse response) const;

    AgentIdentity& identity_;
    OnForged on_forged_;
    runtime::http::Client client_;
    std::optional<std::chrono::seconds> told_to_wait_;
    bool reached_ = false;
    std::int64_t presented_ = 0;  ///< the version of the credentials that the client has
};

}  // namespace garita::hub_link
