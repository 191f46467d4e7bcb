#include "adapters/nftables/element_writer.hpp"

#include <algorithm>
#include <cerrno>
#include <cstring>
#include <utility>

namespace garita::nftables {
namespace {

constexpr std::size_t elements_per_message = 1000;
// So many surprises are no race with an element's end any more: somebody has emptied or filled our sets.
constexpr std::size_t surprises_before_resync = 8;
// The kernel counts an element's time from when it takes it in. On a machine that stands still between our
// reckoning and that, the ends would be late: then they are set anew.
constexpr std::chrono::milliseconds tolerated_delay{400};
constexpr std::size_t quickly_repeated = 10'000;
constexpr int repeats_for_delay = 3;

std::string describe(int error, const std::string& text) {
    std::string description = std::strerror(error);
    if (!text.empty()) description += " (" + text + ")";
    return description;
}

std::chrono::milliseconds timeout_of(const Wanted& wanted, Time now) {
    if (wanted.until == never) return std::chrono::milliseconds(0);
    const auto left = std::chrono::ceil<std::chrono::milliseconds>(wanted.until - now);
    return std::max(left, std::chrono::milliseconds(1));
}

}  // namespace

tl::unexpected<Error> refused_as_whole(const std::string& table, const Refusal& refusal) {
    const std::string what = "nftables refused the transaction for table inet " + table + ": ";
    if (refusal.part == Refusal::Part::structure && refusal.error == ENOENT)
        return fail(ErrorCode::conflict, what + "the table or one of its sets was removed by somebody else",
                    Retry::later);
    if (refusal.part == Refusal::Part::structure)
        return fail(ErrorCode::conflict, what + describe(refusal.error, refusal.text) +
                                             "; the table holds something that Garita did not make: remove "
                                             "it with 'nft delete table inet " +
                                             table + "' or set another table name");
    const bool denied = refusal.error == EPERM || refusal.error == EACCES;
    if (denied) return fail(ErrorCode::forbidden, what + "it needs CAP_NET_ADMIN");
    return fail(ErrorCode::unavailable, what + describe(refusal.error, refusal.text), Retry::later);
}

ElementWriter::Plan ElementWriter::plan(const std::vector<Wanted>& pending, Time now) const {
    Plan plan;
    plan.ops.reserve(pending.size() * 2);
    for (std::size_t i = 0; i < pending.size(); ++i) {
        if (!shadow_.holds(pending[i].network, now)) continue;
        plan.ops.push_back({pending[i].network, enforce::BlockChange::remove, {}});
        plan.source.push_back(i);
    }
    plan.deletions = plan.ops.size();
    for (std::size_t i = 0; i < pending.size(); ++i) {
        if (pending[i].change != enforce::BlockChange::add) continue;
        plan.ops.push_back({pending[i].network, enforce::BlockChange::add, timeout_of(pending[i], now)});
        plan.source.push_back(i);
    }
    return plan;
}

void ElementWriter::drop(std::size_t wish, const std::vector<Wanted>& pending, Error error, Review& review,
                         WriteOutcome& outcome) const {
    if (review.dropped[wish]) return;
    review.dropped[wish] = true;
    outcome.failed.push_back({pending[wish].network, pending[wish].change, std::move(error)});
}

void ElementWriter::review_deletion(const Refusal& refusal, const Plan& plan,
                                    const std::vector<Wanted>& pending, Review& review,
                                    WriteOutcome& outcome) {
    const std::size_t wish = plan.source[*refusal.op];
    const auto& network = pending[wish].network;
    if (refusal.error == ENOENT) {
        shadow_.erase(network);
        ++review.surprises;
        return;
    }
    drop(wish, pending,
         {ErrorCode::invalid,
          "nftables does not give up " + network.text() + ": " + describe(refusal.error, refusal.text)},
         review, outcome);
}

void ElementWriter::review_addition(const Refusal& refusal, const Plan& plan,
                                    const std::vector<Wanted>& pending, Review& review,
                                    WriteOutcome& outcome) {
    const std::size_t wish = plan.source[*refusal.op];
    const auto& network = pending[wish].network;
    if (refusal.error == EEXIST && !shadow_.holds(network, Time::min())) {
        shadow_.set(network, never);  // it will be deleted first in the next attempt
        ++review.surprises;
        return;
    }
    if (refusal.error != ENFILE) {
        drop(wish, pending,
             {ErrorCode::invalid,
              "nftables refuses " + network.text() + ": " + describe(refusal.error, refusal.text)},
             review, outcome);
        return;
    }
    const Layer full = Layer::of(network);
    for (std::size_t op = *refusal.op; op < plan.ops.size(); ++op) {
        if (Layer::of(plan.ops[op].network) != full) continue;
        drop(plan.source[op], pending,
             {ErrorCode::full,
              "set " + set_name(full) + " has no room for " + plan.ops[op].network.text() +
                  ": raise its capacity, or let blocks end",
              Retry::later},
             review, outcome);
    }
}

Result<ElementWriter::Review> ElementWriter::review(const std::vector<Refusal>& refusals, const Plan& plan,
                                                    const std::vector<Wanted>& pending,
                                                    WriteOutcome& outcome) {
    Review review;
    review.dropped.resize(pending.size());
    bool deletion_refused = false;
    for (const auto& refusal : refusals) {
        if (refusal.part != Refusal::Part::elements) return refused_as_whole(table_, refusal);
        if (!refusal.op) review.place = Review::Place::unknown;
        if (refusal.op && *refusal.op < plan.deletions) deletion_refused = true;
    }
    if (review.place == Review::Place::unknown) return review;
    for (const auto& refusal : refusals) {
        if (*refusal.op < plan.deletions)
            review_deletion(refusal, plan, pending, review, outcome);
        else if (!deletion_refused)
            // Behind a refused deletion other deletions were left out too, so "exists" would not mean
            // anything.
            review_addition(refusal, plan, pending, review, outcome);
    }
    return review;
}

void ElementWriter::remember(const std::vector<Wanted>& pending, Time now, WriteOutcome& outcome) {
    for (const auto& wanted : pending) {
        if (wanted.change == enforce::BlockChange::remove) {
            shadow_.erase(wanted.network);
            continue;
        }
        if (!shadow_.holds(wanted.network, now)) outcome.fresh.push_back(wanted.network);
        shadow_.set(wanted.network, wanted.until);
    }
}

Result<void> ElementWriter::write(std::vector<Wanted> pending, const Moment& moment, const Preamble& preamble,
                                  WriteOutcome& outcome) {
    std::size_t per_message = elements_per_message;
    std::size_t surprises = 0;
    int delays = 0;
    const std::size_t attempts = pending.size() * 2 + 16;
    for (std::size_t attempt = 0; attempt < attempts; ++attempt) {
        const Time now = moment.now();
        const Plan attempt_plan = plan(pending, now);
        NftBatch batch = kernel_.begin(table_);
        if (delays == 0) preamble(batch);  // what it makes is there once a transaction was accepted
        batch.change_elements(attempt_plan.ops, per_message);
        if (batch.empty()) return {};
        auto refusals = kernel_.commit(batch);
        if (!refusals) return tl::unexpected(refusals.error());
        if (refusals->empty()) {
            ++outcome.transactions;
            remember(pending, now, outcome);
            const bool late = moment.now() - now > tolerated_delay && pending.size() <= quickly_repeated;
            if (!late || ++delays > repeats_for_delay) return {};
            continue;
        }
        auto verdict = review(*refusals, attempt_plan, pending, outcome);
        if (!verdict) return tl::unexpected(verdict.error());
        if (verdict->place == Review::Place::unknown) {
            per_message = 1;  // then each element has an answer of its own
            continue;
        }
        surprises += verdict->surprises;
        if (surprises > surprises_before_resync) {
            surprises = 0;
            if (auto read = resync_(); !read) return tl::unexpected(read.error());
        }
        std::vector<Wanted> left;
        for (std::size_t i = 0; i < pending.size(); ++i)
            if (!verdict->dropped[i]) left.push_back(pending[i]);
        pending = std::move(left);
    }
    return fail(
        ErrorCode::unavailable,
        "nftables refused every attempt to change table inet " + table_ + ": somebody else keeps changing it",
        Retry::later);
}

}  // namespace garita::nftables
