#pragma once
// Other ways out for cases, webhooks and programs, as plain values.

#include <chrono>
#include <cstdint>
#include <filesystem>
#include <map>
#include <optional>
#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "model/alert.hpp"
#include "runtime/config/on_call_config.hpp"
#include "runtime/secret/secret.hpp"

namespace garita::runtime {

/// What both kinds have: what is told, how, and for how long it is tried. Empty lists match everything.
struct SinkConfig {
    std::string name;
    std::optional<Severity> severity;  ///< at least
    std::vector<std::string> kinds;
    std::vector<std::string> devices;
    std::string language;   ///< empty: the hub's
    std::string time_zone;  ///< empty: the hub's
    std::optional<QuietHoursConfig> quiet{};
    std::int64_t limit = 20;  ///< more that wait go together
    std::chrono::seconds timeout{20};
    std::chrono::seconds give_up_after = std::chrono::hours{24};
};

struct WebhookConfig : SinkConfig {
    enum class Preset { none, ntfy, slack, mattermost, discord, teams, matrix, gotify };
    enum class Method { post, put };

    Secret url;
    Preset preset = Preset::none;
    Method method = Method::post;
    std::map<std::string, Secret> headers;
    std::string content_type = "application/json";
    std::string body;  ///< template; empty: as the preset has it
    std::string room;  ///< of Matrix
    Secret secret;     ///< signs; empty: nothing is signed
    Secret old_secret;
    std::filesystem::path ca;  ///< PEM; empty: the system's authorities
    std::string pin;           ///< "sha256:…" of the server's key; empty: an authority has to vouch for it
    std::string proxy;         ///< empty: none
    bool insecure = false;
};

struct ExecConfig : SinkConfig {
    std::vector<std::string> command;  ///< templates, but for the first: the program's path
};

/// What the templates of both may name.
[[nodiscard]] std::span<const std::string_view> sink_placeholders();
[[nodiscard]] bool is_json(std::string_view content_type);

}  // namespace garita::runtime
