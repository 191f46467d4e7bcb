#include "detect/window_buckets.hpp"

#include <algorithm>

namespace garita::detect {

// A chunk to take a block of this size from: an open one, a spare one, or a new one.
std::uint32_t BucketPool::open_chunk(unsigned size_class) {
    auto& open = open_[size_class];
    if (!open.empty()) return open.back();
    const std::size_t words = std::max(words_of(size_class), chunk_words);
    std::uint32_t number = 0;
    if (words == chunk_words && !spare_.empty()) {
        number = spare_.back();
        spare_.pop_back();
    } else {
        if (numbers_.empty()) {
            number = static_cast<std::uint32_t>(chunks_.size());
            chunks_.emplace_back();
        } else {
            number = numbers_.back();
            numbers_.pop_back();
        }
        chunks_[number].words.reset(new std::uint32_t[words]);
        bytes_reserved_ += words * sizeof(std::uint32_t);
    }
    auto& chunk = chunks_[number];
    chunk.size_class = static_cast<std::uint8_t>(size_class);
    chunk.shift = static_cast<std::uint8_t>(__builtin_ctzll(words_of(size_class)));
    chunk.blocks = static_cast<std::uint16_t>(words / words_of(size_class));
    chunk.made = chunk.used = chunk.first_free = 0;
    chunk.place = 0;
    open.push_back(number);
    return number;
}

BucketPool::Handle BucketPool::take(unsigned size_class) {
    const auto number = open_chunk(size_class);
    auto& chunk = chunks_[number];
    std::uint32_t block = 0;
    if (chunk.first_free != 0) {
        block = chunk.first_free - 1U;
        chunk.first_free = static_cast<std::uint16_t>(chunk.words[std::size_t{block} << chunk.shift]);
    } else {
        block = chunk.made++;
    }
    bytes_in_use_ += words_of(size_class) * sizeof(std::uint32_t);
    if (++chunk.used == chunk.blocks) close(number);
    return (number << block_bits) | block;
}

void BucketPool::close(std::uint32_t number) {
    auto& open = open_[chunks_[number].size_class];
    const auto place = chunks_[number].place;
    open[place] = open.back();
    chunks_[open[place]].place = place;
    open.pop_back();
}

void BucketPool::give_back(Handle handle) {
    const auto number = handle >> block_bits;
    auto& chunk = chunks_[number];
    bytes_in_use_ -= words_of(chunk.size_class) * sizeof(std::uint32_t);
    if (chunk.used == chunk.blocks) {
        chunk.place = static_cast<std::uint32_t>(open_[chunk.size_class].size());
        open_[chunk.size_class].push_back(number);
    }
    *words(handle) = chunk.first_free;
    chunk.first_free = static_cast<std::uint16_t>((handle & block_mask) + 1);
    if (--chunk.used != 0) return;
    close(number);
    if (words_of(chunk.size_class) <= chunk_words) return spare_.push_back(number);
    bytes_reserved_ -= words_of(chunk.size_class) * sizeof(std::uint32_t);
    chunk.words.reset();
    numbers_.push_back(number);
}

void BucketList::drop_oldest() {
    if (outside() == 0)
        sum() -= Bucket::count(at(0));
    else
        --outside();
    if (++begin() == capacity_) begin() = 0;
    --size();
}

void BucketList::drop_older_half() {
    for (std::uint32_t rest = size() / 2; rest > 0; --rest)
        drop_oldest();
}

void BucketList::move_to(BucketList& bigger) {
    bigger.clear();
    for (std::uint32_t i = 0; i < size(); ++i)
        bigger.push(at(i));
    bigger.outside() = outside();
    bigger.sum() = sum();
}

// A list in use is never empty: the newest bucket outlives all others.
std::uint32_t BucketList::append(std::uint32_t second, Span span) {
    auto& last = at(size() - 1);
    const bool same = Bucket::age(last, second) == 0;
    ++sum();
    if (same && Bucket::count(last) < Bucket::max_count) {
        last += Bucket::pack(0, 1);
        return sum();
    }
    push(Bucket::pack(second, 1));
    if (same) return sum();
    while (Bucket::age(at(outside()), second) >= span.window)
        sum() -= Bucket::count(at(outside()++));
    // Nothing older than `keep` may stay: its second would be misread once three days have gone by.
    while (Bucket::age(at(0), second) >= span.keep)
        drop_oldest();
    return sum();
}

void BucketList::recount(std::uint32_t newest, Span span) {
    outside() = size();
    sum() = 0;
    while (outside() > 0 && Bucket::age(at(outside() - 1), newest) < span.window)
        sum() += Bucket::count(at(--outside()));
}

std::uint32_t BucketList::insert_late(std::uint32_t second, std::uint32_t newest, Span span) {
    const auto age = newest - second;
    auto place = size();  // behind the last bucket that is not younger
    while (place > 0 && Bucket::age(at(place - 1), newest) < age)
        --place;
    const bool same = place > 0 && Bucket::age(at(place - 1), newest) == age;
    if (same && Bucket::count(at(place - 1)) < Bucket::max_count) {
        at(place - 1) += Bucket::pack(0, 1);
    } else {
        for (auto i = size()++; i > place; --i)
            at(i) = at(i - 1);
        at(place) = Bucket::pack(second, 1);
    }
    recount(newest, span);
    // every window that ends at a bucket from the event's second up to one window later holds the event
    std::uint32_t best = 0;
    std::uint32_t count = 0;
    std::uint32_t tail = 0;
    for (std::uint32_t head = 0; head < size(); ++head) {
        count += Bucket::count(at(head));
        const auto head_age = Bucket::age(at(head), newest);
        while (Bucket::age(at(tail), newest) - head_age >= span.window)
            count -= Bucket::count(at(tail++));
        if (head_age <= age && age - head_age < span.window) best = std::max(best, count);
    }
    return best;
}

}  // namespace garita::detect
