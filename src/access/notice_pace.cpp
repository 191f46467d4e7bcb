#include "access/notice_pace.hpp"

#include <algorithm>
#include <array>
#include <charconv>
#include <vector>

namespace garita::access {

namespace {

constexpr std::string_view others = "*";

std::string_view take_word(std::string_view& text) {
    const auto end = std::min(text.find(' '), text.size());
    const auto word = text.substr(0, end);
    text.remove_prefix(std::min(end + 1, text.size()));
    return word;
}

std::optional<std::int64_t> number(std::string_view word) {
    std::int64_t value = 0;
    const auto [end, error] = std::from_chars(word.data(), word.data() + word.size(), value);
    if (error != std::errc{} || end != word.data() + word.size() || value < 0) return std::nullopt;
    return value;
}

}  // namespace

std::string_view to_text(NoticeKind kind) {
    constexpr std::array<std::string_view, 8> words = {"outsider", "unproven", "replayed", "forbidden",
                                                       "broken",   "huge",     "stuck",    "late"};
    return words.at(static_cast<std::size_t>(kind));
}

void NoticePace::forget(Time now) {
    // what seems to come from the future has outlived a clock that was set back
    std::erase_if(told_, [&](const auto& one) { return one.second <= now - span || one.second > now; });
    if (counted_since_ && *counted_since_ > now) counted_since_ = now;
}

bool NoticePace::take(NoticeKind kind, std::string_view sender, Time now) {
    forget(now);
    Key key{to_text(kind), sender.empty() ? "-" : sender};
    if (told_.size() < most_told && told_.emplace(key, now).second) return true;
    if (!counted_.contains(key) && counted_.size() >= most_names) key.second = others;
    ++counted_[key];
    if (!counted_since_) counted_since_ = now;
    return false;
}

std::optional<Time> NoticePace::next_due() const {
    return counted_since_ ? std::optional(*counted_since_ + span) : std::nullopt;
}

std::optional<NoticePace::Counted> NoticePace::due(Time now) {
    forget(now);
    if (const auto at = next_due(); !at || *at > now) return std::nullopt;
    std::vector<std::pair<std::size_t, Key>> rows;
    Counted counted;
    for (const auto& [key, count] : counted_) {
        rows.emplace_back(count, key);
        counted.letters += count;
    }
    std::stable_sort(rows.begin(), rows.end(),
                     [](const auto& a, const auto& b) { return a.first > b.first; });
    for (const auto& [count, key] : rows)
        counted.lines += std::to_string(count) + "  " + key.first + "  " + key.second + '\n';
    counted_.clear();
    counted_since_.reset();
    return counted;
}

std::string NoticePace::text() const {
    std::string text;
    for (const auto& [key, at] : told_)
        text += "told " + key.first + ' ' + key.second + ' ' + std::to_string(to_micros(at)) + '\n';
    for (const auto& [key, count] : counted_)
        text += "counted " + key.first + ' ' + key.second + ' ' + std::to_string(count) + '\n';
    if (counted_since_) text += "since " + std::to_string(to_micros(*counted_since_)) + '\n';
    return text;
}

NoticePace NoticePace::parse(std::string_view text) {
    NoticePace pace;
    while (!text.empty()) {
        auto line = text.substr(0, text.find('\n'));
        text.remove_prefix(std::min(line.size() + 1, text.size()));
        const auto what = take_word(line);
        if (what == "since") {
            if (const auto at = number(line)) pace.counted_since_ = from_micros(*at);
            continue;
        }
        const std::string kind(take_word(line));
        const std::string sender(take_word(line));
        const auto value = number(line);
        if (!value) continue;
        if (what == "told") pace.told_[{kind, sender}] = from_micros(*value);
        if (what == "counted") pace.counted_[{kind, sender}] = static_cast<std::size_t>(*value);
    }
    if (pace.counted_.empty()) pace.counted_since_.reset();
    return pace;
}

}  // namespace garita::access
