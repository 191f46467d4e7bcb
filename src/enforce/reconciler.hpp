#pragma once
// Keeps the device's blocks what the agent's store says they should be.

#include <cstdint>
#include <functional>
#include <map>
#include <optional>
#include <random>
#include <string>
#include <vector>

#include "enforce/ceiling.hpp"
#include "enforce/protection_source.hpp"
#include "enforce/rule_backend.hpp"
#include "enforce/rule_inbox.hpp"
#include "enforce/rule_report.hpp"
#include "enforce/wanted_blocks.hpp"
#include "model/worker.hpp"
#include "store/agent_store.hpp"

namespace garita::enforce {

struct ReconcilerOptions {
    Duration check_every = std::chrono::seconds{3};  ///< for changes by others
    Duration compare_every =
        std::chrono::hours{1};  ///< with everything, even if nobody seems to have been there
    Duration first_back_off = std::chrono::seconds{1};
    Duration longest_back_off = std::chrono::minutes{5};
    Ceiling ceiling{};  ///< the same that guards the backend, so that what it forbids is not even asked for
    std::uint32_t jitter_seed = 1;  ///< different on each host: they must not all come back at once
};

/// After a crash at any point the next start makes the device right again: it replaces everything by what the
/// store holds, in one change of the kernel.
class Reconciler final : public Worker {
  public:
    /// What all of it needs; everything outlives the reconciler.
    struct World {
        store::AgentStore& store;
        RuleBackend& backend;
        ProtectionSource& protection;
        RuleInbox& inbox;
        RuleReportSink& sink;
        /// Asked once more before each batch: what is left of a block counts from then. None: the step's own
        /// time.
        std::function<Time()> clock{};
    };
    Reconciler(const World& world, const ReconcilerOptions& options);

    [[nodiscard]] std::string_view name() const override { return "reconciler"; }
    Result<Duration> step(Time now) override;

  private:
    /// Why a wanted network is not in force.
    struct Refusal {
        std::string why;
        std::int64_t seq = 0;
        int attempts = 0;
        std::optional<Time> next_try;  ///< empty: not before something changes
    };
    using Refusals = std::map<IpNetwork, Refusal>;

    World world_;
    ReconcilerOptions options_;
    std::minstd_rand random_;
    WantedBlocks wanted_;
    ProtectedSet protected_;
    Refusals refused_;  ///< could not be added
    Refusals stuck_;    ///< could not be removed
    bool loaded_ = false;
    bool in_place_ = false;  ///< rebuilt since the start
    bool compare_ = false;   ///< the device's state is not known for sure
    std::optional<Time> behind_since_;
    std::optional<Time> checked_at_;
    std::optional<Time> compared_at_;
    std::optional<Time> last_step_;
    std::optional<Time> not_before_;
    int failures_ = 0;
    std::uint64_t cut_ = 0;
    bool news_ = false;  ///< something to report
    std::optional<RuleReport> reported_;

    [[nodiscard]] Time moment(Time now) const { return world_.clock ? world_.clock() : now; }
    Result<void> work(Time now);
    Result<void> look_at_protection();
    Result<WantedBlocks::Change> take_changes(Time now);
    Result<void> load_all();
    Result<void> rebuild(Time now);
    Result<void> check(Time now);
    Result<void> compare(Time now);
    Result<void> retry_refused(Time now);
    Result<void> apply(const std::vector<IpNetwork>& add, const std::vector<WantedBlocks::Gone>& remove,
                       Time now);
    void note(const BatchResult& result, const std::vector<WantedBlocks::Gone>& removed, Time now);
    void refuse(Refusals& refusals, const IpNetwork& network, std::int64_t seq, const Error& error, Time now);
    [[nodiscard]] std::optional<std::string> forbidden(const IpNetwork& network) const;
    [[nodiscard]] std::vector<BlockEntry> allowed(const std::vector<IpNetwork>& networks, Time now);
    void notice_jump(Time now);
    void report(const std::string& trouble);
    [[nodiscard]] Duration back_off(int attempts);
    [[nodiscard]] Duration until_next(Time now) const;
};

}  // namespace garita::enforce
