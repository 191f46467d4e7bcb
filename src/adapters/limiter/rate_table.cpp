#include "adapters/limiter/rate_table.hpp"

#include <algorithm>
#include <cerrno>
#include <cstring>
#include <filesystem>
#include <optional>
#include <unistd.h>

#include <linux/bpf.h>

namespace garita::limiter {
namespace {

constexpr std::uint32_t first_capacity = 1024;
constexpr std::uint32_t large = 256 * 1024;
constexpr std::size_t most_entries = std::size_t{4} << 20U;
constexpr std::size_t sent_at_once = 4096;

std::string new_path(const std::string& path) {
    return path + "-new";
}

bool holds_buckets(const MapFacts& facts) {
    return facts.type == BPF_MAP_TYPE_HASH && facts.key_size == sizeof(Subscriber) &&
           facts.value_size == sizeof(Bucket);
}

bool is_named(const std::string& path) {
    return ::access(path.c_str(), F_OK) == 0;
}

}  // namespace

std::string RateTable::path(std::size_t shard) const {
    return folder_ + "/shard" + std::to_string(shard);
}

/// Which map is in force is what the array says: a death between that and its name leaves the name to be
/// changed.
Result<bool> RateTable::open_shard(std::size_t shard) {
    const std::uint32_t in_force = map_in(table_, static_cast<std::uint32_t>(shard));
    for (const auto& name : {path(shard), new_path(path(shard))}) {
        auto map = BpfObject::pinned(name);
        if (!map) return tl::unexpected(map.error());
        if (!*map) continue;
        const auto facts = facts_of(*map);
        if (!facts || !holds_buckets(*facts) || facts->id != in_force) continue;
        if (name != path(shard))
            if (auto named = map->pin(path(shard)); !named) return tl::unexpected(named.error());
        shards_[shard] = {std::move(*map), facts->id, facts->capacity, 0};
        return true;
    }
    shards_[shard] = {};
    return false;
}

Result<bool> RateTable::open() {
    auto table = BpfObject::pinned(folder_ + "/table");
    if (!table) return tl::unexpected(table.error());
    if (!*table) return false;
    const auto facts = facts_of(*table);
    if (!facts || facts->type != BPF_MAP_TYPE_ARRAY_OF_MAPS || facts->capacity != shard_count) return false;
    table_ = std::move(*table);
    id_ = facts->id;
    bool whole = true;
    for (std::size_t shard = 0; shard < shard_count; ++shard) {
        const auto there = open_shard(shard);
        if (!there) return there;
        whole = whole && *there;
    }
    return whole;
}

bool RateTable::whole() const {
    if (!table_ || !is_named(folder_ + "/table")) return false;
    for (std::size_t shard = 0; shard < shard_count; ++shard)
        if (!shards_[shard].map || map_in(table_, static_cast<std::uint32_t>(shard)) != shards_[shard].id ||
            !is_named(path(shard)))
            return false;
    return true;
}

Result<RateTable::Shard> RateTable::make_shard(std::size_t entries) {
    if (entries > most_entries)
        return fail(ErrorCode::full, "the limiter has room for " + std::to_string(most_entries) +
                                         " subscribers in each of its maps, and one is full");
    const auto capacity = std::max(first_capacity, static_cast<std::uint32_t>(entries));
    auto map = make_buckets(capacity);
    if (!map) return tl::unexpected(map.error());
    const auto facts = facts_of(*map);
    if (!facts) return tl::unexpected(facts.error());
    return Shard{std::move(*map), facts->id, capacity, 0};
}

Result<void> RateTable::make() {
    const auto there = open();
    if (!there) return tl::unexpected(there.error());
    if (*there && whole()) return {};
    std::error_code failed;
    std::filesystem::create_directories(folder_, failed);
    if (failed)
        return fail(ErrorCode::io,
                    "the limiter cannot make " + folder_ + ": " + failed.message() +
                        "; a file system of type bpf has to be mounted there, and writable",
                    Retry::later);
    if (!table_ || !is_named(folder_ + "/table")) {
        const auto pattern = make_buckets(first_capacity);
        if (!pattern) return tl::unexpected(pattern.error());
        auto table = make_table(*pattern);
        if (!table) return tl::unexpected(table.error());
        const auto facts = facts_of(*table);
        if (!facts) return tl::unexpected(facts.error());
        if (auto named = table->pin(folder_ + "/table"); !named) return named;
        table_ = std::move(*table);
        id_ = facts->id;
        shards_ = {};
    }
    std::array<Shard, shard_count> fresh;
    for (std::size_t shard = 0; shard < shard_count; ++shard) {
        if (shards_[shard].map) continue;
        auto made = make_shard(first_capacity);
        if (!made) return tl::unexpected(made.error());
        fresh[shard] = std::move(*made);
    }
    return bring_in(fresh);
}

Result<void> RateTable::remove() {
    table_ = {};
    id_ = 0;
    shards_ = {};
    std::error_code failed;
    std::filesystem::remove_all(folder_, failed);
    if (failed)
        return fail(ErrorCode::io, "the limiter cannot remove " + folder_ + ": " + failed.message(),
                    Retry::later);
    return {};
}

Result<void> RateTable::bring_in(std::array<Shard, shard_count>& fresh) {
    std::vector<std::uint32_t> places;
    std::vector<int> maps;
    for (std::size_t shard = 0; shard < shard_count; ++shard) {
        if (!fresh[shard].map) continue;
        if (auto named = fresh[shard].map.pin(new_path(path(shard))); !named) return named;
        places.push_back(static_cast<std::uint32_t>(shard));
        maps.push_back(fresh[shard].map.descriptor());
    }
    if (places.empty()) return {};
    if (auto put = put_maps(table_, places, maps); !put) return put;
    for (const std::uint32_t shard : places) {
        std::error_code failed;
        std::filesystem::rename(new_path(path(shard)), path(shard), failed);
        if (failed) return bpf_refused("the name " + path(shard), failed.value());
        shards_[shard] = std::move(fresh[shard]);
    }
    return {};
}

Result<RateTable::Shard> RateTable::larger(const Shard& shard) const {
    auto made = make_shard(std::size_t{shard.capacity} * (shard.capacity < large ? 4 : 2));
    if (!made) return made;
    int error = 0;
    const auto read = read_buckets(shard.map, [&](auto keys, auto buckets) {
        if (error == 0 && !keys.empty()) error = put_buckets(made->map, keys, buckets).error;
    });
    if (!read) return tl::unexpected(read.error());
    if (error != 0) return bpf_refused("a larger map of subscribers", error);
    made->written = shard.written;
    return made;
}

/// With it those that will be full soon too: the kernel takes its time to change maps, however many they are.
/// Meanwhile packets are judged by the old ones; what they pay there in these milliseconds is forgotten.
Result<void> RateTable::grow(std::size_t full) {
    std::array<Shard, shard_count> fresh;
    for (std::size_t shard = 0; shard < shard_count; ++shard) {
        if (shard != full && shards_[shard].written * 2 < shards_[shard].capacity) continue;
        auto made = larger(shards_[shard]);
        if (!made) return tl::unexpected(made.error());
        fresh[shard] = std::move(*made);
    }
    return bring_in(fresh);
}

Result<void> RateTable::put(std::size_t shard, std::span<const Subscriber> keys,
                            std::span<const Bucket> buckets) {
    while (!keys.empty()) {
        const auto end = put_buckets(shards_[shard].map, keys, buckets);
        shards_[shard].written += end.done;
        if (end.error == 0) return {};
        if (end.error != E2BIG) return bpf_refused("new rates", end.error);
        keys = keys.subspan(end.done);
        buckets = buckets.subspan(end.done);
        if (auto grown = grow(shard); !grown) return grown;
    }
    return {};
}

Result<void> RateTable::take(std::size_t shard, std::span<const Subscriber> keys) {
    while (!keys.empty()) {
        const auto end = take_buckets(shards_[shard].map, keys);
        if (end.error == 0) return {};
        if (end.error != ENOENT) return bpf_refused("to forget rates", end.error);
        keys = keys.subspan(std::min(end.done + 1, keys.size()));
    }
    return {};
}

Result<void> RateTable::read(std::size_t shard, const BucketSink& sink) const {
    if (!shards_[shard].map)
        return fail(ErrorCode::not_found, "the limiter's maps are not there", Retry::later);
    return read_buckets(shards_[shard].map, sink);
}

/// Collects entries for each new map, and sends them in large parts.
class RateTable::Filling {
  public:
    explicit Filling(std::array<Shard, shard_count>& shards) : shards_(shards) {}

    void add(const Subscriber& key, const Bucket& bucket) {
        const auto shard = shard_of(key);
        keys_[shard].push_back(key);
        buckets_[shard].push_back(bucket);
        if (keys_[shard].size() == sent_at_once) send(shard);
    }
    [[nodiscard]] int finish() {
        for (std::size_t shard = 0; shard < shard_count; ++shard)
            send(shard);
        return error_;
    }

  private:
    void send(std::size_t shard) {
        if (!keys_[shard].empty() && error_ == 0)
            error_ = put_buckets(shards_[shard].map, keys_[shard], buckets_[shard]).error;
        keys_[shard].clear();
        buckets_[shard].clear();
    }

    std::array<Shard, shard_count>& shards_;
    std::array<std::vector<Subscriber>, shard_count> keys_;
    std::array<std::vector<Bucket>, shard_count> buckets_;
    int error_ = 0;
};

Result<void> RateTable::replace(const Counts& counts, const Fill& fill) {
    std::array<Shard, shard_count> fresh;
    for (std::size_t shard = 0; shard < shard_count; ++shard) {
        auto made = make_shard(counts[shard] + counts[shard] / 8);
        if (!made) return tl::unexpected(made.error());
        fresh[shard] = std::move(*made);
        fresh[shard].written = counts[shard];
    }
    Filling filling(fresh);
    fill([&](const Subscriber& key, const Bucket& bucket) { filling.add(key, bucket); });
    if (const int error = filling.finish(); error != 0) return bpf_refused("new rates", error);
    return bring_in(fresh);
}

}  // namespace garita::limiter
