#pragma once
// The interfaces of the enforcing part as the rest of the agent has them: each call goes to the other process
// and waits for its answer.

#include <functional>
#include <mutex>

#include "adapters/enforcer_link/channel.hpp"
#include "adapters/enforcer_link/messages.hpp"

namespace garita::enforcer_link {

/// One channel with a question and an answer at a time. Any thread.
class Caller {
  public:
    /// `lost` is called once, when the other part is found to be gone or not to make sense.
    Caller(Channel channel, std::function<void()> lost)
        : channel_(std::move(channel)), lost_(std::move(lost)) {}

    template <typename Value>
    [[nodiscard]] Result<Value> call(std::string_view request) {
        const auto answer = exchange(request);
        if (!answer) return tl::unexpected(answer.error());
        return decode_answer<Value>(*answer);
    }
    /// The bytes of an answer, whatever they mean.
    [[nodiscard]] Result<std::string> exchange(std::string_view request);
    /// The first message, which nobody asks for.
    [[nodiscard]] Result<Ready> wait_until_ready();
    void close();

  private:
    std::mutex mutex_;
    Channel channel_;
    std::function<void()> lost_;
    std::optional<Error> broken_;

    [[nodiscard]] Result<std::string> receive();
    [[nodiscard]] tl::unexpected<Error> give_up(const Error& error);
};

class RuleClient final : public enforce::RuleBackend {
  public:
    /// The caller outlives it.
    explicit RuleClient(Caller& caller) : caller_(caller) {}

    Result<void> prepare() override { return caller_.call<void>(encode(Prepare{})); }
    Result<enforce::BatchResult> apply(std::span<const enforce::BlockEntry> add,
                                       std::span<const IpNetwork> remove, Time now) override {
        return caller_.call<enforce::BatchResult>(encode_apply(add, remove, now));
    }
    Result<std::vector<enforce::BlockEntry>> read_back(Time now) override {
        return caller_.call<std::vector<enforce::BlockEntry>>(encode(ReadBack{now}));
    }
    Result<enforce::BatchResult> rebuild(std::span<const enforce::BlockEntry> all, Time now) override {
        return caller_.call<enforce::BatchResult>(encode_rebuild(all, now));
    }
    Result<enforce::Drift> check(Time now) override {
        return caller_.call<enforce::Drift>(encode(Check{now}));
    }
    Result<void> remove_all() override { return caller_.call<void>(encode(RemoveAll{})); }

  private:
    Caller& caller_;
};

class HostClient final : public enforce::HostControl {
  public:
    /// The caller outlives it.
    explicit HostClient(Caller& caller) : caller_(caller) {}

    Result<enforce::SessionClosed> close_session(const CloseSession& session) override {
        return caller_.call<enforce::SessionClosed>(encode(CloseOne{session}));
    }
    Result<void> reboot() override { return caller_.call<void>(encode(Reboot{})); }
    Result<void> power_off() override { return caller_.call<void>(encode(PowerOff{})); }

  private:
    Caller& caller_;
};

class ProcessClient final : public detect::ProcessTable {
  public:
    /// The caller outlives it.
    explicit ProcessClient(Caller& caller) : caller_(caller) {}

    Result<std::optional<detect::ProcessRef>> find(const detect::Connection& connection) override {
        return caller_.call<std::optional<detect::ProcessRef>>(encode(FindSession{connection}));
    }
    std::optional<detect::ProcessRef> process(std::int32_t pid) override {
        return caller_.call<std::optional<detect::ProcessRef>>(encode(FindProcess{pid}))
            .value_or(std::nullopt);
    }
    Result<std::vector<detect::SshSession>> list_ssh_sessions() override {
        return caller_.call<std::vector<detect::SshSession>>(encode(ListSessions{}));
    }
    Result<std::vector<detect::SshSession>> watch_ssh_sessions() override {
        return caller_.call<std::vector<detect::SshSession>>(encode(WatchSessions{}));
    }

  private:
    Caller& caller_;
};

}  // namespace garita::enforcer_link
