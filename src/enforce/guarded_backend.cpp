#include "enforce/guarded_backend.hpp"

#include <algorithm>
#include <limits>

namespace garita::enforce {
namespace {

constexpr Duration minute = std::chrono::minutes{1};
constexpr auto no_limit = std::numeric_limits<std::uint64_t>::max();

EntryFailure refusal(const IpNetwork& network, ErrorCode code, std::string text) {
    const auto retry = code == ErrorCode::forbidden ? Retry::no : Retry::later;
    return {network, BlockChange::add, {code, std::move(text), retry}};
}

bool holds(const std::vector<BlockEntry>& in_order, const IpNetwork& network) {
    const auto found =
        std::lower_bound(in_order.begin(), in_order.end(), network,
                         [](const BlockEntry& entry, const IpNetwork& one) { return entry.network < one; });
    return found != in_order.end() && found->network == network;
}

void append(std::vector<EntryFailure>& to, std::vector<EntryFailure> failures) {
    to.insert(to.end(), std::make_move_iterator(failures.begin()), std::make_move_iterator(failures.end()));
}

}  // namespace

Result<GuardedBackend::Sieved> GuardedBackend::sieve(std::span<const BlockEntry> add) {
    Sieved batch;
    if (add.empty()) return batch;
    const auto protected_now = protection_.protected_now();
    if (!protected_now)
        return tl::unexpected(protected_now.error());  // rather nothing than a block in the dark
    batch.add.reserve(add.size());
    for (const auto& entry : add) {
        auto why = refuse_block(entry.network, ceiling_, *protected_now);
        if (!why) {
            batch.add.push_back(entry);
            continue;
        }
        batch.refused.push_back(refusal(entry.network, ErrorCode::forbidden, std::move(*why)));
        batch.forbidden.push_back(entry.network);
    }
    return batch;
}

std::uint64_t GuardedBackend::left_this_minute(Time now) {
    if (ceiling_.blocks_per_minute == 0) return no_limit;
    // after a jump of the clock to the past the bursts ahead of it count until it comes there
    while (!bursts_.empty() && bursts_.front().at + minute <= now) {
        in_bursts_ -= bursts_.front().blocks;
        bursts_.pop_front();
    }
    return in_bursts_ < ceiling_.blocks_per_minute ? ceiling_.blocks_per_minute - in_bursts_ : 0;
}

void GuardedBackend::passed(std::uint64_t blocks, Time now) {
    if (ceiling_.blocks_per_minute == 0 || blocks == 0) return;
    bursts_.push_back({now, blocks});
    in_bursts_ += blocks;
}

Result<void> GuardedBackend::sieve_by_number(Sieved& batch, Time now) {
    const std::uint64_t limit = ceiling_.blocks_in_force;
    const auto asked = batch.add.size();
    const Time minute_now = clock_ ? clock_() : now;
    const auto minute_left = left_this_minute(minute_now);
    if (counted_ && at_most_in_force_ + asked <= limit && asked <= minute_left) {
        at_most_in_force_ += asked;
        passed(asked, minute_now);
        return {};
    }
    // near a limit it matters which of them are new
    const auto there = backend_.read_back(now);
    if (!there) return tl::unexpected(there.error());
    at_most_in_force_ = there->size();
    counted_ = true;
    std::uint64_t fresh = 0;
    std::vector<BlockEntry> pass;
    pass.reserve(asked);
    for (const auto& entry : batch.add) {
        const bool is_new = !holds(*there, entry.network);
        if (is_new && at_most_in_force_ >= limit) {
            auto text = refused_by_ceiling("it holds " + std::to_string(limit) +
                                           " blocks already, as many as `allow.blocks_in_force` says");
            batch.refused.push_back(refusal(entry.network, ErrorCode::full, std::move(text)));
            continue;
        }
        if (is_new && fresh >= minute_left) {
            auto text = refused_by_ceiling("more than " + std::to_string(ceiling_.blocks_per_minute) +
                                           " new blocks within a minute; it is tried again");
            batch.refused.push_back(refusal(entry.network, ErrorCode::unavailable, std::move(text)));
            continue;
        }
        if (is_new) {
            ++fresh;
            ++at_most_in_force_;
        }
        pass.push_back(entry);
    }
    passed(fresh, minute_now);
    batch.add = std::move(pass);
    return {};
}

Result<BatchResult> GuardedBackend::apply(std::span<const BlockEntry> add, std::span<const IpNetwork> remove,
                                          Time now) {
    auto batch = sieve(add);
    if (!batch) return tl::unexpected(batch.error());
    if (!batch->add.empty())
        if (const auto sieved = sieve_by_number(*batch, now); !sieved) return tl::unexpected(sieved.error());
    std::vector<IpNetwork> gone(remove.begin(), remove.end());
    gone.insert(gone.end(), batch->forbidden.begin(), batch->forbidden.end());
    auto result = backend_.apply(batch->add, gone, now);
    if (result) append(result->failed, std::move(batch->refused));
    return result;
}

Result<BatchResult> GuardedBackend::rebuild(std::span<const BlockEntry> all, Time now) {
    auto batch = sieve(all);
    if (!batch) return tl::unexpected(batch.error());
    if (restored_) {
        if (const auto sieved = sieve_by_number(*batch, now); !sieved) return tl::unexpected(sieved.error());
    } else if (batch->add.size() > ceiling_.blocks_in_force) {
        const auto text = refused_by_ceiling("more than " + std::to_string(ceiling_.blocks_in_force) +
                                             " blocks, as many as `allow.blocks_in_force` says");
        for (auto i = ceiling_.blocks_in_force; i < batch->add.size(); ++i)
            batch->refused.push_back(refusal(batch->add[i].network, ErrorCode::full, text));
        batch->add.resize(ceiling_.blocks_in_force);
    }
    auto result = backend_.rebuild(batch->add, now);
    if (!result) return result;
    restored_ = true;
    counted_ = true;
    at_most_in_force_ = batch->add.size();
    append(result->failed, std::move(batch->refused));
    return result;
}

Result<void> GuardedBackend::remove_all() {
    auto removed = backend_.remove_all();
    if (removed) at_most_in_force_ = 0;
    return removed;
}

}  // namespace garita::enforce
