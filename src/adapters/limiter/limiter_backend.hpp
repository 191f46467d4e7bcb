#pragma once
// Rates of subscribers without classes of the kernel's queues: a program at the subscribers' interface finds
// each packet's bucket, and drops what is above the rate. A million subscribers are a million entries of
// maps, and a changed rate is one of them written anew. What has no entry is not limited.
//
// All of it lives in the kernel, with names in bpffs: it goes on when the hub stops, and is found again.

#include <array>
#include <chrono>
#include <cstdint>
#include <map>
#include <memory>
#include <optional>
#include <string>
#include <vector>

#include "adapters/limiter/program.hpp"
#include "adapters/limiter/rate_table.hpp"
#include "enforce/class_backend.hpp"
#include "model/rule_class.hpp"
#include "runtime/traffic/traffic_socket.hpp"

namespace garita::limiter {

struct Settings {
    std::string name;                     ///< of the class; 1 to 40 of [A-Za-z0-9_-]
    std::vector<std::string> interfaces;  ///< where the subscribers are; they share their buckets
    Direction direction = Direction::receives;
    std::chrono::milliseconds burst{300};
    std::string folder = "/sys/fs/bpf/garita";  ///< in a mounted bpffs
    /// How long one check may look at entries; what it did not get to is the next ones'. Longer looks pause
    /// after it for a hundred times as long.
    std::chrono::milliseconds look_for{1};
};

class LimiterBackend final : public enforce::ClassBackend {
  public:
    /// In the network namespace of the calling thread. invalid: such rules cannot be held, or settings.
    [[nodiscard]] static Result<std::unique_ptr<LimiterBackend>> open(const RuleClass& rules,
                                                                      Settings settings);

    Result<void> prepare() override;
    Result<std::vector<enforce::ChangeFailure>> apply(std::span<const enforce::ClassChange> changes) override;
    Result<void> read_back(const enforce::EntrySink& entry) override;
    std::size_t parts() const override { return shard_count; }
    std::size_t part_of(const RuleKey& key) const override;
    Result<void> read_part(std::size_t part, const enforce::EntrySink& entry) override;
    Result<std::vector<enforce::ChangeFailure>> rebuild(const enforce::EntrySource& all,
                                                        std::size_t count) override;
    /// Maps, their names and programs are looked at each time; entries, one map after the other, as often as
    /// it costs a hundredth of the time between: the kernel counts no changes of maps.
    Result<enforce::Drift> check(std::size_t count) override;
    Result<void> remove_all() override;
    std::size_t batch_size() const override { return 8192; }

  private:
    using Clock = std::chrono::steady_clock;
    struct Outgoing;
    /// What one shard held when it was read last and nothing was written since.
    struct Known {
        std::size_t count = 0;
        std::uint64_t print = 0;
        friend bool operator==(const Known&, const Known&) = default;
    };
    struct Place {
        runtime::traffic::Link link;
        runtime::traffic::ProgramPlace place;
        std::string name;  ///< that the program there has if it is the right one
    };

    LimiterBackend(Settings settings, runtime::traffic::TrafficSocket socket);

    [[nodiscard]] runtime::traffic::ProgramPlace program_place(int link) const;
    /// The program for links with such headers; made once for a table.
    [[nodiscard]] Result<const LoadedProgram*> program_for(const runtime::traffic::Link& link);
    [[nodiscard]] Result<std::vector<Place>> places();
    [[nodiscard]] std::string name_before_digest() const;
    [[nodiscard]] Result<void> attach();
    [[nodiscard]] Result<void> take_strays();
    [[nodiscard]] Result<void> take_own_program(const runtime::traffic::ProgramPlace& place);
    [[nodiscard]] Result<bool> attached();
    [[nodiscard]] Result<enforce::Drift> look_at_entries(std::size_t count);
    [[nodiscard]] Result<Known> look_at(std::size_t shard, const enforce::EntrySink* sink);
    void forget_known() { known_.fill(std::nullopt); }

    Settings settings_;
    runtime::traffic::TrafficSocket socket_;
    RateTable table_;
    std::map<std::uint32_t, LoadedProgram> programs_;  ///< by the length of the link's header
    std::uint32_t programs_of_ = 0;                    ///< the table that they ask
    std::array<std::optional<Known>, shard_count> known_{};
    std::size_t next_looked_at_ = 0;
    Clock::time_point look_after_{};
};

}  // namespace garita::limiter
