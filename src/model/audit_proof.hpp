#pragma once
// Proves a chain of audit rows from the first to the head, and compares it with heads that others kept. Rows
// go through one at a time: memory does not grow with the trail.

#include <map>
#include <string>
#include <vector>

#include "model/audit_chain.hpp"

namespace garita {

/// A head that somebody else remembers.
struct KeptHead {
    std::string keeper;  ///< "agent web1"
    AuditHead head;
};

/// What an agent has kept of this hub's trail, as it last said.
struct AgentHeads {
    std::string agent;
    Time told_at{};
    std::vector<AuditHead> heads;  ///< oldest first
};
[[nodiscard]] std::vector<KeptHead> kept_heads(const std::vector<AgentHeads>& of_agents);

/// The first row that is not as it was written.
struct AuditFault {
    enum class Kind {
        changed,        ///< the row does not fit its own hash
        replaced,       ///< it fits, and the next row continues another one
        missing,        ///< rows before the next one are not there
        out_of_order,   ///< a row comes after one that is newer
        cut_off,        ///< somebody kept a head beyond the end
        other_history,  ///< somebody kept another row under this number: computed anew from some row on
        removed_early,  ///< taken away before its age, by the word of the row that took it away
        unreadable,     ///< no row at all (files only)
    };
    Kind kind = Kind::changed;
    std::int64_t seq = 0;
    std::optional<Time> at;  ///< of the row, or of the nearest one that is known
    std::string text;        ///< what is wrong, in a sentence
};
[[nodiscard]] std::string_view to_text(AuditFault::Kind kind);

struct AuditVerdict {
    std::int64_t rows = 0;  ///< looked at
    std::int64_t first = 0;
    AuditHead head;                ///< of what was looked at
    std::optional<AuditCut> cut;   ///< rows before the first were taken away by retention
    std::int64_t heads_equal = 0;  ///< kept heads that the chain contains
    std::int64_t gaps = 0;         ///< of an excerpt
    std::optional<AuditFault> fault;
};

class AuditProof {
  public:
    enum class Extent {
        whole,    ///< every row must be there
        excerpt,  ///< rows may be left out: those that are there must be whole, and fit their neighbours
    };
    AuditProof(AuditHashFunction hash, const std::vector<KeptHead>& heads, Extent extent = Extent::whole);

    enum class Next { go_on, stop };
    Next take(const AuditRow& row);  ///< oldest first; stop: a fault is found
    /// Instead of a row: something that cannot be read.
    void take_unreadable(std::string text);
    [[nodiscard]] AuditVerdict finish();

  private:
    void begin(const AuditRow& row);
    void check_link(const AuditRow& row);
    void check_heads(const AuditRow& row);
    void check_start();
    void check_end();
    void fault(AuditFault::Kind kind, std::int64_t seq, std::optional<Time> at, std::string text);

    AuditHashFunction hash_;
    std::multimap<std::int64_t, KeptHead> heads_;  ///< by seq
    std::multimap<std::int64_t, KeptHead>::const_iterator next_head_;
    Extent extent_;
    AuditVerdict verdict_;
    AuditHash before_first_{};
    std::int64_t last_confirmed_ = 0;  ///< by a kept head
};

}  // namespace garita
