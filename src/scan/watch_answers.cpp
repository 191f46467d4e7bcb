// What people have answered, carried out by the watch; and what it forgets.

#include "scan/watch.hpp"

namespace garita::scan {
namespace {

constexpr Duration between_prunings = std::chrono::hours{1};
constexpr std::size_t pruned_at_once = 1000;

}  // namespace

/// True: there were some.
Result<bool> PortWatch::take_answers(Time now) {
    std::vector<const HostPorts*> told;
    for (const auto& [host, row] : rows_)
        if (row.told || row.told_unknown) told.push_back(&row);
    if (told.empty()) return false;
    std::vector<PortAnswer> answers;
    const auto read = ground_.store.read([&](store::View& view) -> Result<void> {
        answers = new_answers(view, told);
        return {};
    });
    if (!read) return tl::unexpected(read.error());
    for (const auto& answer : answers)
        if (const auto taken = take(answer, now); !taken) return tl::unexpected(taken.error());
    return !answers.empty();
}

Neighbours PortWatch::neighbours_of(const Subject& subject, const HostPorts& row) const {
    if (subject.network.empty()) return Neighbours::none;
    std::size_t known_ones = 0;
    for (const auto& other : specification_.subjects()) {
        if (other.network != subject.network) continue;
        const auto* known = find_row(other.host);
        if (known == nullptr) continue;
        ++known_ones;
        if (known->drift != row.drift || !known->accepted.empty()) return Neighbours::otherwise;
    }
    return known_ones > 1 ? Neighbours::alike : Neighbours::otherwise;  // one alone is no rule
}

Result<void> PortWatch::take(const PortAnswer& answer, Time now) {
    const Subject common{answer.host, std::nullopt, std::make_shared<const WantedPorts>(), {}};
    const auto* subject = specification_.find(answer.host);
    if (subject == nullptr) subject = &common;  // many hosts at once
    const auto& row = rows_.at(answer.host);
    const auto wanted = effective(*subject, &row);
    std::optional<Acceptance> acceptance;
    if (answer.about.decision->response == Response::accept && answer.about.kind == drift_kind)
        acceptance = accept(row, *subject, wanted, neighbours_of(*subject, row), ground_.editor);
    HostPorts after;
    const auto written = ground_.store.write([&](store::Transaction& transaction) -> Result<void> {
        after = row;
        std::vector<PortEvent> events;
        take_answer(transaction, after, answer, acceptance ? &*acceptance : nullptr, *subject, options_, now,
                    events);
        ground_.book.put(transaction, after);
        for (const auto& event : events)
            ground_.book.add(transaction, event);
        return {};
    });
    if (!written) return written;
    rows_.insert_or_assign(answer.host, after);
    if (acceptance && !acceptance->place.empty()) {
        const std::lock_guard lock(mutex_);
        specification_.replace(*subject, wanted.with(acceptance->difference));
    }
    return {};
}

Result<void> PortWatch::prune(Time now) {
    if (now < pruned_at_ + between_prunings && now >= pruned_at_) return {};
    std::size_t gone = pruned_at_once;
    while (gone == pruned_at_once) {
        const auto written = ground_.store.write([&](store::Transaction& transaction) -> Result<void> {
            gone = ground_.book.prune(transaction, now - options_.keep_history, pruned_at_once);
            return {};
        });
        if (!written) return written;
    }
    pruned_at_ = now;
    return {};
}

}  // namespace garita::scan
