#pragma once
// Blocks in the kernel's packet filter, in a table of Garita's own: "table inet garita", chain "inbound" at
// prerouting before connection tracking, so that neither an accepted connection nor a forwarded one passes.
// Works from Linux 6.1.

#include <cstdint>
#include <memory>
#include <optional>
#include <set>
#include <string>
#include <vector>

#include "adapters/nftables/element_writer.hpp"
#include "adapters/nftables/elements.hpp"
#include "adapters/nftables/kernel.hpp"
#include "enforce/connection_cutter.hpp"
#include "enforce/rule_backend.hpp"

namespace garita::nftables {

struct Settings {
    std::string table = "garita";  ///< 1 to 31 of [a-z0-9_]
    /// Most elements a set may hold. Without it the sets grow as needed; with it the kernel sets the memory
    /// aside.
    std::optional<std::uint32_t> capacity;
    std::size_t changes_per_transaction = 2000;
};

class NftablesBackend final : public enforce::RuleBackend {
  public:
    /// In the network namespace of the calling thread.
    [[nodiscard]] static Result<std::unique_ptr<NftablesBackend>> open(Settings settings,
                                                                       enforce::ConnectionCutter& cutter);

    /// `cutter` must outlive the backend.
    NftablesBackend(Settings settings, std::unique_ptr<NftKernel> kernel, enforce::ConnectionCutter& cutter);

    Result<void> prepare() override;
    Result<enforce::BatchResult> apply(std::span<const enforce::BlockEntry> add,
                                       std::span<const IpNetwork> remove, Time now) override;
    Result<std::vector<enforce::BlockEntry>> read_back(Time now) override;
    Result<enforce::BatchResult> rebuild(std::span<const enforce::BlockEntry> all, Time now) override;
    Result<enforce::Drift> check(Time now) override;
    Result<void> remove_all() override;

  private:
    enum class Known { no, yes };

    [[nodiscard]] bool complete(const Structure& structure) const;
    [[nodiscard]] Result<void> read_shadow(const Moment& moment);
    /// Reads everything into the shadow, and what is in force into `in_force` unless null.
    [[nodiscard]] Result<void> read_all(const Moment& moment, std::vector<enforce::BlockEntry>* in_force);
    /// Learns about those of the removals that the shadow does not hold.
    [[nodiscard]] Result<void> look_for_removals(std::span<const Wanted> chunk, const Moment& moment);
    [[nodiscard]] Result<void> write_chunk(std::span<const Wanted> chunk, const Moment& moment,
                                           WriteOutcome& outcome);
    [[nodiscard]] Result<void> write_anew(const std::vector<Wanted>& all, const Moment& moment,
                                          WriteOutcome& outcome);
    [[nodiscard]] enforce::BatchResult finish(WriteOutcome outcome);
    void put_layer(NftBatch& batch, const Layer& layer) const;
    /// After `transactions` of our own: were they the only ones?
    void follow_generation(std::uint32_t transactions);
    [[nodiscard]] tl::unexpected<Error> gone() const;

    Settings settings_;
    std::unique_ptr<NftKernel> kernel_;
    enforce::ConnectionCutter& cutter_;
    Shadow shadow_;
    Known shadow_known_ = Known::no;
    Known prepared_ = Known::no;
    std::set<Layer> layers_;                   ///< those whose set and rule are there
    std::optional<std::uint32_t> generation_;  ///< at which the kernel held exactly what the shadow says
};

}  // namespace garita::nftables
