#pragma once
// An agent's own copy of what the hub wants of its host's rules of classes: it stays when the hub is away,
// and its reconciler works from it. The hub numbers its changes; the copy numbers what it takes in anew, for
// its reconciler, and knows which of the hub's numbers each stands for.

#include <cstdint>
#include <functional>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "store/class_book.hpp"
#include "store/device_rules.hpp"

namespace garita::store {

/// How far the copy of one class is, by the hub's numbers.
struct HeldPositions {
    std::string source;       ///< of which store of the hub; empty: of none yet
    LanePositions held;       ///< taken in
    LanePositions confirmed;  ///< and brought to the device, but for what it refused
    enum class Extent { whole, filling } extent = Extent::whole;  ///< filling: a full set is not all here yet
    enum class Work { none, waiting } work = Work::none;          ///< for the reconciler
    /// Whether a full set has ever been here: before, nobody knows what the device should hold.
    enum class Use { not_yet, ready } use = Use::not_yet;
};

struct HeldPage {
    std::string source;
    enum class Place {
        first_of_all,  ///< begins a full set: what does not come with it goes when it is complete
        next,
    } place = Place::next;
    enum class Rest { none, more } rest = Rest::none;
    std::vector<FedRule> rules;
    /// Of these nothing is taken in; why, by place among `rules`. What was wanted before stays wanted.
    std::vector<std::pair<std::size_t, std::string>> unfit;
    LanePositions up_to;
};

/// Of one host. Any thread. What was taken is there when a call returns, also after a kill; after a power cut
/// from flush() on. Before that an older state of the whole may come back, which the hub is told.
class HeldClasses {
  public:
    HeldClasses() = default;
    HeldClasses(const HeldClasses&) = delete;
    HeldClasses& operator=(const HeldClasses&) = delete;
    virtual ~HeldClasses() = default;

    /// Makes the class known. `shape`: what its packed bytes mean; where that has changed, all that is held
    /// is forgotten.
    [[nodiscard]] virtual Result<void> keep(std::string_view rules, std::string_view shape) = 0;
    [[nodiscard]] virtual Result<HeldPositions> positions(std::string_view rules) = 0;
    [[nodiscard]] virtual Result<void> take(std::string_view rules, const HeldPage& page) = 0;
    /// What the device refused, or this host, at most so many; `seq` is the hub's.
    [[nodiscard]] virtual Result<std::vector<RefusedRule>> refusals(std::string_view rules,
                                                                    std::size_t limit) = 0;
    /// Wants nothing any more of rules whose end has come, at most `limit` a call; returns how many.
    [[nodiscard]] virtual Result<std::size_t> expire(Time now, std::size_t limit) = 0;
    [[nodiscard]] virtual Result<std::optional<Time>> next_expiry() = 0;
    [[nodiscard]] virtual Result<void> flush() = 0;

    /// For the reconciler; outlived by this.
    [[nodiscard]] virtual ClassBook& book() = 0;
    /// Called after each progress that the book was told, by its thread. Before anything else runs.
    virtual void on_progress(std::function<void()> heard) = 0;
};

}  // namespace garita::store
