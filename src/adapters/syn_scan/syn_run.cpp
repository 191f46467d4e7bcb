#include "adapters/syn_scan/syn_run.hpp"

#include <algorithm>
#include <array>
#include <cerrno>
#include <cstring>
#include <ctime>
#include <poll.h>
#include <utility>

#include <sys/prctl.h>

namespace garita::syn_scan {

using std::chrono::milliseconds;
using std::chrono::seconds;

namespace {

using End = scan::Report::End;

constexpr Duration longest_wait = milliseconds{50};  // until somebody who stops us is heard
constexpr Duration progress_interval = milliseconds{200};
constexpr Duration stuck_too_long = seconds{10};
constexpr unsigned neighbours_a_turn = 64;

/// Where answers have not shown yet that more is welcome. A gateway may have to remember each question.
constexpr double first_rate_near = 100'000;
constexpr double first_rate_far = 20'000;

scan::Asking asking(const Ways& ways, const CookieKey& key) {
    scan::Asking asking;
    asking.key = key[0] ^ (key[1] << 1);
    asking.first_rate = ways.reach == Ways::Reach::near ? first_rate_near : first_rate_far;
    asking.start = scan::Asking::Start::held;
    return asking;
}

/// Of a link: it will not come back by itself. ENOBUFS and the like pass.
bool is_gone(int error) {
    return error == ENETDOWN || error == ENXIO || error == ENODEV;
}

/// Above the ports that the kernel gives to connections; sixteen for each scan that runs at the same time.
std::uint16_t first_port(const CookieKey& key) {
    return static_cast<std::uint16_t>(0xf000 | (key[1] >> 32 & 0xff) << 4);
}

}  // namespace

Time SynRun::now_is() {
    return Time{std::chrono::duration_cast<Duration>(std::chrono::steady_clock::now().time_since_epoch())};
}

SynRun::SynRun(const scan::Job& job, const scan::Listeners& listeners, Ways ways, const CookieKey& key)
    : job_(job),
      listeners_(listeners),
      ways_(std::move(ways)),
      index_(job.targets),
      first_port_(first_port(key)),
      planner_(job, asking(ways_, key), now_is()) {}

Result<void> SynRun::open_rings() {
    rings_.reserve(ways_.links.size());
    for (const auto& link : ways_.links) {
        auto ring = ReceiveRing::open(link, first_port_);
        if (!ring) return tl::unexpected(ring.error());
        rings_.push_back(std::move(*ring));
    }
    return {};
}

Result<SynRun::Outlet> SynRun::open_outlet() const {
    Outlet outlet;
    outlet.batch.resize(Sender::most);
    outlet.added.resize(ways_.links.size());
    for (const auto& link : ways_.links) {
        auto sender = Sender::open(link);
        if (!sender) return tl::unexpected(sender.error());
        outlet.senders.push_back(std::move(*sender));
    }
    return outlet;
}

void SynRun::begin() {
    for (const auto& hindered : ways_.hindered)
        planner_.give_up(hindered.target, hindered.why);
    for (const std::uint32_t target : ways_.at_once)
        planner_.release(target, std::nullopt);
}

Result<scan::Report> SynRun::run(unsigned threads, const std::stop_token& stop) {
    if (const auto opened = open_rings(); !opened) return tl::unexpected(opened.error());
    std::vector<Outlet> outlets;
    for (unsigned i = 0; i < threads; ++i) {
        auto outlet = open_outlet();
        if (!outlet) return tl::unexpected(outlet.error());
        outlets.push_back(std::move(*outlet));
    }
    begin();
    {
        std::vector<std::jthread> others;
        for (std::size_t i = 1; i < outlets.size(); ++i)
            others.emplace_back([this, &outlet = outlets[i], &stop] { work(outlet, stop); });
        work(outlets.front(), stop);
    }
    const Time now = now_is();
    tell_progress(now + progress_interval);
    auto report = planner_.report(planner_.done() ? End::complete : End::stopped, now);
    if (!lost_.empty() && report.end == End::complete) report.end = End::cut_short;
    for (const auto& trouble : lost_)
        report.warnings.push_back("the scan was cut short: " + trouble);
    return report;
}

void SynRun::work(Outlet& outlet, const std::stop_token& stop) {
    prctl(PR_SET_TIMERSLACK, 1000UL, 0UL, 0UL, 0UL);  // a paced scan sleeps for microseconds
    while (!stop.stop_requested()) {
        Turn now_due;
        const Time now = now_is();
        {
            const std::lock_guard guard(lock_);
            if (over_) break;
            now_due = turn(outlet, now);
            if (planner_.done()) {
                over_ = true;
                break;
            }
        }
        if (now_due.count > 0) send(outlet, now_due.count);
        if (now_due.count < outlet.batch.size()) wait(now_due.wake, now_is());
    }
    const std::lock_guard guard(lock_);
    over_ = true;
}

SynRun::Turn SynRun::turn(Outlet& outlet, Time now) {
    take_in(now);
    look_after_neighbours(outlet, now);
    tell_progress(now);
    Turn turn;
    turn.count = planner_.next(outlet.batch, now);
    turn.wake = std::min(planner_.wake(), ways_.neighbours.wake());
    return turn;
}

void SynRun::look_after_neighbours(Outlet& outlet, Time now) {
    if (ways_.neighbours.done()) return;
    for (unsigned i = 0; i < neighbours_a_turn; ++i) {
        const auto key = ways_.neighbours.next(now);
        if (!key) break;
        const Interface& link = ways_.links[key->link];
        const auto own = std::find_if(ways_.paths.begin(), ways_.paths.end(), [&](const Path& path) {
            return path.link == key->link && path.own.family() == key->address.family();
        });
        if (own == ways_.paths.end()) continue;
        Sender& sender = outlet.senders[key->link];
        sender.add(write_neighbour_question(sender.frame(), link.mac, own->own, key->address));
        const auto sent = sender.flush();
        if (is_gone(sent.error)) lose(key->link, sent.error);
        if (sent.error != 0) break;  // asked again later
    }
    for (const auto& silent : ways_.neighbours.silent(now)) {
        const std::string why =
            std::string("does not answer ") + (silent.key.address.is_v4() ? "ARP" : "neighbour discovery");
        for (const std::uint32_t target : silent.targets) {
            const bool itself = job_.targets[target].address == silent.key.address;
            planner_.give_up(target, itself ? why : "its router " + silent.key.address.text() + " " + why);
        }
    }
}

void SynRun::tell_progress(Time now) {
    if (!listeners_.progress || now - progress_told_ < progress_interval) return;
    progress_told_ = now;
    listeners_.progress(planner_.progress(now));
}

void SynRun::send(Outlet& outlet, std::size_t count) {
    for (std::size_t i = 0; i < count; ++i) {
        const scan::Probe& probe = outlet.batch[i];
        const Way& way = ways_.ways[probe.target];
        const Path& path = ways_.paths[way.path];
        const Port own = own_port(probe.attempt);
        Sender& sender = outlet.senders[path.link];
        sender.add(path.syn.write(sender.frame(), way.mac, job_.targets[probe.target].address, way.sum, own,
                                  probe.port, cookie(way.cookie, probe.port, own)));
        outlet.added[path.link].push_back(probe);
    }
    for (std::uint32_t link = 0; link < outlet.senders.size(); ++link)
        if (outlet.senders[link].count() > 0) flush(outlet, link);
}

void SynRun::flush(Outlet& outlet, std::uint32_t link) {
    const auto sent = outlet.senders[link].flush();
    auto& added = outlet.added[link];
    if (sent.error != 0) not_sent(link, std::span(added).subspan(sent.count), sent.error);
    added.clear();
}

void SynRun::not_sent(std::uint32_t link, std::span<const scan::Probe> probes, int error) {
    {
        const std::lock_guard guard(lock_);
        const Time now = now_is();
        planner_.put_back(probes, now);
        // each thread may count a batch as sent that it has not sent yet
        const std::uint64_t gone = planner_.probes_sent();
        if (!stuck_since_ || gone > stuck_at_ + 4 * Sender::most) {
            stuck_since_ = now;
            stuck_at_ = gone;
        }
        const bool passing = error == ENOBUFS || error == EAGAIN || error == ENOMEM;
        if (!passing || now - *stuck_since_ > stuck_too_long) {
            lose(link, error);
            stuck_since_.reset();
        }
    }
    std::this_thread::sleep_for(std::chrono::microseconds{500});
}

void SynRun::lose(std::uint32_t link, int error) {
    auto trouble = trouble_of(ways_.links[link], error);
    for (std::uint32_t target = 0; target < ways_.ways.size(); ++target)
        if (!ways_.paths.empty() && ways_.paths[ways_.ways[target].path].link == link)
            planner_.give_up(target, trouble);
    if (std::find(lost_.begin(), lost_.end(), trouble) == lost_.end()) lost_.push_back(std::move(trouble));
}

void SynRun::wait(Time until, Time now) {
    const Duration left = std::clamp<Duration>(until - now, Duration{0}, longest_wait);
    std::vector<pollfd> waiting;
    waiting.reserve(rings_.size());
    for (const auto& ring : rings_)
        waiting.push_back({ring.fd(), POLLIN, 0});
    const timespec span{0, static_cast<long>(std::chrono::nanoseconds{left}.count())};
    (void)ppoll(waiting.data(), waiting.size(), &span, nullptr);
}

}  // namespace garita::syn_scan
