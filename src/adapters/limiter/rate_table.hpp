#pragma once
// The subscribers of one class in the kernel: an array of maps, each for a part of the addresses, all with
// names in the kernel's own file system (bpffs), so that they outlive the hub.

#include <array>
#include <functional>
#include <span>
#include <string>
#include <vector>

#include "adapters/limiter/bpf.hpp"
#include "adapters/limiter/bucket.hpp"
#include "model/result.hpp"

namespace garita::limiter {

class RateTable {
  public:
    /// `folder` is one of this table's own, in a mounted bpffs.
    explicit RateTable(std::string folder) : folder_(std::move(folder)) {}

    /// Opens what is there. False: not all of it is.
    [[nodiscard]] Result<bool> open();
    /// Is what was opened still what the kernel asks, and what is named in the folder?
    [[nodiscard]] bool whole() const;
    /// Opens what is there, and makes what is not.
    [[nodiscard]] Result<void> make();
    [[nodiscard]] Result<void> remove();

    /// For the program. make() or open() went well.
    [[nodiscard]] int descriptor() const { return table_.descriptor(); }
    [[nodiscard]] std::uint32_t id() const { return id_; }

    /// All are of this shard. A map that is full becomes a larger one. full: there are too many.
    [[nodiscard]] Result<void> put(std::size_t shard, std::span<const Subscriber> keys,
                                   std::span<const Bucket> buckets);
    /// Those that are not there are passed over.
    [[nodiscard]] Result<void> take(std::size_t shard, std::span<const Subscriber> keys);
    [[nodiscard]] Result<void> read(std::size_t shard, const BucketSink& sink) const;

    /// How many entries each shard shall get, then their entries in any order.
    using Counts = std::array<std::size_t, shard_count>;
    using Fill = std::function<void(const std::function<void(const Subscriber&, const Bucket&)>&)>;
    /// New maps in the place of all, at one instant.
    [[nodiscard]] Result<void> replace(const Counts& counts, const Fill& fill);

  private:
    struct Shard {
        BpfObject map;
        std::uint32_t id = 0;
        std::uint32_t capacity = 0;
        std::size_t written = 0;  ///< since it was opened; at least as many as are new in it
    };
    class Filling;

    [[nodiscard]] std::string path(std::size_t shard) const;
    [[nodiscard]] static Result<Shard> make_shard(std::size_t entries);
    [[nodiscard]] Result<bool> open_shard(std::size_t shard);
    [[nodiscard]] Result<void> grow(std::size_t full);
    [[nodiscard]] Result<Shard> larger(const Shard& shard) const;
    /// The maps become those of the shards that have one here.
    [[nodiscard]] Result<void> bring_in(std::array<Shard, shard_count>& fresh);

    std::string folder_;
    BpfObject table_;
    std::uint32_t id_ = 0;
    std::array<Shard, shard_count> shards_;
};

}  // namespace garita::limiter
