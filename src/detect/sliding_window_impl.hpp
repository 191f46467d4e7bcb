#pragma once
// The bodies of SlidingWindow: an open-addressed table with linear probing, in the order of the hash.

#include "detect/sliding_window.hpp"

namespace garita::detect {

template <typename Key, typename Note>
SlidingWindow<Key, Note>::SlidingWindow(const WindowLimits& limits) : limits_(limits) {
    using std::chrono::seconds;
    limits_.window = std::clamp(limits.window, seconds{1}, WindowLimits::longest);
    limits_.lateness = std::clamp(limits.lateness, seconds{0}, WindowLimits::longest - limits_.window);
    limits_.threshold = std::clamp(limits.threshold, 1U, WindowLimits::highest_threshold);
    limits_.max_keys = std::clamp<std::size_t>(limits.max_keys, 16, std::size_t{1} << 30);
    span_ = {static_cast<std::uint32_t>(limits_.window.count()),
             static_cast<std::uint32_t>((limits_.window + limits_.lateness).count())};
    max_slots_ = limits_.max_keys + limits_.max_keys / 4 + 1;
    // The newer half of the largest block must hold `threshold` buckets, so that every decision stays exact.
    const std::size_t most_buckets = std::max<std::size_t>(1000, 2 * std::size_t{limits_.threshold});
    max_class_ = 0;
    while (BucketPool::words_of(max_class_) < most_buckets + BucketList::header)
        ++max_class_;
    slots_.resize(std::min<std::size_t>(1024, max_slots_));
}

template <typename Key, typename Note>
std::size_t SlidingWindow<Key, Note>::slot_of(const Key& key) const {
    std::size_t slot = home(key);
    while (slots_[slot].held != 0 && !(slots_[slot].key == key))
        slot = slot + 1 == slots_.size() ? 0 : slot + 1;
    return slot;
}

template <typename Key, typename Note>
Note* SlidingWindow<Key, Note>::find(const Key& key) {
    auto& entry = slots_[slot_of(key)];
    return entry.held == 0 ? nullptr : &entry.note;
}

template <typename Key, typename Note>
auto SlidingWindow<Key, Note>::add(const Key& key, EventTime when) -> Outcome {
    const auto second = static_cast<std::uint32_t>(when.time_since_epoch().count());
    if (pool_.bytes_in_use() >= limits_.max_spill_bytes)
        evict_coldest(2, [](const Entry& entry) { return entry.held == spilled; });
    std::size_t slot = slot_of(key);
    if (slots_[slot].held == 0) {
        if (stats_.tracked >= room_for(slots_.size()) || stats_.tracked >= limits_.max_keys) {
            make_room();
            slot = slot_of(key);
        }
        auto& entry = slots_[slot];
        entry = Entry{};
        entry.key = key;
        ++stats_.tracked;
        newest_ = std::max(newest_, second);
        start(entry, second);
        return {EventOrder::in_order, true, 1, &entry.note, second, 0};
    }
    auto& entry = slots_[slot];
    newest_ = std::max(newest_, second);
    if (second > entry.newest && second - entry.newest >= span_.keep) {
        start(entry, second);
        return {EventOrder::in_order, true, 1, &entry.note, second, 0};
    }
    if (second < entry.newest && entry.newest - second > span_.keep - span_.window) {
        ++stats_.late;
        return {EventOrder::refused, false, 0, &entry.note, entry.newest, 0};
    }
    return entry.held == spilled ? add_spilled(entry, second) : add_inline(entry, second);
}

template <typename Key, typename Note>
void SlidingWindow<Key, Note>::release(Entry& entry) {
    if (entry.held == spilled) pool_.give_back(entry.cell[0]);
    entry.held = 0;
}

template <typename Key, typename Note>
void SlidingWindow<Key, Note>::start(Entry& entry, std::uint32_t second) {
    release(entry);
    entry.newest = second;
    entry.held = 1;
    entry.cell[0] = Bucket::pack(second, 1);
}

// With one or two buckets the window is counted by looking at both.
template <typename Key, typename Note>
auto SlidingWindow<Key, Note>::add_inline(Entry& entry, std::uint32_t second) -> Outcome {
    const bool resumed = second > entry.newest && second - entry.newest >= span_.window;
    const bool in_order = second >= entry.newest;
    auto& newest_bucket = entry.cell[entry.held - 1];
    if (second == entry.newest && Bucket::count(newest_bucket) < Bucket::max_count) {
        newest_bucket += Bucket::pack(0, 1);
    } else {
        if (in_order && entry.held == 2 && Bucket::age(entry.cell[0], second) >= span_.keep) {
            entry.cell[0] = entry.cell[1];
            entry.held = 1;
        }
        if (!in_order || entry.held == 2) {
            spill(entry);
            return add_spilled(entry, second);
        }
        entry.cell[entry.held++] = Bucket::pack(second, 1);
    }
    entry.newest = second;
    std::uint32_t sum = 0;
    std::uint32_t oldest = 0;
    for (std::uint32_t i = entry.held; i-- > 0;) {
        const auto age = Bucket::age(entry.cell[i], second);
        if (age >= span_.window) break;
        sum += Bucket::count(entry.cell[i]);
        oldest = age;
    }
    return {EventOrder::in_order, resumed, sum, &entry.note, second, oldest};
}

template <typename Key, typename Note>
auto SlidingWindow<Key, Note>::add_spilled(Entry& entry, std::uint32_t second) -> Outcome {
    make_room_in(entry);
    auto list = list_of(entry);
    Outcome outcome{EventOrder::in_order, false, 0, &entry.note, entry.newest, 0};
    if (second >= entry.newest) {
        outcome.resumed = second - entry.newest >= span_.window;
        outcome.in_window = list.append(second, span_);
        outcome.newest = entry.newest = second;
    } else {
        outcome.order = EventOrder::late_but_counted;
        outcome.in_window = list.insert_late(second, entry.newest, span_);
    }
    outcome.oldest_age = list.oldest_age(entry.newest);
    return outcome;
}

template <typename Key, typename Note>
void SlidingWindow<Key, Note>::spill(Entry& entry) {
    const auto handle = pool_.take(0);
    BucketList list(pool_.words(handle), BucketPool::words_of(0));
    list.clear();
    for (std::uint32_t i = 0; i < entry.held; ++i)
        list.push(entry.cell[i]);
    list.recount(entry.newest, span_);
    entry.cell[0] = handle;
    entry.held = spilled;
}

template <typename Key, typename Note>
void SlidingWindow<Key, Note>::make_room_in(Entry& entry) {
    auto list = list_of(entry);
    if (!list.full()) return;
    const unsigned size_class = pool_.class_of(entry.cell[0]);
    if (size_class == max_class_) return list.drop_older_half();
    const auto handle = pool_.take(size_class + 1);
    BucketList bigger(pool_.words(handle), BucketPool::words_of(size_class + 1));
    list.move_to(bigger);
    pool_.give_back(entry.cell[0]);
    entry.cell[0] = handle;
}

template <typename Key, typename Note>
void SlidingWindow<Key, Note>::make_room() {
    if (limits_.cold_keys == ColdKeys::forget) {
        stats_.expired += erase_if([&](const Entry& entry) {
            return newest_ > entry.newest && newest_ - entry.newest >= span_.keep;
        });
        if (stats_.tracked < room_for(slots_.size()) / 2) return;
    }
    if (slots_.size() < max_slots_) return grow(std::min(slots_.size() * 2, max_slots_));
    if (stats_.tracked < limits_.max_keys - limits_.max_keys / 16) return;
    evict_coldest(16, [](const Entry&) { return true; });
}

template <typename Key, typename Note>
void SlidingWindow<Key, Note>::grow(std::size_t slots) {
    decltype(slots_) old(slots);
    old.swap(slots_);
    for (const auto& entry : old)
        if (entry.held != 0) slots_[slot_of(entry.key)] = entry;
}

// Backward shift: later members of the probe run move up, so no tombstones are needed.
template <typename Key, typename Note>
void SlidingWindow<Key, Note>::erase_slot(std::size_t slot) {
    release(slots_[slot]);
    --stats_.tracked;
    const std::size_t size = slots_.size();
    std::size_t hole = slot;
    for (std::size_t next = (hole + 1) % size; slots_[next].held != 0; next = (next + 1) % size) {
        const std::size_t wanted = home(slots_[next].key);
        if ((next + size - wanted) % size < (next + size - hole) % size) continue;
        slots_[hole] = slots_[next];
        slots_[next].held = 0;
        hole = next;
    }
}

template <typename Key, typename Note>
template <typename Doomed>
std::size_t SlidingWindow<Key, Note>::erase_if(Doomed doomed) {
    const auto before = stats_.tracked;
    for (std::size_t slot = 0; slot < slots_.size(); ++slot)
        while (slots_[slot].held != 0 && doomed(slots_[slot]))
            erase_slot(slot);
    return before - stats_.tracked;
}

// Forgets 1/share of the chosen entries, those whose newest event is the oldest.
template <typename Key, typename Note>
template <typename Chosen>
std::size_t SlidingWindow<Key, Note>::evict_coldest(std::size_t share, Chosen chosen) {
    std::vector<std::uint32_t> times;
    times.reserve(stats_.tracked);
    for (const auto& entry : slots_)
        if (entry.held != 0 && chosen(entry)) times.push_back(entry.newest);
    if (times.empty()) return 0;
    const std::size_t quota = std::max<std::size_t>(1, times.size() / share);
    const auto last = times.begin() + static_cast<std::ptrdiff_t>(quota - 1);
    std::nth_element(times.begin(), last, times.end());
    const auto limit = *last;
    auto ties =
        std::count(times.begin(), last + 1, limit);  // of those exactly as old as the limit, this many go
    const auto gone = erase_if([&](const Entry& entry) {
        if (!chosen(entry) || entry.newest > limit) return false;
        return entry.newest < limit || ties-- > 0;
    });
    stats_.evicted += gone;
    return gone;
}

template <typename Key, typename Note>
WindowStats SlidingWindow<Key, Note>::stats() const {
    auto stats = stats_;
    stats.bytes = slots_.size() * sizeof(Entry) + pool_.bytes_reserved();
    return stats;
}

}  // namespace garita::detect
