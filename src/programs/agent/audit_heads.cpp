#include "programs/agent/audit_heads.hpp"

#include <algorithm>

#include <fmt/format.h>

#include "adapters/sqlite/sqlite_agent_store.hpp"
#include "runtime/audit/audit_json.hpp"
#include "runtime/config/agent_config.hpp"
#include "runtime/json/writer.hpp"
#include "runtime/log/log.hpp"

namespace garita::programs {
namespace json = runtime::json;
namespace {

std::string as_json(const store::HeldHead& held) {
    return json::serialize(json::Writer()
                               .value("head", runtime::audit::to_json(held.head))
                               .text("store", held.store_id)
                               .number("line", held.line)
                               .time("kept_at", held.kept_at)
                               .finish());
}

void print_lines(const std::vector<store::HeldHead>& newest_first, std::size_t limit) {
    if (newest_first.empty()) return fmt::print("Nothing kept yet.\n");
    for (std::size_t i = 0; i < newest_first.size() && i < limit; ++i) {
        const auto& held = newest_first[i];
        fmt::print("{}:{}  row of {}, kept {}\n", held.head.seq, to_hex(held.head.hash),
                   to_iso8601(held.head.at).substr(0, 19), to_iso8601(held.kept_at).substr(0, 19));
        if (i + 1 < newest_first.size() && newest_first[i + 1].line != held.line)
            fmt::print("-- what the hub said from here on contradicts what it had said before:\n");
    }
}

}  // namespace

int print_audit_heads(const std::filesystem::path& config_file, std::size_t limit, HeadsFormat format) {
    const auto config = runtime::load_agent_config(config_file);
    if (!config) {
        fmt::print(stderr, "garita-agent: {}\n", config.error().text);
        return 2;
    }
    auto held = sqlite::SqliteAgentStore::read_held_heads(config->state / "agent.db");
    if (!held) {
        fmt::print(stderr, "garita-agent: {}\n", held.error().text);
        return 1;
    }
    std::reverse(held->begin(), held->end());
    if (format == HeadsFormat::lines) return print_lines(*held, limit), 0;
    for (const auto& one : *held)
        fmt::print("{}\n", as_json(one));
    return 0;
}

}  // namespace garita::programs
