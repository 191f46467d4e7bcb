#include "adapters/tc/class_pool.hpp"

#include <algorithm>

namespace garita::tc {
namespace {

constexpr std::uint32_t numbers = 0xFFE;  // of filters in one list

bool same(const ClassPool::Entry& one, const ClassPool::Entry& other) {
    return one.filter.key == other.filter.key && one.filter.minor == other.filter.minor &&
           one.filter.handle == other.filter.handle && one.bytes_per_second == other.bytes_per_second;
}

}  // namespace

void ClassPool::learn(const std::vector<ListedClass>& classes, const std::vector<SubscriberFilter>& filters) {
    *this = ClassPool();
    classes_ = classes.size();
    std::unordered_map<std::uint16_t, std::uint64_t> rates;
    for (const auto& one : classes) {
        rates[one.minor] = one.bytes_per_second;
        there_[one.minor] = true;
    }
    for (const auto& filter : filters) {
        const Entry entry{filter, rates[filter.minor]};
        handles_.insert(filter.handle);
        ++users_[filter.minor];
        if (!entries_.emplace(filter.key, entry).second) strays_.push_back(entry);
    }
    for (const auto& one : classes)
        if (users_[one.minor] == 0) free_.push_back(one.minor);
    std::sort(free_.begin(), free_.end(), std::greater<>());
}

const ClassPool::Entry* ClassPool::find(const RuleKey& key) const {
    const auto found = entries_.find(key);
    return found == entries_.end() ? nullptr : &found->second;
}

std::optional<std::uint32_t> ClassPool::free_handle(const RuleKey& key) {
    const auto bytes = key.bytes();
    const std::uint32_t list = FilterTable{bytes[0]}.id() | std::uint32_t{bytes.back()} << 12U;
    for (std::uint32_t tried = 0; tried < numbers; ++tried) {
        const std::uint32_t handle = list | (next_number_++ % numbers + 1);
        if (handles_.insert(handle).second) return handle;
    }
    return std::nullopt;
}

std::optional<ClassPool::Entry> ClassPool::take(const RuleKey& key, std::uint64_t bytes_per_second) {
    if (free_.empty()) return std::nullopt;
    const auto handle = free_handle(key);
    if (!handle) return std::nullopt;
    const Entry entry{{key, *handle, free_.back()}, bytes_per_second};
    free_.pop_back();
    users_[entry.filter.minor] = 1;
    entries_[key] = entry;
    return entry;
}

void ClassPool::set_rate(const RuleKey& key, std::uint64_t bytes_per_second) {
    entries_[key].bytes_per_second = bytes_per_second;
}

void ClassPool::give_back(const RuleKey& key) {
    const auto found = entries_.find(key);
    if (found == entries_.end()) return;
    handles_.erase(found->second.filter.handle);
    if (--users_[found->second.filter.minor] == 0) free_.push_back(found->second.filter.minor);
    entries_.erase(found);
}

bool operator==(const ClassPool& one, const ClassPool& other) {
    return one.classes_ == other.classes_ && one.strays_.size() == other.strays_.size() &&
           one.entries_.size() == other.entries_.size() &&
           std::all_of(one.entries_.begin(), one.entries_.end(), [&](const auto& entry) {
               const auto* found = other.find(entry.first);
               return found != nullptr && same(entry.second, *found);
           });
}

}  // namespace garita::tc
