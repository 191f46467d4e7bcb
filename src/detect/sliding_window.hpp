#pragma once
// Counts events per key in a sliding window of the events' own time, exactly, for up to millions of keys.
//
// The window at time t is (t - window, t], in whole seconds as logs carry them. Events may come out of order:
// one that is older than its key's newest by at most `lateness` counts as if it had come in time; an older
// one is refused. Only events of the same key are compared, so one wrong clock spoils nobody else's window.
//
// Memory: sizeof(Entry) (32 bytes for IPv4) per slot at no more than 4/5 load, and for keys with more than
// two distinct seconds a block of 64 bytes or more, at most `max_spill_bytes` in all.

#include <algorithm>
#include <array>
#include <chrono>
#include <cstddef>
#include <cstdint>
#include <vector>

#include "detect/big_table_allocator.hpp"
#include "detect/window_buckets.hpp"

namespace garita::detect {

/// Seconds since 1970, as logs stamp their lines.
using EventTime = std::chrono::sys_seconds;

/// What happens to keys whose window has emptied.
enum class ColdKeys {
    forget,    ///< dropped when the table would have to grow: a detector that runs for months
    remember,  ///< kept, with their notes, until the table is full: totals over a whole log
};

struct WindowLimits {
    std::chrono::seconds window{60};
    std::chrono::seconds lateness{60};
    std::uint32_t threshold = 50;  ///< the highest count that has to be exact for any length of the window
    std::size_t max_keys = 1'000'000;
    std::size_t max_spill_bytes = std::size_t{64} << 20;
    ColdKeys cold_keys = ColdKeys::forget;
    std::uint64_t seed =
        0x9E3779B97F4A7C15;  ///< of the hash; a secret of the process where keys come from attackers

    /// Window plus lateness may be two days at most, see Bucket.
    static constexpr std::chrono::seconds longest{48 * 3600};
    static constexpr std::uint32_t highest_threshold = 100'000;
};

struct WindowStats {
    std::size_t tracked = 0;
    std::uint64_t late = 0;     ///< events refused as older than the lateness
    std::uint64_t evicted = 0;  ///< keys forgotten, coldest first, because a memory limit was reached
    std::uint64_t expired = 0;  ///< keys forgotten because their window had emptied
    std::size_t bytes = 0;      ///< of the table and the blocks in use
};

enum class EventOrder { in_order, late_but_counted, refused };

/// `Key`: trivially copyable, ==, and hash(seed) giving 64 well-mixed bits by `window_hash(key, seed)`.
/// `Note`: what the owner remembers about a key; trivially copyable, value-initialised for a new key.
template <typename Key, typename Note>
class SlidingWindow {
  public:
    struct Outcome {
        EventOrder order = EventOrder::in_order;
        bool resumed = false;         ///< the window held nothing before: a new key, or one that was silent
        std::uint32_t in_window = 0;  ///< the largest number of events in any window that holds this one
        Note* note = nullptr;         ///< valid until the next call, never null
        std::uint32_t newest = 0;     ///< newest second of the key
        std::uint32_t oldest_age =
            0;  ///< how long before `newest` the oldest event of its window lies, seconds
    };

    explicit SlidingWindow(const WindowLimits& limits);

    /// Fetches the key's slot into the cache; call it some dozens of events before `add`.
    /// (Inlined by force: g++ 12 takes a function that only prefetches for one without effect, and drops the
    /// call.)
    [[gnu::always_inline]] void prefetch(const Key& key) const { __builtin_prefetch(&slots_[home(key)], 1); }
    /// Fetches a busy key's block too; call it some events before `add`, when `prefetch` has had its time.
    [[gnu::always_inline]] void prefetch_block(const Key& key) {
        const auto& entry = slots_[slot_of(key)];
        if (entry.held == spilled) __builtin_prefetch(pool_.words(entry.cell[0]), 1);
    }
    Outcome add(const Key& key, EventTime when);
    /// The note of a tracked key, or null.
    [[nodiscard]] Note* find(const Key& key);

    /// visit(key, note, newest second) for every tracked key, in no order.
    template <typename Visit>
    void for_each(Visit visit) const {
        for (const auto& entry : slots_)
            if (entry.held != 0) visit(entry.key, entry.note, entry.newest);
    }
    [[nodiscard]] WindowStats stats() const;

  private:
    struct Entry {
        Key key{};
        std::uint32_t newest = 0;
        std::uint32_t held = 0;  // 0: free slot; 1, 2: buckets in `cell`; spilled: cell[0] is a block
        std::array<std::uint32_t, 2> cell{};
        Note note{};
    };
    static constexpr std::uint32_t spilled = 3;

    [[nodiscard]] std::size_t home(const Key& key) const {
        const auto hash = static_cast<std::uint64_t>(window_hash(key, limits_.seed)) >> 32;
        return static_cast<std::size_t>((hash * slots_.size()) >> 32);
    }
    [[nodiscard]] BucketList list_of(const Entry& entry) {
        return {pool_.words(entry.cell[0]), BucketPool::words_of(pool_.class_of(entry.cell[0]))};
    }
    [[nodiscard]] std::size_t room_for(std::size_t slots) const { return slots - slots / 5; }

    std::size_t slot_of(const Key& key) const;  // of the key, or the free one where it belongs
    void start(Entry& entry, std::uint32_t second);
    void release(Entry& entry);
    Outcome add_inline(Entry& entry, std::uint32_t second);
    Outcome add_spilled(Entry& entry, std::uint32_t second);
    void spill(Entry& entry);
    void make_room_in(Entry& entry);

    void make_room();
    void grow(std::size_t slots);
    void erase_slot(std::size_t slot);
    template <typename Doomed>
    std::size_t erase_if(Doomed doomed);
    template <typename Chosen>
    std::size_t evict_coldest(std::size_t share, Chosen chosen);

    WindowLimits limits_;
    BucketList::Span span_;
    std::size_t max_slots_;
    unsigned max_class_;
    std::vector<Entry, BigTableAllocator<Entry>> slots_;
    BucketPool pool_;
    std::uint32_t newest_ = 0;  // of all keys
    WindowStats stats_;
};

}  // namespace garita::detect

#include "detect/sliding_window_impl.hpp"
