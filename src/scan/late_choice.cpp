#include "scan/late_choice.hpp"

#include <algorithm>

namespace garita::scan {

namespace {

constexpr std::uint32_t few = 16;
/// More than this share of silence is a firewall's.
constexpr std::uint32_t answers_for_each_silent = 256;
/// A port that is silent at more targets than this for each where it is open is not usually open.
constexpr std::uint64_t silent_for_each_open = 32;
constexpr std::size_t all_ports = 65536;

}  // namespace

LateChoice::LateChoice(std::span<const PortIndex> sets, std::span<const Target> targets)
    : sets_(sets), targets_(targets) {
    counts_.reserve(targets.size());
    for (const Target& target : targets)
        counts_.push_back(counts_of(target.cells));
}

LateChoice::Counts LateChoice::counts_of(std::span<const Cell> cells) {
    Counts counts;
    for (const Cell& cell : cells) {
        const Mark mark = cell.mark();
        counts.silent += mark == Mark::filtered ? 1U : 0U;
        counts.answered += mark == Mark::open || mark == Mark::closed || mark == Mark::forbidden ? 1U : 0U;
    }
    return counts;
}

const std::vector<Port>& LateChoice::ports_of(std::uint32_t set) {
    if (set == ports_set_) return ports_;
    const PortIndex& index = sets_[set];
    ports_.resize(index.size());
    for (std::uint32_t number = 0; number < index.size(); ++number)
        ports_[number] = index.at(number);
    ports_set_ = set;
    return ports_;
}

bool LateChoice::few_silent(std::uint32_t target) const {
    const Counts& counts = counts_[target];
    return counts.answered > 0 && counts.silent <= std::max(few, counts.answered / answers_for_each_silent);
}

/// Somebody is there, or so little was asked that a single listener may have been all of it.
bool LateChoice::may_hide_one(std::uint32_t target) const {
    return counts_[target].answered > 0 || counts_[target].silent <= few;
}

void LateChoice::tally() {
    open_at_.assign(all_ports, 0);
    silent_at_.assign(all_ports, 0);
    for (std::uint32_t target = 0; target < targets_.size(); ++target) {
        const auto& ports = ports_of(targets_[target].set);
        const auto cells = targets_[target].cells;
        const bool counts = may_hide_one(target);
        for (std::size_t number = 0; number < cells.size(); ++number) {
            const Mark mark = cells[number].mark();
            if (mark == Mark::open) open_at_[ports[number]] += 1;
            if (mark == Mark::filtered && counts) silent_at_[ports[number]] += 1;
        }
    }
}

bool LateChoice::usually_open(Port port) const {
    return open_at_[port] > 0 && silent_at_[port] <= silent_for_each_open * open_at_[port];
}

std::vector<LateChoice::Silent> LateChoice::choose(std::size_t most) {
    std::vector<Silent> first;
    std::vector<Silent> others;
    if (std::none_of(counts_.begin(), counts_.end(), [](const Counts& c) { return c.silent > 0; }))
        return first;
    tally();
    for (std::uint32_t target = 0; target < targets_.size(); ++target) {
        if (counts_[target].silent == 0 || !may_hide_one(target)) continue;
        const bool all = few_silent(target);
        const auto& ports = ports_of(targets_[target].set);
        const auto cells = targets_[target].cells;
        std::uint32_t before = 0;
        for (std::uint32_t number = 0; number < cells.size(); ++number)
            if (cells[number].mark() == Mark::filtered && (all || usually_open(ports[number])))
                (all ? first : others).push_back({target, number, before++});
    }
    first.insert(first.end(), others.begin(), others.end());
    if (first.size() > most) first.resize(most);
    return first;
}

}  // namespace garita::scan
