#pragma once
// What /debug tells an administrator.

#include "adapters/telegram/chat_book.hpp"
#include "adapters/telegram/health.hpp"
#include "runtime/log/log.hpp"

namespace garita::telegram {

struct DebugSources {
    const Health* health;
    const ChatBook* chats;
    store::Store* store;
    const runtime::Log* log;
};

/// The log names people and addresses: it is shown where only the administrator reads.
enum class DebugLines { shown, hidden };

[[nodiscard]] std::string debug_report(const DebugSources& from, DebugLines lines,
                                       const decide::Reader& reader);

}  // namespace garita::telegram
