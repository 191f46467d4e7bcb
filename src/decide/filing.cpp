#include "decide/filing.hpp"

#include <algorithm>
#include <map>
#include <optional>
#include <tuple>

namespace garita::decide {
namespace {

constexpr std::size_t full_batch = 500;
constexpr Duration between_batches = std::chrono::milliseconds{5};
constexpr Duration look_again = std::chrono::seconds{5};

/// Alerts about the same thing together, the groups in the order of their first alert.
std::vector<std::vector<const Alert*>> group_by_subject(const std::vector<Alert>& alerts) {
    std::vector<std::vector<const Alert*>> groups;
    std::map<std::tuple<std::string_view, std::string_view, std::string_view>, std::size_t> places;
    for (const auto& alert : alerts) {
        const auto [place, is_new] =
            places.try_emplace({alert.device, alert.kind, alert.subject}, groups.size());
        if (is_new) groups.emplace_back();
        groups[place->second].push_back(&alert);
    }
    return groups;
}

}  // namespace

Filing::Filing(store::Store& store, const DeskOptions& options)
    : store_(store),
      options_(options),
      memory_{RateCaps(), QuestionRoom(options.open_cases)},
      batch_(full_batch) {}

Duration Filing::rest() const {
    return more_ ? Duration::zero() : between_batches;
}

/// Returns how many alerts it took. What it remembers counts even if the write fails in the end: a brake that
/// comes too early does no harm, and the room is counted anew when it is used up.
std::size_t Filing::file_some(store::Transaction& transaction, const std::vector<ProtectedNetwork>& hub,
                              std::size_t limit, Time now) {
    const auto alerts = transaction.unfiled_alerts(limit);
    if (alerts.empty()) return 0;
    const auto around = look_around(transaction, options_, hub);
    Clerk clerk(transaction, options_, around, memory_, now);
    for (const auto& group : group_by_subject(alerts))
        clerk.file(group);
    return alerts.size();
}

Result<void> Filing::file_with_cause(store::Transaction& transaction, Time now) {
    (void)file_some(transaction, hub_networks(options_), full_batch, now);
    return {};
}

Result<Duration> Filing::step(Time now) {
    more_ = false;
    bool waiting = false;
    const auto looked = store_.read([&](store::View& view) -> Result<void> {
        waiting = !view.unfiled_alerts(1).empty();
        return {};
    });
    if (!looked) return tl::unexpected(looked.error());
    if (!waiting) return look_again;

    const auto hub = hub_networks(options_);
    std::size_t filed = 0;
    std::optional<FilingMemory> before;
    const auto written = store_.write([&](store::Transaction& transaction) -> Result<void> {
        if (before)
            memory_ = *before;  // the store had to call again
        else
            before = memory_;
        filed = file_some(transaction, hub, batch_, now);
        return {};
    });
    if (!written) {
        batch_ = std::max<std::size_t>(1, batch_ / 8);
        return tl::unexpected(written.error());
    }
    more_ = filed == batch_;
    batch_ = std::min(full_batch, batch_ * 2);
    return more_ ? Duration::zero() : look_again;
}

}  // namespace garita::decide
