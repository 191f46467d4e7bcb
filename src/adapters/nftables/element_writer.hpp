#pragma once
// Brings wishes into the kernel in one transaction, and where the kernel refuses some, finds out which, and
// brings in the others.

#include <cstdint>
#include <functional>
#include <string>
#include <vector>

#include "adapters/nftables/elements.hpp"
#include "adapters/nftables/kernel.hpp"

namespace garita::nftables {

struct WriteOutcome {
    std::vector<enforce::EntryFailure> failed;
    std::vector<IpNetwork> fresh;  ///< blocked now and not before
    std::uint32_t transactions = 0;
};

/// The error of a transaction that was refused for another reason than one of its elements.
[[nodiscard]] tl::unexpected<Error> refused_as_whole(const std::string& table, const Refusal& refusal);

class ElementWriter {
  public:
    using Preamble = std::function<void(NftBatch&)>;
    using Resync = std::function<Result<void>()>;

    /// The shadow is corrected by what the kernel says, and holds what was written. `resync` reads it anew
    /// when it turns out to be wrong altogether.
    ElementWriter(NftKernel& kernel, std::string table, Shadow& shadow, Resync resync)
        : kernel_(kernel), table_(std::move(table)), shadow_(shadow), resync_(std::move(resync)) {}

    /// `preamble` writes what has to be made first in the same transaction. conflict: Garita's table is not
    /// as it was.
    [[nodiscard]] Result<void> write(std::vector<Wanted> pending, const Moment& moment,
                                     const Preamble& preamble, WriteOutcome& outcome);

  private:
    struct Plan {
        std::vector<ElementOp> ops;       ///< deletions first
        std::vector<std::size_t> source;  ///< index of each op's wish
        std::size_t deletions = 0;
    };
    /// What is to be done with a wish after a refused attempt.
    struct Review {
        std::vector<bool> dropped;
        std::size_t surprises = 0;  ///< elements that were there, or not, against what we believed
        enum class Place { known, unknown } place = Place::known;
    };

    [[nodiscard]] Plan plan(const std::vector<Wanted>& pending, Time now) const;
    [[nodiscard]] Result<Review> review(const std::vector<Refusal>& refusals, const Plan& plan,
                                        const std::vector<Wanted>& pending, WriteOutcome& outcome);
    void review_deletion(const Refusal& refusal, const Plan& plan, const std::vector<Wanted>& pending,
                         Review& review, WriteOutcome& outcome);
    void review_addition(const Refusal& refusal, const Plan& plan, const std::vector<Wanted>& pending,
                         Review& review, WriteOutcome& outcome);
    void drop(std::size_t wish, const std::vector<Wanted>& pending, Error error, Review& review,
              WriteOutcome& outcome) const;
    void remember(const std::vector<Wanted>& pending, Time now, WriteOutcome& outcome);

    NftKernel& kernel_;
    std::string table_;
    Shadow& shadow_;
    Resync resync_;
};

}  // namespace garita::nftables
