#pragma once
// Who has which class of one device: what was read from the kernel, kept up with what is written.

#include <cstdint>
#include <optional>
#include <unordered_map>
#include <unordered_set>
#include <vector>

#include "adapters/tc/messages.hpp"

namespace garita::tc {

class ClassPool {
  public:
    struct Entry {
        SubscriberFilter filter;
        std::uint64_t bytes_per_second = 0;
    };

    /// Classes and filters as they were listed; a subscriber's second filter is a stray.
    void learn(const std::vector<ListedClass>& classes, const std::vector<SubscriberFilter>& filters);

    [[nodiscard]] const Entry* find(const RuleKey& key) const;
    /// Whether others have the class of this entry too.
    [[nodiscard]] bool shared(const Entry& entry) const { return users_[entry.filter.minor] > 1; }
    [[nodiscard]] const std::vector<Entry>& strays() const { return strays_; }
    void forget_strays() { strays_.clear(); }
    [[nodiscard]] const std::unordered_map<RuleKey, Entry>& entries() const { return entries_; }
    [[nodiscard]] std::size_t classes() const { return classes_; }
    [[nodiscard]] bool has_class(std::uint16_t minor) const { return there_[minor]; }

    /// A class that nobody has, and a place for the filter. Nothing: there is none left.
    [[nodiscard]] std::optional<Entry> take(const RuleKey& key, std::uint64_t bytes_per_second);
    void set_rate(const RuleKey& key, std::uint64_t bytes_per_second);
    void give_back(const RuleKey& key);

    friend bool operator==(const ClassPool& one, const ClassPool& other);

  private:
    [[nodiscard]] std::optional<std::uint32_t> free_handle(const RuleKey& key);

    std::unordered_map<RuleKey, Entry> entries_;
    std::vector<Entry> strays_;
    std::unordered_set<std::uint32_t> handles_;
    std::vector<std::uint16_t> free_;
    std::vector<std::uint32_t> users_ = std::vector<std::uint32_t>(65'536);
    std::vector<bool> there_ = std::vector<bool>(65'536);
    std::size_t classes_ = 0;
    std::uint32_t next_number_ = 0;
};

}  // namespace garita::tc
