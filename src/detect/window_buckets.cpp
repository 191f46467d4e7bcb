#include "detect/window_buckets.hpp"

#include <algorithm>
#include <cstring>

namespace garita::detect {
namespace {

constexpr std::size_t chunk_words = 16 * 1024;

}  // namespace

BucketPool::Handle BucketPool::take(unsigned size_class) {
    auto& shelf = shelves_[size_class];
    const std::size_t words = words_of(size_class);
    bytes_in_use_ += words * sizeof(std::uint32_t);
    if (!shelf.free.empty()) {
        const auto index = shelf.free.back();
        shelf.free.pop_back();
        return (size_class << 28) | index;
    }
    shelf.per_chunk = static_cast<std::uint32_t>(std::max<std::size_t>(1, chunk_words / words));
    if (shelf.made == shelf.chunks.size() * shelf.per_chunk) {
        shelf.chunks.push_back(std::unique_ptr<std::uint32_t[]>(new std::uint32_t[words * shelf.per_chunk]));
        bytes_reserved_ += words * shelf.per_chunk * sizeof(std::uint32_t);
    }
    return (size_class << 28) | shelf.made++;
}

void BucketPool::give_back(Handle handle) {
    shelves_[class_of(handle)].free.push_back(handle & index_mask);
    bytes_in_use_ -= words_of(class_of(handle)) * sizeof(std::uint32_t);
}

void BucketList::compact() {
    const auto first = begin();
    if (first == 0) return;
    std::memmove(&at(0), &at(first), size() * sizeof(std::uint32_t));
    end() -= first;
    inside() -= first;
    begin() = 0;
}

void BucketList::drop_older_half() {
    const auto half = static_cast<std::uint32_t>(size() / 2);
    for (std::uint32_t i = 0; i < half; ++i, ++begin())
        if (inside() == begin()) {
            sum() -= Bucket::count(at(begin()));
            ++inside();
        }
    compact();
}

void BucketList::move_to(BucketList& bigger) const {
    const auto count = size();
    std::memcpy(&bigger.at(0), words_ + header + words_[0], count * sizeof(std::uint32_t));
    bigger.begin() = 0;
    bigger.end() = static_cast<std::uint32_t>(count);
    bigger.inside() = words_[2] - words_[0];
    bigger.sum() = words_[3];
}

std::uint32_t BucketList::append(std::uint32_t second, Span span) {
    const bool same = size() != 0 && Bucket::age(at(end() - 1), second) == 0;
    if (same && Bucket::count(at(end() - 1)) < Bucket::max_count)
        at(end() - 1) += Bucket::pack(0, 1);
    else
        push(Bucket::pack(second, 1));
    ++sum();
    if (same) return sum();
    while (Bucket::age(at(inside()), second) >= span.window)
        sum() -= Bucket::count(at(inside()++));
    // Nothing older than `keep` may stay: its second would be misread once three days have gone by.
    while (Bucket::age(at(begin()), second) >= span.keep)
        ++begin();
    return sum();
}

void BucketList::recount(std::uint32_t newest, Span span) {
    inside() = end();
    sum() = 0;
    while (inside() > begin() && Bucket::age(at(inside() - 1), newest) < span.window)
        sum() += Bucket::count(at(--inside()));
}

std::uint32_t BucketList::insert_late(std::uint32_t second, std::uint32_t newest, Span span) {
    const auto age = newest - second;
    auto place = end();  // behind the last bucket that is not younger
    while (place > begin() && Bucket::age(at(place - 1), newest) < age)
        --place;
    const bool same = place > begin() && Bucket::age(at(place - 1), newest) == age;
    if (same && Bucket::count(at(place - 1)) < Bucket::max_count) {
        at(--place) += Bucket::pack(0, 1);
    } else {
        std::memmove(&at(place + 1), &at(place), (end() - place) * sizeof(std::uint32_t));
        at(place) = Bucket::pack(second, 1);
        ++end();
    }
    recount(newest, span);
    // every window that ends at a bucket from the event's second up to one window later holds the event
    std::uint32_t best = 0;
    std::uint32_t count = 0;
    auto tail = begin();
    for (auto head = begin(); head < end(); ++head) {
        count += Bucket::count(at(head));
        const auto head_age = Bucket::age(at(head), newest);
        while (Bucket::age(at(tail), newest) - head_age >= span.window)
            count -= Bucket::count(at(tail++));
        if (head_age <= age && age - head_age < span.window) best = std::max(best, count);
    }
    return best;
}

}  // namespace garita::detect
