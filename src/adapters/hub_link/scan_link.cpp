#include "adapters/hub_link/scan_link.hpp"

#include <algorithm>
#include <iterator>

#include "adapters/hub_link/signed_answer.hpp"

namespace garita::hub_link {
namespace {

/// Short, so that the hub knows soon who is away.
constexpr std::chrono::milliseconds usual_wait{10'000};
/// While something runs: how often it is told how far it is.
constexpr std::chrono::milliseconds between_reports{300};
constexpr std::chrono::milliseconds for_answer{15'000};
constexpr std::chrono::milliseconds for_answer_in_work{8'000};
/// Who has not heard of the hub for so long works for nobody.
constexpr std::chrono::seconds orphaned_after{20};
/// An order that took longer to come is not begun.
constexpr Duration longest_way = std::chrono::seconds(10);
constexpr std::chrono::milliseconds pause_in_work{500};
/// The hub gives an order again only until it hears that it is known.
constexpr std::size_t most_remembered = 1000;

}  // namespace

ScanLink::ScanLink(const std::string& hub, AgentIdentity& identity, ScanCrew& crew)
    : crew_(crew),
      line_(hub, identity, [this](const Error& why) { crew_.orders_refused(why.text); }),
      instance_(make_nonce()) {}

void ScanLink::progress(const std::string& id, const scan::Progress& progress) {
    const std::lock_guard lock(mutex_);
    for (auto& one : running_)
        if (one.id == id) one.progress = progress;
}

void ScanLink::found(const std::string& id, scan::FoundOpen open) {
    const std::lock_guard lock(mutex_);
    for (auto& one : running_)
        if (one.id == id && one.open.size() < most_told_open) one.open.push_back(open);
}

void ScanLink::answer(ScanAnswer answer) {
    const std::lock_guard lock(mutex_);
    std::erase_if(running_, [&](const auto& one) { return one.id == answer.id; });
    if (answers_.size() >= most_scan_orders) answers_.erase(answers_.begin());
    answers_.push_back(std::move(answer));
    if (waiting_) line_.cancel();
}

void ScanLink::stop() {
    const std::lock_guard lock(mutex_);
    stopped_ = true;
    line_.cancel();
}

ScansRequest ScanLink::compose() {
    ScansRequest request;
    request.instance = instance_;
    request.running = running_;
    request.answers = answers_;
    request.wait = !answers_.empty()  ? std::chrono::milliseconds{0}
                   : running_.empty() ? usual_wait
                                      : between_reports;
    return request;
}

Result<Duration> ScanLink::step(Time) {
    ScansRequest request;
    {
        const std::lock_guard lock(mutex_);
        if (stopped_) return Duration(std::chrono::hours(1));
        line_.resume();
        request = compose();
        waiting_ = request.wait.count() > 0;
    }
    const auto asked = Clock::now();
    const auto patience = request.running.empty() ? for_answer : for_answer_in_work;
    const auto answer = line_.call(scans_path, "scans", encode(request), request.wait + patience);
    bool cut_short = false;
    {
        const std::lock_guard lock(mutex_);
        waiting_ = false;
        if (stopped_) return Duration(std::chrono::hours(1));
        cut_short = request.answers.empty() && !answers_.empty();
    }
    if (!answer && cut_short) return Duration::zero();
    if (!answer) return without_answer(answer.error());
    const auto reply = decode_scans_reply(answer->body);
    if (!reply) return without_answer(reply.error());
    take(request, *reply, asked);
    return Duration::zero();
}

/// While something runs the hub is asked often, and what runs without it ends.
Result<Duration> ScanLink::without_answer(const Error& error) {
    std::vector<std::string> orphans;
    {
        const std::lock_guard lock(mutex_);
        if (running_.empty()) return tl::unexpected(error);
        if (Clock::now() - heard_ > orphaned_after)
            for (const auto& one : running_)
                orphans.push_back(one.id);
    }
    for (const auto& id : orphans)
        crew_.stop(id);
    return Duration(pause_in_work);
}

void ScanLink::take(const ScansRequest& request, const ScansReply& reply, Clock::time_point asked) {
    std::vector<std::string> unwanted;
    {
        const std::lock_guard lock(mutex_);
        heard_ = Clock::now();
        std::erase_if(answers_, [&](const ScanAnswer& one) {
            return std::find(reply.answered.begin(), reply.answered.end(), one.id) != reply.answered.end();
        });
        for (const auto& told : request.running) {
            const auto at = std::find_if(running_.begin(), running_.end(),
                                         [&](const auto& one) { return one.id == told.id; });
            if (at == running_.end()) continue;
            at->open.erase(at->open.begin(), at->open.begin() + static_cast<std::ptrdiff_t>(std::min(
                                                                    told.open.size(), at->open.size())));
            if (std::find(reply.wanted.begin(), reply.wanted.end(), told.id) == reply.wanted.end())
                unwanted.push_back(told.id);
        }
    }
    for (const auto& id : unwanted)
        crew_.stop(id);
    const auto way = std::chrono::duration_cast<Duration>(Clock::now() - asked) - reply.held;
    for (const auto& order : reply.orders)
        begin(order, way);
}

/// At most once, and not when it is old: whoever held it back may not choose the moment.
void ScanLink::begin(const ScanOrder& order, Duration age) {
    {
        const std::lock_guard lock(mutex_);
        if (std::find(begun_.begin(), begun_.end(), order.id) != begun_.end()) return;
        begun_.push_back(order.id);
        if (begun_.size() > most_remembered) begun_.pop_front();
        if (age > longest_way) {
            answers_.push_back(
                {order.id, fail(ErrorCode::unavailable, "the order came too late to be begun: ask again",
                                Retry::later)});
            return;
        }
        running_.push_back({order.id, {}, {}});
    }
    crew_.begin(order);
}

}  // namespace garita::hub_link
