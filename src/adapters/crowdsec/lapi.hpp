#pragma once
// One CrowdSec local API, called as one of its machines.

#include <string>
#include <string_view>

#include "runtime/http/client.hpp"
#include "runtime/secret/secret.hpp"

namespace garita::crowdsec {

struct LapiSettings {
    std::string name;  ///< as in the configuration
    runtime::http::ClientOptions server;
    std::string machine;
    runtime::Secret password;
};

/// Logs in where that is needed, and once more where the token is over. One thread at a time.
class Lapi {
  public:
    explicit Lapi(LapiSettings settings);

    /// The answer's body. `unavailable`, to be tried later, where it is away or the login is refused;
    /// `invalid` where it does not take what was asked.
    [[nodiscard]] Result<std::string> call(runtime::http::Method method, std::string_view target,
                                           std::string_view body = {});
    /// Any thread: ends a call that is under way.
    void cancel() { client_.cancel(); }
    [[nodiscard]] const LapiSettings& settings() const { return settings_; }

  private:
    [[nodiscard]] Result<void> log_in();

    LapiSettings settings_;
    runtime::http::Client client_;
    std::string token_;  ///< of an hour or so; empty: not logged in
};

}  // namespace garita::crowdsec
