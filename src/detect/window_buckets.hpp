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

/// Blocks of 2^n words. They are cut from chunks of one size; a chunk whose blocks are all free serves any
/// size again, so that lists which grow together do not leave their former sizes behind.
class BucketPool {
  public:
    /// Number of the chunk, and of the block within it in the lowest bits.
    using Handle = std::uint32_t;
    static constexpr unsigned classes = 15;
    static constexpr std::size_t smallest_words = 16;
    static constexpr std::size_t chunk_words = 16 * 1024;

    [[nodiscard]] static constexpr std::size_t words_of(unsigned size_class) {
        return smallest_words << size_class;
    }

    [[nodiscard]] Handle take(unsigned size_class);
    void give_back(Handle handle);
    [[nodiscard]] unsigned class_of(Handle handle) const { return chunks_[handle >> block_bits].size_class; }
    [[nodiscard]] std::uint32_t* words(Handle handle) {
        auto& chunk = chunks_[handle >> block_bits];
        return chunk.words.get() + ((handle & block_mask) << chunk.shift);
    }
    /// Bytes of blocks that are in use.
    [[nodiscard]] std::size_t bytes_in_use() const { return bytes_in_use_; }
    /// Bytes of all chunks: those in use, and those kept for the next need.
    [[nodiscard]] std::size_t bytes_reserved() const { return bytes_reserved_; }

  private:
    static constexpr unsigned block_bits = 10;
    static constexpr Handle block_mask = (1U << block_bits) - 1;
    struct Chunk {
        std::unique_ptr<std::uint32_t[]> words;
        std::uint16_t blocks = 0;      // that it is cut into
        std::uint16_t used = 0;        // of these
        std::uint16_t made = 0;        // of these, ever handed out
        std::uint16_t first_free = 0;  // 1 + block, 0: none; each free block holds the next
        std::uint8_t size_class = 0;
        std::uint8_t shift = 0;
        std::uint32_t place = 0;  // in the list of open chunks of its class
    };
    [[nodiscard]] std::uint32_t open_chunk(unsigned size_class);
    void close(std::uint32_t number);

    std::vector<Chunk> chunks_;
    std::array<std::vector<std::uint32_t>, classes> open_;  // chunks with a free block
    std::vector<std::uint32_t> spare_;                      // whole chunks of chunk_words
    std::vector<std::uint32_t> numbers_;                    // of chunks that are gone
    std::size_t bytes_in_use_ = 0;
    std::size_t bytes_reserved_ = 0;
};

/// The buckets of one key inside a pool block: a ring, ascending by time, with the running sum of the window
/// that ends at the newest second. Header words: where the ring begins, how many it holds, how many of these
/// are older than the window, sum.
class BucketList {
  public:
    static constexpr std::size_t header = 4;

    struct Span {
        std::uint32_t window;  ///< seconds in the window
        std::uint32_t keep;    ///< window and lateness together
    };

    BucketList(std::uint32_t* words, std::size_t word_count)
        : words_(words), capacity_(static_cast<std::uint32_t>(word_count - header)) {}

    void clear() { begin() = size() = outside() = sum() = 0; }
    [[nodiscard]] bool full() const { return words_[1] == capacity_; }

    /// Forgets the older half; what stays still holds at least as many events as it has buckets.
    void drop_older_half();
    /// Moves everything into a bigger, empty list.
    void move_to(BucketList& bigger);
    /// Puts a bucket behind all others without looking at the window; for filling a new list.
    void push(std::uint32_t bucket) { at(size()++) = bucket; }

    /// An event at `second` >= the newest. Needs room for one. Returns the events in the window that ends
    /// with it.
    std::uint32_t append(std::uint32_t second, Span span);
    /// An event older than `newest` by no more than the lateness. Needs room for one. Returns the largest
    /// number of events in any window that holds it.
    std::uint32_t insert_late(std::uint32_t second, std::uint32_t newest, Span span);
    /// Counts the window ending at `newest` anew.
    void recount(std::uint32_t newest, Span span);
    /// Age of the oldest bucket inside the window that ends at `newest`.
    [[nodiscard]] std::uint32_t oldest_age(std::uint32_t newest) {
        return Bucket::age(at(outside()), newest);
    }

  private:
    void drop_oldest();
    [[nodiscard]] std::uint32_t& begin() { return words_[0]; }
    [[nodiscard]] std::uint32_t& size() { return words_[1]; }
    [[nodiscard]] std::uint32_t& outside() { return words_[2]; }
    [[nodiscard]] std::uint32_t& sum() { return words_[3]; }
    [[nodiscard]] std::uint32_t& at(std::uint32_t i) {
        const std::uint32_t place = words_[0] + i;
        return words_[header + (place < capacity_ ? place : place - capacity_)];
    }

    std::uint32_t* words_;  // owned by the pool
    std::uint32_t capacity_;
};

}  // namespace garita::detect
