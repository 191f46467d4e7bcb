#include "access/reception.hpp"

#include <algorithm>
#include <charconv>
#include <set>

namespace garita::access {

namespace {

constexpr std::string_view reading_key = "access.reading";
/// All that is listed at a time: a mailbox that cannot mark lists what was taken long ago, too.
constexpr std::size_t most_listed = 100'000;
constexpr int most_begun = 3;
constexpr int most_fetches = 10;
constexpr int most_failures_in_a_row = 3;
constexpr Duration first_pause = std::chrono::minutes{1};
constexpr std::size_t most_finished = 500;  ///< in one call

}  // namespace

std::string Reception::key_of(const Waiting& letter) const {
    return settings_.mailbox + ' ' + letter.uid;
}

Result<Duration> Reception::step(Time now) {
    const auto waiting = mailbox_.list(most_listed);
    if (!waiting) return tl::unexpected(waiting.error());
    const auto taken = take_all(*waiting, now);
    if (!taken) return tl::unexpected(taken.error());
    const auto next = desk_.tell_counted(now);
    if (!next) return tl::unexpected(next.error());
    if (*taken > 0) return Duration::zero();
    auto longest = settings_.every;
    for (const auto& [uid, postponed] : postponed_)
        longest = std::min(longest, postponed.next_try - now);
    if (*next) longest = std::min(longest, **next - now);
    longest = std::max(longest, Duration{std::chrono::seconds{1}});
    const auto waited = mailbox_.wait(std::chrono::ceil<std::chrono::milliseconds>(longest));
    if (!waited) return tl::unexpected(waited.error());
    return Duration::zero();
}

Result<std::size_t> Reception::take_all(const std::vector<Waiting>& waiting, Time now) {
    const auto before = taken_before(waiting);
    if (!before) return tl::unexpected(before.error());
    std::vector<std::string> finished(before->begin(), before->end());
    std::size_t taken = 0;
    std::optional<Error> trouble;
    int failures_in_a_row = 0;
    for (const auto& letter : waiting) {
        if (before->contains(letter.uid)) continue;
        const auto outcome = take(letter, now);
        if (!outcome) {
            // perhaps it is this letter alone, perhaps all: the next ones will show
            postpone(letter.uid, now);
            trouble = outcome.error();
            if (++failures_in_a_row >= most_failures_in_a_row) break;
            continue;
        }
        if (*outcome == Outcome::postponed) continue;
        failures_in_a_row = 0;
        if (*outcome != Outcome::finished) continue;
        finished.push_back(letter.uid);
        ++taken;
    }
    if (const auto done = finish(finished); !done) return tl::unexpected(done.error());
    if (trouble) return tl::unexpected(*trouble);
    return taken;
}

Result<void> Reception::finish(const std::vector<std::string>& uids) {
    for (std::size_t first = 0; first < uids.size(); first += most_finished) {
        const auto last = std::min(first + most_finished, uids.size());
        const auto done = mailbox_.finish({uids.begin() + static_cast<std::ptrdiff_t>(first),
                                           uids.begin() + static_cast<std::ptrdiff_t>(last)});
        if (!done) return done;
    }
    return {};
}

Result<std::set<std::string>> Reception::taken_before(const std::vector<Waiting>& waiting) {
    std::set<std::string> taken;
    std::set<std::string, std::less<>> listed;
    const auto looked = store_.read([&](store::View& view) -> Result<void> {
        taken.clear();
        for (const auto& letter : waiting) {
            listed.insert(letter.uid);
            if (book_.is_used_up(view, "letter", key_of(letter))) taken.insert(letter.uid);
        }
        return {};
    });
    if (!looked) return tl::unexpected(looked.error());
    std::erase_if(postponed_, [&](const auto& one) { return !listed.contains(one.first); });
    return taken;
}

Result<Reception::Outcome> Reception::take(const Waiting& letter, Time now) {
    if (const auto held = postponed_.find(letter.uid);
        held != postponed_.end() && held->second.next_try > now)
        return Outcome::postponed;
    const auto set_aside = [&](NoticeKind kind, const std::string& why) -> Result<Outcome> {
        const auto done = desk_.set_aside(key_of(letter), kind, why, now);
        if (!done) return tl::unexpected(done.error());
        return Outcome::finished;
    };
    if (letter.size > settings_.longest)
        return set_aside(NoticeKind::huge, std::to_string(letter.size) + " bytes");
    const auto raw = mailbox_.fetch(letter.uid, settings_.longest);
    if (!raw) {
        if (raw.error().code == ErrorCode::full) return set_aside(NoticeKind::huge, raw.error().text);
        return not_fetched(letter, raw.error(), now);
    }
    const auto begun = begin_reading(key_of(letter));
    if (!begun) return tl::unexpected(begun.error());
    if (*begun >= most_begun)
        return set_aside(NoticeKind::stuck,
                         "reading it has ended the program " + std::to_string(*begun) + " times");
    return read_fetched(letter, *raw, now);
}

Result<Reception::Outcome> Reception::read_fetched(const Waiting& letter, std::string_view raw, Time now) {
    const auto held = postponed_.find(letter.uid);
    const auto first_seen = held == postponed_.end() ? now : held->second.first_seen;
    const auto taken = desk_.take({key_of(letter), raw, first_seen}, now);
    if (taken && *taken == LetterDesk::Taken::done) {
        postponed_.erase(letter.uid);
        return Outcome::finished;
    }
    if (const auto ended = end_reading(); taken && !ended) return tl::unexpected(ended.error());
    if (!taken) return tl::unexpected(taken.error());
    postpone(letter.uid, now);
    return Outcome::stays;
}

/// One that went away is none of ours. One that cannot be had at all is set aside in the end.
Result<Reception::Outcome> Reception::not_fetched(const Waiting& letter, const Error& error, Time now) {
    if (error.code == ErrorCode::not_found) return Outcome::stays;
    postpone(letter.uid, now);
    auto& held = postponed_.at(letter.uid);
    if (error.code == ErrorCode::forbidden || ++held.fetches_failed < most_fetches)
        return tl::unexpected(error);
    const auto done = desk_.set_aside(key_of(letter), NoticeKind::stuck, error.text, now);
    if (!done) return tl::unexpected(done.error());
    postponed_.erase(letter.uid);
    return Outcome::finished;
}

void Reception::postpone(const std::string& uid, Time now) {
    const auto [held, is_new] = postponed_.try_emplace(uid, Postponed{now, now, 0});
    // the older, the seldomer
    held->second.next_try = now + std::max(first_pause, (now - held->second.first_seen) / 4);
}

Result<int> Reception::begin_reading(const std::string& key) {
    int begun = 0;
    const auto written = store_.write([&](store::Transaction& transaction) -> Result<void> {
        begun = 0;
        const auto noted = transaction.value(reading_key).value_or("");
        const auto blank = noted.find(' ');
        if (blank != std::string::npos && noted.substr(blank + 1) == key)
            (void)std::from_chars(noted.data(), noted.data() + blank, begun);
        transaction.set_value(reading_key, std::to_string(begun + 1) + ' ' + key);
        return {};
    });
    if (!written) return tl::unexpected(written.error());
    return begun;
}

Result<void> Reception::end_reading() {
    return store_.write([&](store::Transaction& transaction) -> Result<void> {
        transaction.set_value(reading_key, "");
        return {};
    });
}

}  // namespace garita::access
