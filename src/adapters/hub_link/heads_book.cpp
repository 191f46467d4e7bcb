#include "adapters/hub_link/heads_book.hpp"

#include <algorithm>

#include "runtime/audit/audit_json.hpp"
#include "runtime/json/writer.hpp"

namespace garita::hub_link {
namespace json = runtime::json;
namespace {

std::string key_of(const std::string& agent) {
    return "audit_head " + agent;
}

std::optional<AgentHeads> read(const std::string& agent, const std::string& text) {
    const auto document = json::parse(text, "kept head");
    if (!document) return std::nullopt;
    json::Reader in(*document, "", json::Unknown::ignore);
    AgentHeads kept{agent, in.time("told_at"), {}};
    kept.heads.push_back(in.object<AuditHead>("head", runtime::audit::audit_head_from_json));
    const auto done = in.finish(std::move(kept));
    return done ? std::optional(*done) : std::nullopt;
}

}  // namespace

void HeadsBook::load(store::View& view, const std::string& agent) {
    const auto text = view.value(key_of(agent));
    if (!text) return;
    auto kept = read(agent, *text);
    const std::lock_guard lock(mutex_);
    if (kept) agents_.try_emplace(agent, std::move(*kept));
}

void HeadsBook::note(const std::string& agent, const std::vector<AuditHead>& heads, Time now) {
    if (heads.empty()) return;
    const std::lock_guard lock(mutex_);
    auto& known = agents_[agent];
    known.agent = agent;
    known.told_at = now;
    for (const auto& head : heads)
        if (std::find(known.heads.rbegin(), known.heads.rend(), head) == known.heads.rend())
            known.heads.push_back(head);
    std::stable_sort(known.heads.begin(), known.heads.end(),
                     [](const AuditHead& a, const AuditHead& b) { return a.seq < b.seq; });
    if (known.heads.size() > most)  // every second one of the older half goes
        for (std::size_t i = most / 2; i-- > 0;)
            if (i % 2 == 1) known.heads.erase(known.heads.begin() + static_cast<std::ptrdiff_t>(i));
}

void HeadsBook::save(store::Transaction& tx, const std::string& agent) const {
    const std::lock_guard lock(mutex_);
    const auto known = agents_.find(agent);
    if (known == agents_.end() || known->second.heads.empty()) return;
    tx.set_value(key_of(agent),
                 json::serialize(json::Writer()
                                     .time("told_at", known->second.told_at)
                                     .value("head", runtime::audit::to_json(known->second.heads.back()))
                                     .finish()));
}

std::vector<AgentHeads> HeadsBook::all() const {
    const std::lock_guard lock(mutex_);
    std::vector<AgentHeads> all;
    for (const auto& [agent, heads] : agents_)
        all.push_back(heads);
    return all;
}

}  // namespace garita::hub_link
