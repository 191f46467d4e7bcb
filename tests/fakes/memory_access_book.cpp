#include "fakes/memory_access_book.hpp"

#include <algorithm>
#include <stdexcept>

namespace garita::fakes {
namespace {

MemoryState& of(store::View& view) {
    return dynamic_cast<MemoryTransaction&>(view).state();
}

AccessRequest& must_request(MemoryState& state, AccessId id) {
    const auto found = state.access.find(id.value);
    if (found == state.access.end()) throw std::logic_error("there is no such request for access");
    return found->second;
}

const AccessRequest* open_about(const MemoryState& state, const MacAddress& mac) {
    for (const auto& [id, one] : state.access)
        if (one.mac == mac && is_open(one.state)) return &one;
    return nullptr;
}

bool is_asked_for(const AccessRequest& one, const store::AccessQuery& query) {
    const auto& states = query.states;
    return (states.empty() || std::find(states.begin(), states.end(), one.state) != states.end()) &&
           (!query.mac || one.mac == *query.mac) &&
           (query.switch_name.empty() || one.switch_name == query.switch_name) &&
           (!query.before || one.id < *query.before);
}

}  // namespace

std::vector<AccessRequest> MemoryAccessBook::requests(store::View& view, const store::AccessQuery& query) {
    std::vector<AccessRequest> found;
    const auto& all = of(view).access;
    for (auto at = all.rbegin(); at != all.rend() && found.size() < query.limit; ++at)
        if (is_asked_for(at->second, query)) found.push_back(at->second);
    return found;
}

std::vector<AccessRequest> MemoryAccessBook::open_requests(store::View& view) {
    std::vector<AccessRequest> found;
    for (const auto& [id, one] : of(view).access)
        if (is_open(one.state)) found.push_back(one);
    return found;
}

std::size_t MemoryAccessBook::open_count(store::View& view) {
    return open_requests(view).size();
}

std::optional<AccessRequest> MemoryAccessBook::find(store::View& view, AccessId id) {
    const auto& all = of(view).access;
    const auto found = all.find(id.value);
    return found == all.end() ? std::nullopt : std::optional(found->second);
}

std::optional<AccessRequest> MemoryAccessBook::open_request(store::View& view, const MacAddress& mac) {
    const auto* const found = open_about(of(view), mac);
    return found == nullptr ? std::nullopt : std::optional(*found);
}

std::vector<AccessLine> MemoryAccessBook::log(store::View& view, AccessId id, std::int64_t after,
                                              std::size_t limit) {
    std::vector<AccessLine> found;
    for (const auto& [key, line] : of(view).access_log)
        if (found.size() < limit && line.request == id && key > after) found.push_back(line);
    return found;
}

std::vector<AccessSurvey> MemoryAccessBook::surveys(store::View& view, AccessId id) {
    std::vector<AccessSurvey> found;
    for (const auto& [key, survey] : of(view).surveys)
        if (survey.request == id) found.push_back(survey);
    return found;
}

std::vector<AccessSurvey> MemoryAccessBook::due_surveys(store::View& view, std::string_view switch_name,
                                                        Time now, std::size_t limit) {
    auto& state = of(view);
    std::vector<AccessSurvey> found;
    for (const auto& [key, survey] : state.surveys) {
        const bool is_left = !survey.asked_at || !survey.cleared;
        const bool is_time = !survey.next_try || *survey.next_try <= now;
        if (found.size() < limit && survey.switch_name == switch_name && is_left && is_time &&
            store::wants_surveys(must_request(state, survey.request).state))
            found.push_back(survey);
    }
    return found;
}

AccessId MemoryAccessBook::insert(store::Transaction& transaction, const AccessRequest& request) {
    auto& state = of(transaction);
    if (is_open(request.state) && open_about(state, request.mac) != nullptr)
        throw std::logic_error("this MAC address has an open request already");
    const AccessId id{++state.last_access_id};
    auto& stored = state.access[id.value] = request;
    stored.id = id;
    stored.version = 1;
    transaction.ring({store::Topic::access, {}});
    return id;
}

bool MemoryAccessBook::update(store::Transaction& transaction, const AccessRequest& changed) {
    auto& state = of(transaction);
    const auto found = state.access.find(changed.id.value);
    if (found == state.access.end() || found->second.version != changed.version) return false;
    const auto old = found->second;
    if (is_open(changed.state) && !is_open(old.state) && open_about(state, old.mac) != nullptr)
        throw std::logic_error("this MAC address has an open request already");
    found->second = changed;
    found->second.mac = old.mac;
    found->second.created_at = old.created_at;
    ++found->second.version;
    state.archived.erase(changed.id.value);
    transaction.ring({store::Topic::access, {}});
    return true;
}

void MemoryAccessBook::add_line(store::Transaction& transaction, const AccessLine& line) {
    auto& state = of(transaction);
    must_request(state, line.request);
    auto& stored = state.access_log[++state.last_id] = line;
    stored.id = state.last_id;
    state.archived.erase(line.request.value);
}

void MemoryAccessBook::put_survey(store::Transaction& transaction, const AccessSurvey& survey) {
    auto& state = of(transaction);
    must_request(state, survey.request);
    state.surveys[{survey.request.value, survey.switch_name}] = survey;
}

bool MemoryAccessBook::use_up(store::Transaction& transaction, std::string_view scope, std::string_view what,
                              Time now) {
    return of(transaction).used_up.try_emplace({std::string(scope), std::string(what)}, now).second;
}

bool MemoryAccessBook::is_used_up(store::View& view, std::string_view scope, std::string_view what) {
    return of(view).used_up.contains({std::string(scope), std::string(what)});
}

std::vector<AccessRequest> MemoryAccessBook::unarchived(store::View& view, std::size_t limit) {
    auto& state = of(view);
    std::vector<AccessRequest> found;
    for (const auto& [id, one] : state.access)
        if (one.ended_at && !state.archived.contains(id)) found.push_back(one);
    std::stable_sort(found.begin(), found.end(),
                     [](const auto& a, const auto& b) { return a.ended_at < b.ended_at; });
    if (found.size() > limit) found.resize(limit);
    return found;
}

void MemoryAccessBook::set_archived(store::Transaction& transaction, const AccessRequest& request,
                                    std::int64_t last_line) {
    auto& state = of(transaction);
    const auto found = state.access.find(request.id.value);
    if (found == state.access.end() || found->second.version != request.version) return;
    if (log(transaction, request.id, last_line, 1).empty()) state.archived.insert(request.id.value);
}

std::size_t MemoryAccessBook::prune(store::Transaction& transaction, Time before, Time used_before,
                                    std::size_t limit) {
    auto& state = of(transaction);
    std::size_t removed = 0;
    const auto erase = [&](auto& map, const auto& is_over) {
        std::erase_if(
            map, [&](const auto& row) { return removed < limit && is_over(row.second) && ++removed > 0; });
    };
    erase(state.used_up, [&](Time at) { return at < used_before; });
    std::vector<AccessRequest> over;
    for (const auto& [id, one] : state.access)
        if (one.ended_at && *one.ended_at < before) over.push_back(one);
    std::sort(over.begin(), over.end(), [](const auto& a, const auto& b) { return a.ended_at < b.ended_at; });
    for (const auto& one : over) {
        erase(state.access_log, [&](const AccessLine& line) { return line.request == one.id; });
        if (removed >= limit) break;
        std::erase_if(state.surveys, [&](const auto& row) { return row.second.request == one.id; });
        state.access.erase(one.id.value);
        ++removed;
    }
    return removed;
}

}  // namespace garita::fakes
