#pragma once
// Files one group of alerts about the same thing within a transaction.

#include <vector>

#include "decide/desk_options.hpp"
#include "decide/protection.hpp"
#include "decide/rate_caps.hpp"
#include "decide/suspension.hpp"
#include "store/store.hpp"

namespace garita::decide {

/// How many more questions may be open at the same time. Counting all cases takes a while, so it is done only
/// when the estimate, which is never too low, has used up the room.
class QuestionRoom {
  public:
    explicit QuestionRoom(std::size_t limit) : limit_(static_cast<std::int64_t>(limit)) {}
    /// Takes one place if there is one.
    [[nodiscard]] bool take(store::View& view, Time now);

  private:
    std::int64_t limit_;
    std::int64_t estimate_ = 0;
    std::optional<Time> counted_at_;
};

/// What the filing of one batch leaves behind for the next.
struct FilingMemory {
    RateCaps caps;
    QuestionRoom room;
};

/// Lives as long as one transaction.
class Clerk {
  public:
    Clerk(store::Transaction& transaction, const DeskOptions& options, const Surroundings& around,
          FilingMemory& memory, Time now);

    /// `group`: not empty, same device, kind and subject, oldest first.
    void file(const std::vector<const Alert*>& group);

  private:
    store::Transaction& transaction_;
    const DeskOptions& options_;
    const Surroundings& around_;
    FilingMemory& memory_;
    Time now_;
    std::vector<Suspension> suspended_;

    [[nodiscard]] const Policy& policy_for(const Alert& newest, Severity severity) const;
    void join_open(Case about, const std::vector<const Alert*>& group);
    void join_quietly(Case about, const std::vector<const Alert*>& group);
    CaseId open_case(const std::vector<const Alert*>& group, const Policy& policy, CaseState state);
    /// Takes over what the agent decided on by itself, unless something stands against it here.
    void take_over(CaseId id, const Alert& alert);
    [[nodiscard]] std::string refuse_alone(const Alert& alert);
    void record_alone(CaseId id, const Alert& alert, const std::string& why);
    [[nodiscard]] bool unset_since(const Alert& alert);
    [[nodiscard]] bool answered_lately(const Case& last, Severity severity) const;
    [[nodiscard]] bool blocked_already(const Alert& newest);
    [[nodiscard]] bool restarted_lately(const std::optional<Case>& last, Response response) const;
    void decide_at_once(CaseId id, const Policy& policy, const std::optional<Case>& last);
    [[nodiscard]] bool is_suspended(const Policy& policy) const;
    void leave_to_people(CaseId id, const Actor& policy, const std::string& why);
    void file_all(const std::vector<const Alert*>& group, CaseId into);
};

}  // namespace garita::decide
