#include "enforce/compared_backend.hpp"

#include <algorithm>

namespace garita::enforce {

std::uint64_t EntrySum::hash(const RuleKey& key, const RuleValue& value) {
    std::uint64_t hash = 0xcbf29ce484222325ULL;
    const auto take = [&](std::uint8_t byte) { hash = (hash ^ byte) * 0x100000001b3ULL; };
    take(static_cast<std::uint8_t>(key.size()));
    std::for_each(key.bytes().begin(), key.bytes().end(), take);
    std::for_each(value.bytes().begin(), value.bytes().end(), take);
    // sums of neighbours would be alike without this
    hash = (hash ^ hash >> 30U) * 0xbf58476d1ce4e5b9ULL;
    hash = (hash ^ hash >> 27U) * 0x94d049bb133111ebULL;
    return hash ^ hash >> 31U;
}

Result<EntrySum> ComparedBackend::read(const EntrySink& entry) {
    EntrySum sum;
    const Time began = clock_();
    const auto done = backend_->read_back([&](const RuleKey& key, const RuleValue& value) {
        sum.add(key, value);
        if (entry) entry(key, value);
    });
    if (!done) return tl::unexpected(done.error());
    const Time now = clock_();
    reading_takes_ = now - began;
    not_before_ = now + reading_takes_ * pace_.share;
    return sum;
}

Result<void> ComparedBackend::read_back(const EntrySink& entry) {
    believed_.reset();
    const auto sum = read(entry);
    if (!sum) return tl::unexpected(sum.error());
    believed_ = *sum;
    return {};
}

Result<std::vector<ChangeFailure>> ComparedBackend::apply(std::span<const ClassChange> changes) {
    auto failed = backend_->apply(changes);
    if (!failed) believed_.reset();
    if (!failed || !believed_) return failed;
    auto failure = failed->begin();
    for (std::size_t i = 0; i < changes.size(); ++i) {
        if (failure != failed->end() && failure->change == i) {
            ++failure;
            continue;
        }
        const auto& [key, before, after] = changes[i];
        if (before) believed_->remove(key, *before);
        if (after) believed_->add(key, *after);
    }
    return failed;
}

Result<std::vector<ChangeFailure>> ComparedBackend::rebuild(const EntrySource& all, std::size_t count) {
    believed_.reset();
    auto failed = backend_->rebuild(all, count);
    if (!failed || !failed->empty()) return failed;
    believed_.emplace();
    all([&](const RuleKey& key, const RuleValue& value) { believed_->add(key, value); });
    return failed;
}

Result<Drift> ComparedBackend::check(std::size_t count) {
    auto told = backend_->check(count);
    if (!told || *told != Drift::none) return told;
    if (!believed_ || reading_takes_ > pace_.longest || clock_() < not_before_) return told;
    const auto sum = read({});
    if (!sum) return tl::unexpected(sum.error());
    if (*sum == *believed_) return told;
    believed_.reset();
    return Drift::possible;
}

Result<void> ComparedBackend::remove_all() {
    believed_.reset();
    return backend_->remove_all();
}

}  // namespace garita::enforce
