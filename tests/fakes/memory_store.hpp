#pragma once
// A whole store in memory, with the semantics of the real ones (it passes the same contract): for the tests
// of everything that works on rows. Each write works on a copy, which becomes the state if it succeeds.

#include <map>
#include <memory>
#include <mutex>
#include <set>
#include <thread>
#include <utility>

#include "model/access_request.hpp"
#include "model/host_ports.hpp"
#include "model/queued_letter.hpp"
#include "store/store.hpp"

namespace garita::fakes {

struct MemoryState {
    struct FiledAlert {
        Alert alert;
        CaseId case_id;
    };
    struct SavedAnswer {
        std::string answer;
        Time at{};
    };
    std::map<std::int64_t, FiledAlert> alerts;
    std::map<std::int64_t, Case> cases;
    std::map<std::int64_t, Action> actions;
    std::map<std::int64_t, Rule> rules;
    std::map<std::int64_t, Message> messages;
    std::map<std::int64_t, AuditRow> audit;
    std::map<std::string, ButtonTicket, std::less<>> tickets;
    std::map<std::string, Device, std::less<>> devices;
    std::map<std::string, AgentCertificate, std::less<>> certificates;
    std::map<std::string, EnrolmentCode, std::less<>> codes;
    std::map<std::string, std::string, std::less<>> values;
    std::map<std::pair<std::string, std::string>, SavedAnswer> answers;
    std::map<std::string, std::int64_t, std::less<>> positions;  ///< last rule seq of each device
    std::map<std::string, HostPorts, std::less<>> port_hosts;
    std::vector<PortEvent> port_events;  ///< oldest first
    std::map<std::int64_t, AccessRequest> access;
    std::map<std::int64_t, AccessLine> access_log;
    std::set<std::int64_t> archived;                                       ///< requests
    std::map<std::pair<std::int64_t, std::string>, AccessSurvey> surveys;  ///< by request and switch
    std::map<std::pair<std::string, std::string>, Time> used_up;
    std::map<std::int64_t, QueuedLetter> letters;
    std::int64_t rule_seq = 0;
    std::int64_t last_id = 0;  ///< of alerts, actions, rules, messages, decisions, lines, letters
    std::int64_t last_case_id = 0;
    std::int64_t last_access_id = 0;
};

class MemoryStore final : public store::Store {
  public:
    MemoryStore() : state_(std::make_shared<MemoryState>()) {}

    [[nodiscard]] Result<void> read(const Reading& work) override;
    [[nodiscard]] Result<void> write(const Writing& work) override;
    void on_ring(std::function<void(const store::Ring&)> listener) override {
        listener_ = std::move(listener);
    }

    /// From now on every write fails with this, after its function has run: a full disk. Empty: works again.
    void refuse_writes(std::optional<Error> why);

  private:
    Result<void> commit(const Writing& work, std::vector<store::Ring>& rings);

    std::mutex writing_;  ///< held by the one who writes
    std::mutex mutex_;    ///< guards the members below
    std::shared_ptr<MemoryState> state_;
    std::optional<Error> refusal_;
    std::thread::id writer_;
    std::function<void(const store::Ring&)> listener_;
};

}  // namespace garita::fakes
