#pragma once
// What one device shall have, in memory, as a store keeps it: a watermark a lane, and the refused ones.

#include <algorithm>
#include <array>
#include <map>
#include <mutex>
#include <optional>
#include <set>
#include <string>
#include <vector>

#include "store/class_book.hpp"

namespace garita::fakes {

class MemoryClassBook final : public store::ClassBook {
  public:
    using Lane = store::Lane;

    // --- what a test arranges and looks at
    /// Every call fails with this while it is set.
    std::optional<Error> broken;
    /// The next record() or retried() is lost: the process died before it.
    int lose_records = 0;
    int recordings = 0;

    /// As a producer does it.
    void want(const std::string& rules, const RuleKey& key, const std::optional<RuleValue>& value,
              Lane lane = Lane::quick) {
        const std::lock_guard lock(mutex_);
        auto& of = classes_[rules];
        auto& row = of.rows[key];
        if (is_done(of, key, row)) row.have = row.want;
        row.want = value;
        row.lane = lane;
        row.seq = ++seq_;
        of.refused.erase(key);
    }
    /// What is recorded as being on the device.
    [[nodiscard]] std::map<RuleKey, RuleValue> current(const std::string& rules) {
        const std::lock_guard lock(mutex_);
        std::map<RuleKey, RuleValue> all;
        auto& of = classes_[rules];
        for (const auto& [key, row] : of.rows) {
            const auto& is = is_done(of, key, row) ? row.want : row.have;
            if (is) all[key] = *is;
        }
        return all;
    }
    [[nodiscard]] std::map<RuleKey, RuleValue> wanted_now(const std::string& rules) {
        std::map<RuleKey, RuleValue> all;
        (void)wanted(rules, [&](const RuleKey& key, const RuleValue& value) { all[key] = value; });
        return all;
    }

    // --- ClassBook
    Result<std::vector<store::PendingRule>> pending(std::string_view rules, Lane lane, std::int64_t after,
                                                    std::size_t limit) override {
        if (broken) return tl::unexpected(*broken);
        const std::lock_guard lock(mutex_);
        std::vector<store::PendingRule> all;
        for (const auto& [key, row] : classes_[std::string(rules)].rows)
            if (row.lane == lane && row.seq > after) all.push_back({key, row.have, row.want, row.seq});
        std::sort(all.begin(), all.end(), [](const auto& a, const auto& b) { return a.seq < b.seq; });
        if (all.size() > limit) all.resize(limit);
        return all;
    }

    Result<std::int64_t> recorded(std::string_view rules, Lane lane) override {
        if (broken) return tl::unexpected(*broken);
        const std::lock_guard lock(mutex_);
        return classes_[std::string(rules)].recorded[index(lane)];
    }

    Result<void> record(std::string_view rules, Lane lane, std::int64_t up_to,
                        std::span<const store::RefusedRule> refused, Time) override {
        if (broken) return tl::unexpected(*broken);
        if (lose_records > 0) return lost();
        const std::lock_guard lock(mutex_);
        ++recordings;
        auto& of = classes_[std::string(rules)];
        for (const auto& rule : refused)
            if (const auto row = of.rows.find(rule.key); row != of.rows.end() && row->second.seq == rule.seq)
                of.refused[rule.key] = rule;
        auto& position = of.recorded[index(lane)];
        position = std::max(position, up_to);
        return {};
    }

    Result<std::vector<store::RefusedRule>> refused(std::string_view rules) override {
        if (broken) return tl::unexpected(*broken);
        const std::lock_guard lock(mutex_);
        std::vector<store::RefusedRule> all;
        for (const auto& [key, rule] : classes_[std::string(rules)].refused)
            all.push_back(rule);
        return all;
    }

    Result<void> retried(std::string_view rules, std::span<const store::RefusedRule> tried,
                         std::span<const store::RefusedRule> still, Time) override {
        if (broken) return tl::unexpected(*broken);
        if (lose_records > 0) return lost();
        const std::lock_guard lock(mutex_);
        auto& of = classes_[std::string(rules)];
        const auto is_same = [&](const store::RefusedRule& rule) {
            const auto row = of.rows.find(rule.key);
            return row != of.rows.end() && row->second.seq == rule.seq;
        };
        for (const auto& rule : tried)
            if (is_same(rule)) of.refused.erase(rule.key);
        for (const auto& rule : still)
            if (is_same(rule)) of.refused[rule.key] = rule;
        return {};
    }

    Result<std::int64_t> wanted(std::string_view rules, const WantedSink& sink) override {
        if (broken) return tl::unexpected(*broken);
        const std::lock_guard lock(mutex_);
        for (const auto& [key, row] : classes_[std::string(rules)].rows)
            if (row.want) sink(key, *row.want);
        return seq_;
    }

  private:
    struct Row {
        std::optional<RuleValue> want;
        std::optional<RuleValue> have;
        std::int64_t seq = 0;
        Lane lane = Lane::quick;
    };
    struct Class {
        std::map<RuleKey, Row> rows;
        std::array<std::int64_t, 2> recorded{};
        std::map<RuleKey, store::RefusedRule> refused;
    };

    static std::size_t index(Lane lane) { return static_cast<std::size_t>(lane); }
    static bool is_done(const Class& of, const RuleKey& key, const Row& row) {
        return row.seq <= of.recorded[index(row.lane)] && !of.refused.contains(key);
    }
    tl::unexpected<Error> lost() {
        --lose_records;
        return fail(ErrorCode::io, "the memory book lost it", Retry::later);
    }

    std::mutex mutex_;
    std::map<std::string, Class> classes_;
    std::int64_t seq_ = 0;
};

}  // namespace garita::fakes
