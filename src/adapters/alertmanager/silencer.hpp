#pragma once
// The worker of one Alertmanager: makes silences of the cases that were answered with mute.

#include <chrono>
#include <optional>
#include <string>
#include <vector>

#include "adapters/alertmanager/silence.hpp"
#include "model/worker.hpp"
#include "runtime/http/client.hpp"
#include "runtime/secret/secret.hpp"
#include "store/store.hpp"

namespace garita::alertmanager {

struct SilencerSettings {
    std::string name;  ///< as in the configuration, and in the fact "source" of cases
    runtime::http::ClientOptions server;
    runtime::Secret token;  ///< empty: none
    std::string user;       ///< empty: no login
    runtime::Secret password;
    Duration usual_span = std::chrono::hours{24};  ///< where the answer says none
};

/// A decided case is the row that says what is to do; it is closed with the fact "silence" (its id in
/// Alertmanager) and "silenced_until", or with "decision_failed" where Alertmanager refuses or its time was
/// over before it could be reached. Which silence belongs to a case is written in Alertmanager itself, so one
/// that was made just before a crash is found again and not made twice.
class Silencer final : public Worker {
  public:
    /// The store outlives it.
    Silencer(SilencerSettings settings, store::Store& store);

    [[nodiscard]] std::string_view name() const override { return name_; }
    Result<Duration> step(Time now) override;
    /// Any thread: ends a call that is under way.
    void cancel() { client_.cancel(); }

  private:
    [[nodiscard]] Result<std::vector<Case>> waiting();
    [[nodiscard]] Result<Silence> silence(const Case& about, Time now);
    [[nodiscard]] Result<std::string> call(runtime::http::Method method, std::string_view body);
    [[nodiscard]] Result<void> note(CaseId id, const std::string& trouble, Time now);

    SilencerSettings settings_;
    std::string name_;
    store::Store& store_;
    runtime::http::Client client_;
    runtime::http::Headers headers_;
};

/// Closes cases that wait for a silence in an Alertmanager that is not among these any more: nobody would.
[[nodiscard]] Result<void> give_up_strays(store::Store& store, const std::vector<std::string>& sources,
                                          Time now);

}  // namespace garita::alertmanager
