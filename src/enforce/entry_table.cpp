#include "enforce/entry_table.hpp"

#include <algorithm>
#include <atomic>
#include <cstring>

namespace garita::enforce {
namespace {

constexpr std::size_t first_capacity = 16;

std::uint64_t next_salt() {
    static std::atomic<std::uint64_t> tables{0};
    constexpr std::uint64_t golden = 0x9e3779b97f4a7c15ULL;  // odd, as all multiples by odd numbers are
    return golden * (2 * ++tables + 1);
}

/// Beyond three quarters the probes grow long.
bool is_crowded(std::size_t count, std::size_t capacity) {
    return (count + 1) * 4 > capacity * 3;
}

}  // namespace

RuleKey EntryTable::Slots::key(const std::uint8_t* slot) const {
    RuleKey key;
    (void)key.append({slot + 1, key_size});
    return key;
}

RuleValue EntryTable::Slots::value(const std::uint8_t* slot) const {
    RuleValue value;
    (void)value.append({slot + 1 + key_size, static_cast<std::size_t>((*slot & ~ticked) - 1)});
    return value;
}

std::size_t EntryTable::Slots::home(const RuleKey& key) const {
    const auto hash = static_cast<std::uint64_t>(std::hash<RuleKey>{}(key)) * salt;
    return static_cast<std::size_t>((hash >> 32U) * capacity >> 32U);
}

std::size_t EntryTable::Slots::place(const RuleKey& key) const {
    std::size_t i = home(key);
    while (*at(i) != 0 && std::memcmp(at(i) + 1, key.bytes().data(), key_size) != 0)
        i = i + 1 == capacity ? 0 : i + 1;
    return i;
}

void EntryTable::Slots::write(std::size_t i, const RuleKey& key, const RuleValue& value) {
    std::uint8_t* slot = at(i);
    *slot = static_cast<std::uint8_t>(value.size() + 1);
    std::copy(key.bytes().begin(), key.bytes().end(), slot + 1);
    std::copy(value.bytes().begin(), value.bytes().end(), slot + 1 + key_size);
}

void EntryTable::Slots::resize(std::size_t new_capacity, std::size_t new_room) {
    Slots fresh{key_size, new_room, new_capacity, count, salt, {}};
    fresh.bytes.resize(new_capacity * fresh.stride());
    for (std::size_t i = 0; i < capacity; ++i)
        if (const auto* slot = at(i); *slot != 0) {
            const auto moved = key(slot);
            const std::size_t to = fresh.place(moved);
            fresh.write(to, moved, value(slot));
            *fresh.at(to) |= *slot & ticked;
        }
    *this = std::move(fresh);
}

/// What was pushed away from its home by the one that is gone moves nearer to it.
void EntryTable::Slots::close_gap(std::size_t gap) {
    std::size_t i = gap;
    for (;;) {
        i = i + 1 == capacity ? 0 : i + 1;
        if (*at(i) == 0) break;
        const std::size_t wants = home(key(at(i)));
        const bool stays = gap <= i ? (gap < wants && wants <= i) : (gap < wants || wants <= i);
        if (stays) continue;
        std::memcpy(at(gap), at(i), stride());
        gap = i;
    }
    *at(gap) = 0;
}

std::optional<RuleValue> EntryTable::find(const RuleKey& key) const {
    const auto& slots = by_key_size_[key.size()];
    if (slots.count == 0) return std::nullopt;
    const auto* slot = slots.at(slots.place(key));
    if (*slot == 0) return std::nullopt;
    return slots.value(slot);
}

bool EntryTable::contains(const RuleKey& key) const {
    const auto& slots = by_key_size_[key.size()];
    return slots.count != 0 && *slots.at(slots.place(key)) != 0;
}

EntryTable::Put EntryTable::put(const RuleKey& key, const RuleValue& value) {
    auto& slots = by_key_size_[key.size()];
    slots.key_size = key.size();
    if (slots.salt == 0) slots.salt = next_salt();
    const std::size_t room = std::max(slots.value_room, value.size());
    if (is_crowded(slots.count, slots.capacity))
        slots.resize(std::max(first_capacity, slots.capacity + slots.capacity * 2 / 3), room);
    else if (room > slots.value_room)
        slots.resize(slots.capacity, room);
    const std::size_t i = slots.place(key);
    const bool fresh = *slots.at(i) == 0;
    if (!fresh && slots.value(slots.at(i)) == value) return Put::same;
    slots.write(i, key, value);
    if (!fresh) return Put::changed;
    ++slots.count;
    ++size_;
    return Put::added;
}

bool EntryTable::erase(const RuleKey& key) {
    auto& slots = by_key_size_[key.size()];
    if (slots.count == 0) return false;
    const std::size_t i = slots.place(key);
    if (*slots.at(i) == 0) return false;
    slots.close_gap(i);
    --slots.count;
    --size_;
    return true;
}

EntryTable::Tick EntryTable::tick(const RuleKey& key, const RuleValue& value) {
    auto& slots = by_key_size_[key.size()];
    if (slots.count == 0) return Tick::missing;
    std::uint8_t* slot = slots.at(slots.place(key));
    if (*slot == 0) return Tick::missing;
    *slot |= ticked;
    return slots.value(slot) == value ? Tick::same : Tick::other;
}

void EntryTable::untick_all() {
    for (auto& slots : by_key_size_)
        for (std::size_t i = 0; i < slots.capacity; ++i)
            *slots.at(i) &= static_cast<std::uint8_t>(~ticked);
}

void EntryTable::prefetch(const RuleKey& key) const {
    const auto& slots = by_key_size_[key.size()];
    if (slots.count != 0) __builtin_prefetch(slots.at(slots.home(key)), 1);
}

void EntryTable::clear() {
    by_key_size_ = {};
    size_ = 0;
}

std::size_t EntryTable::bytes() const {
    std::size_t all = 0;
    for (const auto& slots : by_key_size_)
        all += slots.bytes.size();
    return all;
}

}  // namespace garita::enforce
