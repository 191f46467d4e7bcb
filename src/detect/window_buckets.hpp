#pragma once
// The seconds of one key in a sliding window, four bytes each: low 18 bits of the second, 14 bits of count.
// Most keys of a log flood have one or two; only busier keys take a block of the pool.

#include <array>
#include <cstddef>
#include <cstdint>
#include <memory>
#include <vector>

namespace garita::detect {

/// A second with its number of events. The second is kept modulo 2^18 (three days) and read relative to the
/// newest second of its key, so a window together with its lateness must be shorter than that.
class Bucket {
  public:
    static constexpr std::uint32_t second_bits = 18;
    static constexpr std::uint32_t second_mask = (1U << second_bits) - 1;
    static constexpr std::uint32_t max_count = (1U << (32 - second_bits)) - 1;

    [[nodiscard]] static constexpr std::uint32_t pack(std::uint32_t second, std::uint32_t count) {
        return (second & second_mask) | (count << second_bits);
    }
    [[nodiscard]] static constexpr std::uint32_t count(std::uint32_t bucket) { return bucket >> second_bits; }
    /// How many seconds before `newest` the bucket lies.
    [[nodiscard]] static constexpr std::uint32_t age(std::uint32_t bucket, std::uint32_t newest) {
        return (newest - bucket) & second_mask;
    }
};

/// Blocks of 2^n words from chunks that are never moved; freed blocks are used again.
class BucketPool {
  public:
    /// Size class in the top 4 bits, number of the block in the rest.
    using Handle = std::uint32_t;
    static constexpr unsigned classes = 15;
    static constexpr std::size_t smallest_words = 16;

    [[nodiscard]] static constexpr std::size_t words_of(unsigned size_class) {
        return smallest_words << size_class;
    }
    [[nodiscard]] static constexpr unsigned class_of(Handle handle) { return handle >> 28; }

    [[nodiscard]] Handle take(unsigned size_class);
    void give_back(Handle handle);
    [[nodiscard]] std::uint32_t* words(Handle handle) {
        auto& shelf = shelves_[class_of(handle)];
        const std::size_t index = handle & index_mask;
        return shelf.chunks[index / shelf.per_chunk].get() +
               (index % shelf.per_chunk) * words_of(class_of(handle));
    }
    /// Bytes of blocks that are in use, freed ones not counted.
    [[nodiscard]] std::size_t bytes_in_use() const { return bytes_in_use_; }
    /// Bytes of all chunks, which are kept for the life of the pool.
    [[nodiscard]] std::size_t bytes_reserved() const { return bytes_reserved_; }

  private:
    static constexpr Handle index_mask = (1U << 28) - 1;
    struct Shelf {
        std::vector<std::unique_ptr<std::uint32_t[]>> chunks;
        std::vector<std::uint32_t> free;
        std::uint32_t made = 0;
        std::uint32_t per_chunk = 1;
    };
    std::array<Shelf, classes> shelves_;
    std::size_t bytes_in_use_ = 0;
    std::size_t bytes_reserved_ = 0;
};

/// The buckets of one key inside a pool block, ascending by time, with the running sum of the window that
/// ends at the newest second. Header words: begin, end, first bucket inside the window, sum.
class BucketList {
  public:
    static constexpr std::size_t header = 4;

    struct Span {
        std::uint32_t window;  ///< seconds in the window
        std::uint32_t keep;    ///< window and lateness together
    };

    BucketList(std::uint32_t* words, std::size_t word_count)
        : words_(words), capacity_(word_count - header) {}

    void clear() { begin() = end() = inside() = sum() = 0; }
    [[nodiscard]] std::size_t size() const { return words_[1] - words_[0]; }
    [[nodiscard]] bool full() const { return words_[1] == capacity_; }
    [[nodiscard]] std::uint32_t window_sum() const { return words_[3]; }

    /// Moves the live buckets to the front, so that `full` says whether there is really no room.
    void compact();
    /// Forgets the older half; what stays still holds at least as many events as it has buckets.
    void drop_older_half();
    /// Moves everything into a bigger, empty list.
    void move_to(BucketList& bigger) const;
    /// Puts a bucket of `count` events behind all others without looking at the window; for filling a new
    /// list.
    void push(std::uint32_t bucket) { words_[header + end()++] = bucket; }

    /// An event at `second` >= the newest. Needs room for one. Returns the events in the window that ends
    /// with it.
    std::uint32_t append(std::uint32_t second, Span span);
    /// An event older than `newest` by less than the lateness. Needs room for one. Returns the largest number
    /// of events in any window that holds it.
    std::uint32_t insert_late(std::uint32_t second, std::uint32_t newest, Span span);
    /// Counts the window ending at `newest` anew.
    void recount(std::uint32_t newest, Span span);
    /// Age of the oldest bucket inside the window that ends at `newest`.
    [[nodiscard]] std::uint32_t oldest_age(std::uint32_t newest) const {
        return Bucket::age(words_[header + words_[2]], newest);
    }

  private:
    [[nodiscard]] std::uint32_t& begin() { return words_[0]; }
    [[nodiscard]] std::uint32_t& end() { return words_[1]; }
    [[nodiscard]] std::uint32_t& inside() { return words_[2]; }
    [[nodiscard]] std::uint32_t& sum() { return words_[3]; }
    [[nodiscard]] std::uint32_t& at(std::size_t i) { return words_[header + i]; }

    std::uint32_t* words_;  // owned by the pool
    std::size_t capacity_;
};

}  // namespace garita::detect
