#pragma once
// One delivery as one HTTP request, signed.

#include <atomic>
#include <map>
#include <string>
#include <vector>

#include "adapters/sinks/carrier.hpp"
#include "adapters/sinks/presets.hpp"
#include "runtime/http/client.hpp"
#include "runtime/text_template/text_template.hpp"

namespace garita::sinks {

struct WebhookSettings {
    runtime::http::ClientOptions peer;  ///< with all that must not be shown in `redact`
    std::string target = "/";           ///< path and query of the URL
    Preset preset = Preset::none;
    runtime::http::Method method = runtime::http::Method::post;
    std::map<std::string, runtime::Secret> headers{};
    runtime::TextTemplate body{};  ///< instead of the preset's; empty: the preset's
    std::string content_type = "application/json";
    std::string room{};                          ///< of Matrix
    std::vector<runtime::Secret> signed_with{};  ///< keys; empty: not signed
};

class Webhook final : public Carrier {
  public:
    explicit Webhook(WebhookSettings settings);

    [[nodiscard]] Outcome carry(const Delivery& delivery, Time now) override;
    void cancel() override;

  private:
    [[nodiscard]] runtime::http::Headers headers_of(const Delivery& delivery, const std::string& body,
                                                    Time now) const;
    [[nodiscard]] std::string shown(std::string_view text) const;

    const WebhookSettings settings_;
    std::atomic<bool> cancelled_{false};
    runtime::http::Client client_;
};

/// What an HTTP answer means for a delivery.
[[nodiscard]] Outcome outcome_of(const runtime::http::ClientResponse& answer, Time now);

}  // namespace garita::sinks
