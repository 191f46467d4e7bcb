#pragma once
// A SIEM in memory that does what the test says.

#include <algorithm>
#include <map>
#include <set>

#include "incidents/incident_source.hpp"

namespace garita::tests {

class FakeSiem final : public incidents::IncidentSource {
  public:
    struct Entry {
        incidents::Incident incident;
        Time modified{};
        std::int64_t events = 0;
        std::vector<incidents::Transition> history;
    };
    std::map<std::string, Entry> all;
    std::size_t page = 1000;
    bool away = false;
    bool without_events = false;
    bool same_page = false;         ///< whatever offset is asked for
    bool by_whole_seconds = false;  ///< as MaxPatrol is asked
    bool answer_is_lost = false;    ///< the next move happens, and its answer does not come
    std::function<void()> between_lists = [] {};
    int lists = 0;
    int moves = 0;

    void add(const std::string& id, Time created, const std::string& status = "New",
             std::int64_t events = 1) {
        incidents::Incident incident{id,     "INC-" + id, "name of " + id, "Undefined", status,
                                     "High", "",          created};
        all[id] = {incident, created, events, {}};
    }

    Result<incidents::Page> list(const incidents::Window& window, std::size_t offset,
                                 std::size_t limit) override {
        ++lists;
        if (away) return gone();
        if (same_page) offset = 0;
        std::vector<const Entry*> found;
        for (const auto& [id, entry] : all) {
            const auto at =
                window.by == incidents::Window::By::creation ? entry.incident.created : entry.modified;
            const auto from =
                by_whole_seconds ? std::chrono::floor<std::chrono::seconds>(window.from) : window.from;
            if (at >= from) found.push_back(&entry);
        }
        std::stable_sort(found.begin(), found.end(), [](const Entry* a, const Entry* b) {
            return a->incident.created < b->incident.created;
        });
        incidents::Page result;
        result.total = static_cast<std::int64_t>(found.size());
        for (std::size_t i = offset; i < std::min(found.size(), offset + std::min(limit, page)); ++i)
            result.incidents.push_back(found[i]->incident);
        result.read = result.incidents.size();
        between_lists();
        return result;
    }
    Result<incidents::Incident> find(const std::string& id) override {
        if (away) return gone();
        if (!all.contains(id)) return fail(ErrorCode::not_found, "no such incident");
        return all[id].incident;
    }
    Result<incidents::IncidentEvents> events(const std::string& id, std::size_t most) override {
        if (away || without_events) return gone();
        incidents::IncidentEvents told;
        told.total = all[id].events;
        for (std::int64_t i = 0; i < std::min<std::int64_t>(told.total, static_cast<std::int64_t>(most)); ++i)
            told.first.push_back({"2026-11-22T00:00:00.000000Z", "event " + std::to_string(i)});
        return told;
    }
    Result<std::vector<incidents::Transition>> history(const std::string& id) override {
        if (away) return gone();
        return all[id].history;
    }
    Result<void> move(const std::string& id, IncidentStatus to, const std::string& message) override {
        if (away) return gone();
        if (all[id].incident.status == "Closed") return fail(ErrorCode::conflict, "not allowed");
        ++moves;
        change(id, std::string(to_text(to)), "garita", message);
        if (std::exchange(answer_is_lost, false)) return gone();
        return {};
    }
    std::string link(const std::string& id) const override { return "https://siem/" + id; }
    void cancel() override {}

    void change(const std::string& id, const std::string& to, const std::string& by,
                const std::string& comment = "") {
        all[id].incident.status = to;
        all[id].history.push_back({to, by, comment});
    }

  private:
    static tl::unexpected<Error> gone() {
        return fail(ErrorCode::unavailable, "the SIEM is away", Retry::later);
    }
};

}  // namespace garita::tests
