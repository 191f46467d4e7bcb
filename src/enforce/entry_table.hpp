#pragma once
// Which entries a device holds, close together: some twenty bytes for an address and its value.

#include <array>
#include <cstddef>
#include <cstdint>
#include <functional>
#include <memory>
#include <optional>
#include <span>
#include <vector>

#include "model/packed.hpp"

namespace garita::enforce {

/// A map from packed key to packed value. Entries are given in an order that only changes with the table.
class EntryTable {
  public:
    [[nodiscard]] std::optional<RuleValue> find(const RuleKey& key) const;
    [[nodiscard]] bool contains(const RuleKey& key) const;
    enum class Put { added, changed, same };
    Put put(const RuleKey& key, const RuleValue& value);
    /// True: it was there.
    bool erase(const RuleKey& key);
    void clear();
    [[nodiscard]] std::size_t size() const { return size_; }
    [[nodiscard]] bool empty() const { return size_ == 0; }
    /// What the entries take in memory.
    [[nodiscard]] std::size_t bytes() const;

    /// An entry may be ticked off, as who goes through a list does it. One that is put anew is not.
    enum class Tick { missing, same, other };
    /// Ticks the entry of the key off. Is its value this one?
    Tick tick(const RuleKey& key, const RuleValue& value);
    void untick_all();
    /// Asks for the entry's memory ahead: a table beyond the caches is otherwise waited for at each key.
    void prefetch(const RuleKey& key) const;

    /// `visit(const RuleKey&, const RuleValue&)`; the table must not change meanwhile.
    template <typename Visit>
    void for_each(Visit visit) const {
        for (const auto& slots : by_key_size_)
            for (std::size_t i = 0; i < slots.capacity; ++i)
                if (const auto* slot = slots.at(i); *slot != 0) visit(slots.key(slot), slots.value(slot));
    }
    template <typename Visit>
    void for_each_unticked(Visit visit) const {
        for (const auto& slots : by_key_size_)
            for (std::size_t i = 0; i < slots.capacity; ++i)
                if (const auto* slot = slots.at(i); *slot != 0 && (*slot & ticked) == 0)
                    visit(slots.key(slot), slots.value(slot));
    }

  private:
    static constexpr std::uint8_t ticked = 0x80;
    static_assert(RuleValue::capacity + 1 < ticked);

    /// Keys of one size in an open addressed table: a byte that says how long the value is, plus one, and
    /// whether it is ticked off, or 0 for an empty slot; the key; room for the longest value so far.
    struct Slots {
        std::size_t key_size = 0;
        std::size_t value_room = 0;
        std::size_t capacity = 0;
        std::size_t count = 0;
        /// Another for each table: filling one in the order of another must not fill it from one end.
        std::uint64_t salt = 0;
        std::vector<std::uint8_t> bytes;

        [[nodiscard]] std::size_t stride() const { return 1 + key_size + value_room; }
        [[nodiscard]] const std::uint8_t* at(std::size_t i) const { return bytes.data() + i * stride(); }
        [[nodiscard]] std::uint8_t* at(std::size_t i) { return bytes.data() + i * stride(); }
        [[nodiscard]] RuleKey key(const std::uint8_t* slot) const;
        [[nodiscard]] RuleValue value(const std::uint8_t* slot) const;
        [[nodiscard]] std::size_t home(const RuleKey& key) const;
        /// The slot of the key, or the empty one where it would be. The table is never full.
        [[nodiscard]] std::size_t place(const RuleKey& key) const;
        void write(std::size_t i, const RuleKey& key, const RuleValue& value);
        void resize(std::size_t new_capacity, std::size_t new_room);
        void close_gap(std::size_t gap);
    };

    std::array<Slots, RuleKey::capacity + 1> by_key_size_;
    std::size_t size_ = 0;
};

}  // namespace garita::enforce
