#pragma once
// The bearer token of one account: had by login, kept until it is refused or nearly over, renewed by its
// refresh token. Shared by all connections to the SIEM.
//
// Nobody's account is locked by this: a login that the server calls wrong is tried again only after fifteen
// minutes, then after twice as long each time, up to six hours; also over restarts, until the configuration
// says another password. One that is refused without a word of the login (a bare 401) is asked again twice
// before that, after ten seconds and a minute. All other failures wait from one second to a minute.

#include <functional>
#include <mutex>
#include <optional>
#include <string>

#include "adapters/maxpatrol/settings.hpp"
#include "adapters/maxpatrol/wire.hpp"
#include "runtime/http/client.hpp"

namespace garita::maxpatrol {

/// Where what must outlive a restart is kept: the last refresh token, and how often the login was refused.
class AccessMemory {
  public:
    virtual ~AccessMemory() = default;
    [[nodiscard]] virtual std::string load(const std::string& key) = 0;
    virtual void keep(const std::string& key, const std::string& value) = 0;
};

class Access {
  public:
    using Clock = std::function<Time()>;
    /// Settings and memory outlive it.
    Access(const Settings& settings, AccessMemory& memory, Clock clock);

    /// A token that should be good now. Any thread; one logs in while the others wait.
    [[nodiscard]] Result<std::string> token();
    /// The SIEM refused this one.
    void refused(const std::string& token);
    void cancel() { client_.cancel(); }

  private:
    struct Failures {
        int in_a_row = 0;
        int wrong = 0;     ///< of them, those that called the login wrong
        int doubtful = 0;  ///< of them, those that refused without a word
        Time not_before{};
        std::string text;
    };

    Result<void> renew(Time now);
    Result<wire::Token> ask(const std::string& grant);
    Result<wire::Token> by_refresh_token();
    Result<wire::Token> by_password();
    Result<wire::Token> log_in();
    void take(const wire::Token& token, Time now);
    void note_failure(const Error& error, Time now);
    void load();
    void keep_failures();

    const Settings& settings_;
    AccessMemory& memory_;
    Clock clock_;
    std::mutex mutex_;
    runtime::http::Client client_;
    bool loaded_ = false;
    runtime::Secret access_;
    runtime::Secret refresh_;
    Time renew_at_{};
    std::optional<Time> given_at_;  ///< the token was had then, and has not been refused since
    Failures failures_;
};

}  // namespace garita::maxpatrol
