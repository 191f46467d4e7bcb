#pragma once
// Maps and programs of the kernel's virtual machine, by libbpf, in results.

#include <cstdint>
#include <functional>
#include <optional>
#include <span>
#include <string>
#include <utility>
#include <vector>

#include "adapters/limiter/bucket.hpp"
#include "model/result.hpp"

struct bpf_insn;

namespace garita::limiter {

/// A descriptor of a map or program; the kernel keeps the object while anything names it.
class BpfObject {
  public:
    BpfObject() = default;
    explicit BpfObject(int descriptor) : descriptor_(descriptor) {}
    BpfObject(BpfObject&& other) noexcept : descriptor_(std::exchange(other.descriptor_, -1)) {}
    BpfObject& operator=(BpfObject&& other) noexcept {
        std::swap(descriptor_, other.descriptor_);
        return *this;
    }
    BpfObject(const BpfObject&) = delete;
    BpfObject& operator=(const BpfObject&) = delete;
    ~BpfObject();

    [[nodiscard]] int descriptor() const { return descriptor_; }
    explicit operator bool() const { return descriptor_ >= 0; }

    /// A name in the kernel's file system of such objects, which outlives this process. Exists already: it
    /// names this object from now on.
    [[nodiscard]] Result<void> pin(const std::string& path) const;
    /// Nothing: there is no such name, or it names something else than a map or program.
    [[nodiscard]] static Result<BpfObject> pinned(const std::string& path);

  private:
    int descriptor_ = -1;
};

[[nodiscard]] tl::unexpected<Error> bpf_refused(const std::string& what, int error);

/// Number, kind and room of a map.
struct MapFacts {
    std::uint32_t id = 0;
    std::uint32_t type = 0;
    std::uint32_t key_size = 0;
    std::uint32_t value_size = 0;
    std::uint32_t capacity = 0;
};
[[nodiscard]] Result<MapFacts> facts_of(const BpfObject& map);

/// A map from subscribers to buckets.
[[nodiscard]] Result<BpfObject> make_buckets(std::uint32_t capacity);

/// How far a batch has come, and what stopped it: 0, ENOENT, E2BIG…
struct BatchEnd {
    std::size_t done = 0;
    int error = 0;
};
[[nodiscard]] BatchEnd put_buckets(const BpfObject& map, std::span<const Subscriber> keys,
                                   std::span<const Bucket> buckets);
[[nodiscard]] BatchEnd take_buckets(const BpfObject& map, std::span<const Subscriber> keys);

using BucketSink = std::function<void(std::span<const Subscriber>, std::span<const Bucket>)>;
/// Everything in the map, some thousand at a time.
[[nodiscard]] Result<void> read_buckets(const BpfObject& map, const BucketSink& sink);

/// The array of maps that a program asks first.
[[nodiscard]] Result<BpfObject> make_table(const BpfObject& like);
/// Which map stands there, by number; 0: none.
[[nodiscard]] std::uint32_t map_in(const BpfObject& table, std::uint32_t place);
/// Puts each map into the place of its number in `places`; packets of one place meet the old or the new one.
[[nodiscard]] Result<void> put_maps(const BpfObject& table, std::span<const std::uint32_t> places,
                                    std::span<const int> maps);

/// A program that judges packets.
struct LoadedProgram {
    BpfObject object;
    std::string tag;  ///< the kernel's digest of its instructions
};
[[nodiscard]] Result<LoadedProgram> load_program(std::span<const bpf_insn> instructions);

}  // namespace garita::limiter
