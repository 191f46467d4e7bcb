// After everything is judged: a last look at ports that were silent where an answer was to be expected.
#include <algorithm>

#include "scan/late_choice.hpp"
#include "scan/permutation.hpp"
#include "scan/plan.hpp"

namespace garita::scan {

using std::chrono::milliseconds;

namespace {

constexpr std::size_t always_borne = 4096;      ///< late questions, however small the job is
constexpr std::uint64_t probes_for_each = 256;  ///< of a large job, one more
constexpr Duration least_wait = milliseconds{250};
constexpr Duration most_wait = milliseconds{900};  ///< a system repeats its own questions after a second
constexpr Duration usual_host_gap = milliseconds{2};
constexpr Duration limiting_host_gap = milliseconds{50};

}  // namespace

std::vector<LateChoice::Target> Planner::Plan::judged_board() const {
    std::vector<LateChoice::Target> board;
    board.reserve(entries_.size());
    for (const Entry& entry : entries_)
        board.push_back({entry.set, entry.given_up ? std::span<const Cell>() : cells(entry)});
    return board;
}

LateRounds::Question Planner::Plan::late_question(const LateChoice::Silent& silent) const {
    const Entry& entry = entries_[silent.target];
    const double bound = job_.limits.probes_per_second_of_host;
    Duration gap = entry.limiting ? limiting_host_gap : usual_host_gap;
    if (bound > 0) gap = std::max(gap, Duration{static_cast<Duration::rep>(1e6 / bound) + 1});
    LateRounds::Question question;
    question.target = silent.target;
    question.port = sets_[entry.set].at(silent.number);
    question.attempts = static_cast<std::uint8_t>(cells(entry)[silent.number].tries());
    question.after = gap * silent.before;
    question.until = entry.deadline;
    return question;
}

void Planner::Plan::begin_late() {
    // who says how often a port may be asked means it; and UDP is silent by nature
    if (job_.limits.tries > 0 || job_.transport != Transport::tcp || answers_ == 0) return;
    const auto board = judged_board();
    const auto most = std::max<std::size_t>(always_borne, total_ / probes_for_each);
    auto chosen = LateChoice(sets_, board).choose(most);
    if (chosen.empty()) return;
    // so that neither a host nor a port has its questions together
    const Permutation order(static_cast<std::uint32_t>(chosen.size()), asking_.key);
    std::vector<LateRounds::Question> questions;
    questions.reserve(chosen.size());
    for (std::uint32_t i = 0; i < chosen.size(); ++i)
        questions.push_back(late_question(chosen[order.at(i)]));
    const Duration usual = 2 * round_trip_.patience().value_or(most_wait);
    const Duration wait = job_.limits.patience.value_or(std::clamp(usual, least_wait, most_wait));
    late_.begin(questions, wait, now_);
}

std::size_t Planner::Plan::next_late(std::span<Probe> out) {
    late_.tick(now_);
    const auto expired = late_.take_expired();
    if (asking_.expiry == Asking::Expiry::tell)
        expired_.insert(expired_.end(), expired.begin(), expired.end());
    in_flight_ = late_.under_way();
    const std::size_t room = most_in_flight_ > in_flight_ ? most_in_flight_ - in_flight_ : 0;
    const std::size_t bounded = std::min(out.size(), room);
    const std::size_t allowed = late_.wake() > now_ ? 0 : pace_.available(bounded, now_);
    std::size_t count = 0;
    while (count < allowed) {
        const auto probe = late_.next(now_);
        if (!probe) break;
        out[count++] = *probe;
    }
    in_flight_ = late_.under_way();
    const bool more = late_.wake() <= now_;
    waiting_ = !more ? Waiting::targets : bounded == 0 ? Waiting::window : Waiting::pace;
    pace_.sent(count);
    sent_ += count;
    return count;
}

void Planner::Plan::take_late(std::uint32_t target, Port port, Time at) {
    if (!late_.active()) return;
    const auto asked = late_.answered(target, port);
    in_flight_ = late_.under_way();
    Entry& entry = entries_[target];
    if (asked && !entry.round_trip) entry.round_trip = std::max<Duration>(at - *asked, Duration{1});
}

}  // namespace garita::scan
