#pragma once
// The settings and the database of MPSIEM-Telegram-notification, the bot that Garita's incidents replace, as
// a configuration of ours.

#include <cstdint>
#include <filesystem>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "model/result.hpp"
#include "runtime/secret/secret.hpp"

namespace garita::programs {

/// What the bot's SQLite file holds.
struct SiemBotMemory {
    std::vector<std::int64_t> allowed;  ///< chats that get incidents
    std::vector<std::int64_t> denied;   ///< chats and people that are banned
    std::string last_incident_time;     ///< as the bot wrote it; empty: never
};

struct ImportedSiemBot {
    std::string text;                ///< YAML for the hub's file
    std::vector<std::string> notes;  ///< what means something else here, or nothing, with file and line
    struct SecretFile {
        std::filesystem::path file;  ///< as `text` names it
        runtime::Secret secret;
    };
    std::vector<SecretFile> secrets;
};

/// `file` is what the notes call the settings, `folder` where the files of secrets are to be. invalid: a line
/// for each problem.
[[nodiscard]] Result<ImportedSiemBot> import_siem_bot(std::string_view settings, const std::string& file,
                                                      const std::optional<SiemBotMemory>& memory,
                                                      const std::filesystem::path& folder);

}  // namespace garita::programs
