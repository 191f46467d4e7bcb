#include "decide/filing.hpp"

#include <algorithm>
#include <map>
#include <tuple>

namespace garita::decide {
namespace {

constexpr std::size_t full_batch = 500;
constexpr std::size_t flood = 8;  ///< alerts that came during one step
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
      memory_{AutoBrake(options.auto_per_minute, options.auto_pause), QuestionRoom(options.open_cases)},
      batch_(full_batch) {}

Duration Filing::rest() const {
    return filed_ >= flood && filed_ < batch_ ? between_batches : Duration::zero();
}

Result<Duration> Filing::step(Time now) {
    filed_ = 0;
    bool waiting = false;
    const auto looked = store_.read([&](store::View& view) -> Result<void> {
        waiting = !view.unfiled_alerts(1).empty();
        return {};
    });
    if (!looked) return tl::unexpected(looked.error());
    if (!waiting) return look_again;

    const auto hub = hub_networks(options_);
    const FilingMemory before = memory_;
    const auto written = store_.write([&](store::Transaction& transaction) -> Result<void> {
        memory_ = before;  // the store may have to call again
        const auto alerts = transaction.unfiled_alerts(batch_);
        filed_ = alerts.size();
        const auto around = look_around(transaction, options_, hub);
        Clerk clerk(transaction, options_, around, memory_, now);
        for (const auto& group : group_by_subject(alerts))
            clerk.file(group);
        return {};
    });
    if (!written) {
        memory_ = before;
        filed_ = 0;
        batch_ = std::max<std::size_t>(1, batch_ / 8);
        return tl::unexpected(written.error());
    }
    const bool more = filed_ == batch_;
    batch_ = std::min(full_batch, batch_ * 2);
    return more ? Duration::zero() : look_again;
}

}  // namespace garita::decide
