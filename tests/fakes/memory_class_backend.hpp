#pragma once
// A device in memory that keeps the contract of ClassBackend, with switches for what goes wrong.

#include <functional>
#include <map>
#include <optional>
#include <set>
#include <span>
#include <vector>

#include "enforce/class_backend.hpp"

namespace garita::fakes {

class MemoryClassBackend final : public enforce::ClassBackend {
  public:
    using Entries = std::map<RuleKey, RuleValue>;

    // --- what a test arranges and looks at
    /// Every call fails with this while it is set: the device is away.
    std::optional<Error> away;
    /// These keys are refused when they are put there.
    std::set<RuleKey> refused;
    /// How a refusal says whether it may succeed later.
    Retry refusal_retry = Retry::no;
    /// Called before each change is carried out; an error ends the call there: what came before is done.
    std::function<std::optional<Error>()> before_change;
    std::size_t batch = 4000;
    std::size_t part_count = 1;
    int applied_batches = 0;
    int changes_sent = 0;
    int rebuilds = 0;
    int readings = 0;  ///< whole ones and parts

    [[nodiscard]] const Entries& entries() const { return entries_; }
    [[nodiscard]] bool prepared() const { return prepared_; }
    /// As if somebody else had changed the device.
    void tamper(const RuleKey& key, const std::optional<RuleValue>& value) {
        put(key, value);
        foreign_change_ = true;
    }
    void tamper_drop_structure() {
        entries_.clear();
        prepared_ = false;
        foreign_change_ = true;
    }

    // --- ClassBackend
    Result<void> prepare() override {
        if (away) return tl::unexpected(*away);
        prepared_ = true;
        return {};
    }

    Result<std::vector<enforce::ChangeFailure>> apply(
        std::span<const enforce::ClassChange> changes) override {
        if (away) return tl::unexpected(*away);
        if (!prepared_) return gone();
        ++applied_batches;
        std::vector<enforce::ChangeFailure> failed;
        for (std::size_t i = 0; i < changes.size(); ++i) {
            if (before_change)
                if (const auto error = before_change()) return tl::unexpected(*error);
            ++changes_sent;
            if (changes[i].after && refused.contains(changes[i].key))
                failed.push_back({i, refusal()});
            else
                put(changes[i].key, changes[i].after);
        }
        return failed;
    }

    Result<void> read_back(const enforce::EntrySink& entry) override {
        for (std::size_t part = 0; part < part_count; ++part)
            if (const auto read = read_part(part, entry); !read) return read;
        return {};
    }

    [[nodiscard]] std::size_t parts() const override { return part_count; }
    [[nodiscard]] std::size_t part_of(const RuleKey& key) const override {
        return std::hash<RuleKey>{}(key) % part_count;
    }
    Result<void> read_part(std::size_t part, const enforce::EntrySink& entry) override {
        if (away) return tl::unexpected(*away);
        if (!prepared_) return gone();
        if (part == 0) foreign_change_ = false;
        ++readings;
        for (const auto& [key, value] : entries_)
            if (part_of(key) == part) entry(key, value);
        return {};
    }

    Result<std::vector<enforce::ChangeFailure>> rebuild(const enforce::EntrySource& all,
                                                        std::size_t) override {
        if (away) return tl::unexpected(*away);
        ++rebuilds;
        Entries fresh;
        std::vector<enforce::ChangeFailure> failed;
        std::size_t place = 0;
        all([&](const RuleKey& key, const RuleValue& value) {
            if (refused.contains(key))
                failed.push_back({place, refusal()});
            else
                fresh[key] = value;
            ++place;
        });
        if (before_change)
            if (const auto error = before_change()) return tl::unexpected(*error);
        entries_ = std::move(fresh);
        prepared_ = true;
        foreign_change_ = false;
        return failed;
    }

    Result<enforce::Drift> check(std::size_t) override {
        if (away) return tl::unexpected(*away);
        if (!prepared_) return enforce::Drift::structure;
        return foreign_change_ ? enforce::Drift::possible : enforce::Drift::none;
    }

    Result<void> remove_all() override {
        if (away) return tl::unexpected(*away);
        entries_.clear();
        prepared_ = false;
        return {};
    }

    [[nodiscard]] std::size_t batch_size() const override { return batch; }

  private:
    void put(const RuleKey& key, const std::optional<RuleValue>& value) {
        if (value)
            entries_[key] = *value;
        else
            entries_.erase(key);
    }
    static tl::unexpected<Error> gone() {
        return fail(ErrorCode::conflict, "the memory device has no structure: call prepare");
    }
    [[nodiscard]] Error refusal() const {
        return {ErrorCode::invalid, "the memory device refuses this", refusal_retry};
    }

    Entries entries_;
    bool prepared_ = false;
    bool foreign_change_ = false;
};

}  // namespace garita::fakes
