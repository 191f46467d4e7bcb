#include "adapters/mail/courier.hpp"

#include <algorithm>
#include <utility>

#include "runtime/outbox/back_off.hpp"

namespace garita::mail {

namespace {

using namespace std::chrono_literals;
using Kind = Delivery::Kind;

constexpr Duration first_wait = 60s;
constexpr Duration first_wait_for_server = 5s;
constexpr Duration longest_wait = 1h;
constexpr Duration longest_wait_for_server = 5min;
/// A wrong password that is tried too often may lock the account.
constexpr Duration wait_after_login = 10min;

}  // namespace

bool Courier::is_free(const std::string& to, Time now) const {
    const auto lane = lanes_.find(to);
    return lane == lanes_.end() || (!lane->second.busy && lane->second.paused_until <= now);
}

Time Courier::last_begun(const std::string& to) const {
    const auto lane = lanes_.find(to);
    return lane == lanes_.end() ? Time{} : lane->second.last_begun;
}

std::uint64_t Courier::send(Writer writer, const Letter& letter) {
    auto& lane = lanes_[letter.to];
    lane.busy = true;
    lane.last_begun = letter.date;
    under_way_[++last_ticket_] = {writer, letter.to};
    post_.send({last_ticket_, letter.to, to_mime(letter)});
    return last_ticket_;
}

std::vector<Delivery> Courier::take_finished(Writer writer) {
    for (auto& delivery : post_.take_finished()) {
        const auto letter = under_way_.extract(delivery.ticket);
        if (letter.empty()) continue;
        lanes_[letter.mapped().to].busy = false;
        finished_[letter.mapped().writer].push_back(std::move(delivery));
    }
    return std::exchange(finished_[writer], {});
}

bool Courier::has_finished() const {
    return std::any_of(finished_.begin(), finished_.end(),
                       [](const auto& one) { return !one.second.empty(); });
}

void Courier::taken(const std::string& to, Time now) {
    failures_in_a_row_ = 0;
    lanes_[to].failures = 0;
    health_.sent(now);
    health_.well("server");
    health_.well(to);
}

void Courier::refused(const std::string& to, const std::string& why) {
    failures_in_a_row_ = 0;  // the server spoke
    report(to, "gets no letters: " + why);
}

Time Courier::not_taken(const std::string& to, const Delivery& delivery, Time now) {
    const std::uint64_t seed = static_cast<std::uint64_t>(to_micros(now)) ^ delivery.ticket;
    if (delivery.kind == Kind::later) {
        auto& lane = lanes_[to];
        const auto wait = runtime::back_off(first_wait, lane.failures++, longest_wait);
        lane.paused_until = now + runtime::spread(wait, seed);
        if (lane.failures > 1) report(to, "letters wait: " + delivery.text);
        return lane.paused_until;
    }
    report("server", delivery.text);
    // those that failed together are one failure
    if (paused_until_ <= now) {
        const auto wait =
            delivery.kind == Kind::login_refused
                ? wait_after_login
                : runtime::back_off(first_wait_for_server, failures_in_a_row_, longest_wait_for_server);
        paused_until_ = now + runtime::spread(wait, seed);
        ++failures_in_a_row_;
    }
    return paused_until_;
}

void Courier::report(const std::string& about, const std::string& text) {
    if (health_.trouble(about, text)) log_.error("mail needs attention", {{"about", about}, {"what", text}});
}

}  // namespace garita::mail
