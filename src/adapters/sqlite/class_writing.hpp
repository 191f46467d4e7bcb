#pragma once
// Writing rules of classes within one transaction: each change gets its number, and what it ends goes into
// the history.

#include <map>
#include <string>

#include "adapters/sqlite/connection.hpp"
#include "store/device_rules.hpp"

namespace garita::sqlite {

class ClassWriting {
  public:
    /// One row of class_changes, which all that is written here belongs to.
    struct Origin {
        Time now{};
        std::string author;
        std::string comment;
        std::string what;
        store::Lane lane = store::Lane::quick;
        std::optional<Time> expires_at;  ///< of what is wanted
    };
    ClassWriting(Connection& db, Origin origin);

    /// A class on a device, made known where it is new.
    class Place;
    [[nodiscard]] Place& place(const store::RuleTarget& target);

    enum class Effect { none, changed };
    Effect write(Place& place, const RuleKey& key, const std::optional<RuleValue>& want);

    /// Writes what was only counted so far. To be called once, at the end.
    void finish();
    [[nodiscard]] std::int64_t changed() const { return changed_; }
    /// Names of the devices with a change.
    [[nodiscard]] std::vector<std::string> touched() const;

    struct Device {
        std::int64_t id = 0;
        std::int64_t last_seq = 0;
        bool touched = false;
    };
    class Place {
      public:
        Device* device = nullptr;
        std::int64_t rules = 0;  ///< the class's number
        std::int64_t quick = 0;  ///< positions of the lanes
        std::int64_t bulk = 0;
        std::int64_t more_wanted = 0;  ///< than before this transaction
        bool some_refused = false;
    };

  private:
    struct Stored {
        std::optional<RuleValue> want, have;
        std::int64_t seq = 0;
        std::int64_t lane = 0;
        Time at{};
        std::int64_t change = 0;
        std::optional<Time> expires_at;
    };
    [[nodiscard]] Device& device(const std::string& name);
    [[nodiscard]] bool insert(Place& place, const RuleKey& key, const RuleValue& want);
    [[nodiscard]] std::optional<Stored> find(const Place& place, const RuleKey& key);
    void replace(Place& place, const RuleKey& key, const Stored& stored,
                 const std::optional<RuleValue>& want);
    [[nodiscard]] std::optional<RuleValue> current(const Place& place, const RuleKey& key,
                                                   const Stored& stored);
    Effect count(Place& place);

    Connection& db_;
    Origin origin_;
    std::int64_t change_ = 0;
    std::int64_t changed_ = 0;
    std::map<std::string, Device> devices_;
    std::map<store::RuleTarget, Place> places_;
};

}  // namespace garita::sqlite
