#pragma once
// The SQLite file of MPSIEM-Telegram-notification.

#include <filesystem>

#include "model/result.hpp"
#include "programs/siem_import/siem_bot_import.hpp"

namespace garita::programs {

/// Opened for reading only, and not changed. Errors: not_found; invalid (another file, or a damaged one).
[[nodiscard]] Result<SiemBotMemory> read_siem_bot_database(const std::filesystem::path& file);

}  // namespace garita::programs
