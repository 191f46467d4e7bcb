// The audit trail: for reading, for exporting, and the proof that it is what was written.

#include "adapters/rest_api/endpoint.hpp"
#include "runtime/audit/audit_hash.hpp"
#include "runtime/audit/audit_json.hpp"
#include "runtime/json/model_json.hpp"
#include "runtime/json/writer.hpp"

namespace garita::rest_api {
namespace {

namespace audit = runtime::audit;

constexpr std::int64_t most_entries = 1000;
constexpr std::int64_t most_rows = 5000;
constexpr std::int64_t any_seq = std::numeric_limits<std::int64_t>::max();

/// What both lists are chosen by.
template <typename Chosen>
Result<Chosen> read_page(const http::Request& request, std::int64_t usual, std::int64_t most) {
    const auto limit = query_number(request, "limit", usual, most);
    const auto since = query_time(request, "since");
    if (!limit) return tl::unexpected(limit.error());
    if (!since) return tl::unexpected(since.error());
    Chosen chosen;
    chosen.object = query_text(request, "object");
    chosen.limit = static_cast<std::size_t>(*limit);
    chosen.since = *since;
    return chosen;
}

Result<Reply> entries(store::Store& store, const http::Request& request) {
    auto query = read_page<store::AuditQuery>(request, 100, most_entries);
    if (!query) return tl::unexpected(query.error());
    const auto before = query_number(request, "before", 0, any_seq);
    if (!before) return tl::unexpected(before.error());
    if (*before > 0) query->before = *before;
    Body list;
    const auto seen = store.read([&](store::View& view) -> Result<void> {
        list = json::to_json_list(view.audit(*query));
        return {};
    });
    if (!seen) return tl::unexpected(seen.error());
    return Reply{200, json::Writer().value("entries", std::move(list)).finish()};
}

Result<Reply> rows(store::Store& store, const http::Request& request) {
    auto range = read_page<store::AuditRange>(request, 1000, most_rows);
    if (!range) return tl::unexpected(range.error());
    const auto after = query_number(request, "after", 0, any_seq);
    if (!after) return tl::unexpected(after.error());
    range->after = *after;
    boost::json::array list;
    const auto seen = store.read([&](store::View& view) -> Result<void> {
        list.clear();
        for (const auto& row : view.audit_rows(*range))
            list.push_back(audit::to_json(row));
        return {};
    });
    if (!seen) return tl::unexpected(seen.error());
    return Reply{200, json::Writer().value("rows", std::move(list)).finish()};
}

Result<Reply> head(store::Store& store) {
    AuditHead newest;
    const auto seen = store.read([&](store::View& view) -> Result<void> {
        newest = view.audit_head();
        return {};
    });
    if (!seen) return tl::unexpected(seen.error());
    return Reply{200, audit::to_json(newest)};
}

/// A piece at a time, each in a snapshot of its own: others read and write in between, and memory does not
/// grow with the trail. Rows are only ever added at the end.
Result<AuditVerdict> prove(store::Store& store, const std::vector<AgentHeads>& heads) {
    constexpr std::size_t at_once = 5000;
    AuditProof proof(audit::blake2b_256, kept_heads(heads));
    store::AuditRange range;
    range.limit = at_once;
    std::size_t found = at_once;
    auto next = AuditProof::Next::go_on;
    while (found == at_once && next == AuditProof::Next::go_on) {
        std::vector<AuditRow> piece;
        const auto seen = store.read([&](store::View& view) -> Result<void> {
            piece = view.audit_rows(range);
            return {};
        });
        if (!seen) return tl::unexpected(seen.error());
        found = piece.size();
        for (std::size_t i = 0; i < found && next == AuditProof::Next::go_on; ++i)
            next = proof.take(piece[i]);
        if (found > 0) range.after = piece.back().seq;
    }
    return proof.finish();
}

Result<Reply> proof(const ApiParts& parts) {
    const auto heads = parts.agent_heads();  // first: whatever they tell later is of rows that come later
    const auto verdict = prove(parts.store, heads);
    if (!verdict) return tl::unexpected(verdict.error());
    boost::json::array agents;
    for (const auto& one : heads)
        agents.push_back(json::Writer()
                             .text("agent", one.agent)
                             .time("told_at", one.told_at)
                             .value("head", one.heads.empty() ? Body() : audit::to_json(one.heads.back()))
                             .finish());
    auto body = audit::to_json(*verdict);
    body.as_object().emplace("agents", std::move(agents));
    return Reply{200, std::move(body)};
}

}  // namespace

void add_audit_routes(http::Router& router, const ApiParts& parts) {
    auto& store = parts.store;
    const auto add = [&](const char* path, Endpoint endpoint) {
        router.add(http::Method::get, path, guarded(parts.callers, Scope::audit_read, std::move(endpoint)));
    };
    add("/api/v1/audit",
        [&store](const http::Request& request, const Caller&) { return entries(store, request); });
    add("/api/v1/audit/rows",
        [&store](const http::Request& request, const Caller&) { return rows(store, request); });
    add("/api/v1/audit/head", [&store](const http::Request&, const Caller&) { return head(store); });
    add("/api/v1/audit/proof", [parts](const http::Request&, const Caller&) { return proof(parts); });
}

}  // namespace garita::rest_api
