#pragma once
// A device in memory that keeps the contract of RuleBackend, with switches for what goes wrong.

#include <algorithm>
#include <map>
#include <optional>
#include <set>
#include <span>
#include <utility>
#include <vector>

#include "enforce/rule_backend.hpp"

namespace garita::fakes {

class MemoryRuleBackend final : public enforce::RuleBackend {
  public:
    using Entries = std::map<IpNetwork, std::optional<Time>>;

    // --- what a test arranges and looks at
    /// Every call fails with this while it is set: the device is away.
    std::optional<Error> away;
    /// These networks are refused when they are added.
    std::set<IpNetwork> refused;
    /// Each newly blocked network is said to have had so many open connections.
    std::uint64_t connections_each = 0;
    int applied_batches = 0;
    int rebuilds = 0;

    [[nodiscard]] const Entries& entries() const { return entries_; }
    [[nodiscard]] bool prepared() const { return prepared_; }
    /// As if somebody else had changed the device.
    void tamper_erase(const IpNetwork& network) {
        entries_.erase(network);
        foreign_change_ = true;
    }
    void tamper_drop_structure() {
        entries_.clear();
        prepared_ = false;
        foreign_change_ = true;
    }

    // --- RuleBackend
    Result<void> prepare() override {
        if (away) return tl::unexpected(*away);
        prepared_ = true;
        return {};
    }

    Result<enforce::BatchResult> apply(std::span<const enforce::BlockEntry> add,
                                       std::span<const IpNetwork> remove, Time now) override {
        if (away) return tl::unexpected(*away);
        if (!prepared_) return fail(ErrorCode::conflict, "the memory device has no structure: call prepare");
        ++applied_batches;
        expire(now);
        for (const auto& network : remove)
            entries_.erase(network);
        enforce::BatchResult result;
        for (const auto& entry : add)
            put(entry, now, result);
        return result;
    }

    Result<std::vector<enforce::BlockEntry>> read_back(Time now) override {
        if (away) return tl::unexpected(*away);
        if (!prepared_) return fail(ErrorCode::conflict, "the memory device has no structure: call prepare");
        expire(now);
        foreign_change_ = false;
        std::vector<enforce::BlockEntry> all;
        for (const auto& [network, expires_at] : entries_)
            all.push_back({network, expires_at});
        return all;
    }

    Result<enforce::BatchResult> rebuild(std::span<const enforce::BlockEntry> all, Time now) override {
        if (away) return tl::unexpected(*away);
        ++rebuilds;
        prepared_ = true;
        foreign_change_ = false;
        enforce::BatchResult result;
        const Entries before = std::exchange(entries_, {});
        for (const auto& entry : all)
            put(entry, now, result, &before);
        return result;
    }

    Result<enforce::Drift> check(Time now) override {
        if (away) return tl::unexpected(*away);
        expire(now);
        if (!prepared_) return enforce::Drift::structure;
        return foreign_change_ ? enforce::Drift::possible : enforce::Drift::none;
    }

    Result<void> remove_all() override {
        if (away) return tl::unexpected(*away);
        entries_.clear();
        prepared_ = false;
        return {};
    }

  private:
    void expire(Time now) {
        std::erase_if(entries_, [&](const auto& item) { return item.second && *item.second <= now; });
    }

    void put(const enforce::BlockEntry& entry, Time now, enforce::BatchResult& result,
             const Entries* before = nullptr) {
        if (refused.contains(entry.network)) {
            result.failed.push_back(
                {entry.network,
                 enforce::BlockChange::add,
                 {ErrorCode::invalid, "the memory device refuses " + entry.network.text()}});
            return;
        }
        if (entry.expires_at && *entry.expires_at <= now) {
            entries_.erase(entry.network);
            return;
        }
        const bool is_new = entries_.insert_or_assign(entry.network, entry.expires_at).second;
        if (is_new && !(before && before->contains(entry.network)))
            result.connections_cut += connections_each;
    }

    Entries entries_;
    bool prepared_ = false;
    bool foreign_change_ = false;
};

}  // namespace garita::fakes
