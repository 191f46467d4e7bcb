#include "programs/hub/left_rules.hpp"

#include <algorithm>

namespace garita::programs {
namespace {

constexpr std::string_view memory_key = "rules.kept";
constexpr Duration nothing_to_do = std::chrono::hours{1};

Actor the_hub() {
    return {Actor::Kind::system, "hub", {}, Role::administrator};
}

}  // namespace

Result<void> LeftRules::keep(const std::vector<runtime::DeviceConfig>& devices, Time now) {
    std::string memory;
    const auto read = store_.read([&](store::View& view) -> Result<void> {
        memory = view.value(memory_key).value_or("");
        return {};
    });
    if (!read) return read;
    const std::lock_guard lock(mutex_);
    memory_ = KeptMemory::read(memory, devices, now);
    for (const auto& what : memory_.unreadable)
        log_.warning("what was kept cannot be read any more, and is not removed", {{"what", what}});
    for (const auto& what : memory_.newly_left)
        log_.info("no longer configured: they will be removed", {{"what", what}});
    return remember({}, "", {}, now);
}

Result<void> LeftRules::remember(const std::vector<std::string>& gone, const char* verb, const Actor& by,
                                 Time now) {
    return store_.write([&, memory = memory_.text()](store::Transaction& transaction) -> Result<void> {
        if (transaction.value(memory_key).value_or("") != memory) transaction.set_value(memory_key, memory);
        for (const auto& what : gone)
            (void)transaction.add_audit({0, now, by, verb, what, {}});
        return {};
    });
}

bool LeftRules::erase(const std::string& key) {
    troubles_.erase(key);
    return std::erase_if(memory_.left, [&](const LeftClass& left) { return left.key() == key; }) != 0;
}

Result<void> LeftRules::failed(const LeftClass& tried, const Error& why, Time now) {
    const auto what = tried.what();
    const auto key = tried.key();
    const std::lock_guard lock(mutex_);
    const auto left = std::find_if(memory_.left.begin(), memory_.left.end(),
                                   [&](const LeftClass& one) { return one.key() == key; });
    if (left == memory_.left.end()) return {};
    left->failed(now);
    if (now >= left->since + left_given_up_after) {
        log_.info("not tried any longer", {{"what", what}});
        erase(key);
        return remember({what + " (given up)"}, "rules_removed", the_hub(), now);
    }
    auto trouble = what + " are left behind there, no longer configured: " + why.text;
    if (troubles_[key] != trouble)
        log_.warning("left behind on the device", {{"what", what}, {"why", why.text}});
    troubles_[key] = std::move(trouble);
    return {};
}

/// One at a time: the hub may be asked to stop meanwhile.
Result<Duration> LeftRules::step(Time now) {
    std::optional<LeftClass> due;
    {
        const std::lock_guard lock(mutex_);
        const auto found = next_due(memory_.left, now);
        if (found == memory_.left.end()) {
            Time next = now + nothing_to_do;
            for (const auto& left : memory_.left)
                if (left.next_try > now) next = std::min(next, left.next_try);
            return next - now;
        }
        due = *found;
    }
    const auto what = due->what();
    const auto removed = remove_left(*due, trace_.of(due->device.name));
    if (!removed) {
        if (auto noted = failed(*due, removed.error(), now); !noted) return tl::unexpected(noted.error());
        return Duration::zero();
    }
    log_.info("removed from the device", {{"what", what}});
    const std::lock_guard lock(mutex_);
    if (!erase(due->key())) return Duration::zero();
    if (auto kept = remember({what}, "rules_removed", the_hub(), now); !kept)
        return tl::unexpected(kept.error());
    return Duration::zero();
}

Result<std::vector<std::string>> LeftRules::forget(const std::string& device, const std::string& rules,
                                                   const Actor& by, Time now) {
    const std::lock_guard lock(mutex_);
    std::vector<std::string> gone;
    for (std::size_t i = memory_.left.size(); i-- > 0;) {
        const LeftClass left = memory_.left[i];
        if (left.device.name != device || (!rules.empty() && left.rules().name() != rules)) continue;
        gone.push_back(left.what());
        erase(left.key());
    }
    if (gone.empty())
        return fail(ErrorCode::not_found,
                    "nothing is left behind on device " + device +
                        (rules.empty() ? "" : " of rules " + rules) +
                        ": what is still configured is taken out of the hub's file first");
    if (auto kept = remember(gone, "rules_forgotten", by, now); !kept) return tl::unexpected(kept.error());
    return gone;
}

std::vector<std::string> LeftRules::troubles() const {
    const std::lock_guard lock(mutex_);
    std::vector<std::string> troubles;
    for (const auto& [key, trouble] : troubles_)
        troubles.push_back(trouble);
    return troubles;
}

}  // namespace garita::programs
