#include "model/port_set.hpp"

#include <algorithm>
#include <charconv>
#include <iterator>
#include <limits>
#include <optional>

namespace garita {
namespace {

using Range = PortSet::Range;

constexpr Port highest = std::numeric_limits<Port>::max();
constexpr Port lowest_of_all = 1;  ///< port 0 is never meant by "all" or by a range without its first number
constexpr Range all_ports{lowest_of_all, highest};
/// Room for every second port written as a range, with spaces.
constexpr std::size_t longest_text = 1U << 20;

std::string_view trimmed(std::string_view text) {
    const auto first = text.find_first_not_of(" \t");
    if (first == std::string_view::npos) return {};
    return text.substr(first, text.find_last_not_of(" \t") - first + 1);
}

std::optional<Port> port_of(std::string_view digits) {
    Port port = 0;
    const char* const end = digits.data() + digits.size();
    const auto [stop, error] = std::from_chars(digits.data(), end, port);
    if (error != std::errc{} || stop != end) return std::nullopt;
    return port;
}

/// Nothing: neither a number nor a range.
std::optional<Range> range_of(std::string_view text) {
    if (text == "all") return all_ports;
    const auto dash = text.find('-');
    if (dash == std::string_view::npos) {
        const auto port = port_of(text);
        return port ? std::optional(Range{*port, *port}) : std::nullopt;
    }
    const auto left = trimmed(text.substr(0, dash));
    const auto right = trimmed(text.substr(dash + 1));
    if (left.empty() && right.empty()) return std::nullopt;
    const auto first = left.empty() ? lowest_of_all : port_of(left);
    const auto last = right.empty() ? highest : port_of(right);
    return first && last ? std::optional(Range{*first, *last}) : std::nullopt;
}

tl::unexpected<Error> refuse(std::string_view item, std::string_view why) {
    constexpr std::size_t most_shown = 40;
    std::string shown;
    for (const char c : item.substr(0, most_shown))
        shown += c < 0x20 || c >= 0x7f ? '?' : c;
    return fail(ErrorCode::invalid, "'" + shown + "' " + std::string(why));
}

Result<Range> read_range(std::string_view item) {
    const auto range = range_of(item);
    if (!range) return refuse(item, "is no port: write numbers up to 65535, as in 22,80-90, or all");
    if (range->first > range->last)
        return refuse(item, "runs backwards: write the lower port first, as in 80-90");
    return *range;
}

/// Whether a range that begins as `later` does leaves no gap behind the other.
bool reaches(const Range& earlier, const Range& later) {
    return later.first <= earlier.last + 1;
}

/// In order, each apart from the next.
std::vector<Range> united(std::vector<Range> ranges) {
    std::sort(ranges.begin(), ranges.end(), [](const Range& a, const Range& b) { return a.first < b.first; });
    std::vector<Range> out;
    for (const Range& range : ranges)
        if (!out.empty() && reaches(out.back(), range))
            out.back().last = std::max(out.back().last, range.last);
        else
            out.push_back(range);
    return out;
}

}  // namespace

std::string_view to_text(PortState state) {
    switch (state) {
        case PortState::unknown:
            return "unknown";
        case PortState::open:
            return "open";
        case PortState::closed:
            return "closed";
        case PortState::filtered:
            return "filtered";
    }
    return "";
}

std::string_view to_text(Transport transport) {
    return transport == Transport::tcp ? "tcp" : "udp";
}

Result<PortSet> PortSet::parse(std::string_view text) {
    if (text.size() > longest_text) return refuse(text, "and so on is too long for a list of ports");
    PortSet set;
    if (trimmed(text).empty()) return set;
    for (std::size_t at = 0; at <= text.size();) {
        const auto comma = std::min(text.find(',', at), text.size());
        const auto range = read_range(trimmed(text.substr(at, comma - at)));
        if (!range) return tl::unexpected<Error>(range.error());
        set.ranges_.push_back(*range);
        at = comma + 1;
    }
    set.ranges_ = united(std::move(set.ranges_));
    return set;
}

PortSet PortSet::of(Port first, Port last) {
    PortSet set;
    set.insert(first, last);
    return set;
}

void PortSet::insert(Port first, Port last) {
    if (first > last) return;
    Range added{first, last};
    const auto from = std::partition_point(ranges_.begin(), ranges_.end(),
                                           [&](const Range& range) { return !reaches(range, added); });
    auto to = from;
    for (; to != ranges_.end() && reaches(added, *to); ++to)
        added = {std::min(added.first, to->first), std::max(added.last, to->last)};
    ranges_.insert(ranges_.erase(from, to), added);
}

void PortSet::erase(Port port) {
    *this = *this - of(port, port);
}

bool PortSet::contains(Port port) const {
    const auto after = std::upper_bound(ranges_.begin(), ranges_.end(), port,
                                        [](Port wanted, const Range& range) { return wanted < range.first; });
    return after != ranges_.begin() && port <= std::prev(after)->last;
}

std::size_t PortSet::size() const {
    std::size_t count = 0;
    for (const Range& range : ranges_)
        count += static_cast<std::size_t>(range.last) - range.first + 1;
    return count;
}

std::vector<Port> PortSet::ports() const {
    std::vector<Port> all;
    all.reserve(size());
    for (const Range& range : ranges_)
        for (unsigned port = range.first; port <= range.last; ++port)
            all.push_back(static_cast<Port>(port));
    return all;
}

std::string PortSet::text() const {
    std::string text;
    for (const Range& range : ranges_) {
        if (!text.empty()) text += ',';
        if (range == all_ports)
            text += "all";
        else
            text += std::to_string(range.first);
        if (range != all_ports && range.last != range.first) text += '-' + std::to_string(range.last);
    }
    return text;
}

PortSet PortSet::operator|(const PortSet& other) const {
    PortSet both;
    both.ranges_ = ranges_;
    both.ranges_.insert(both.ranges_.end(), other.ranges_.begin(), other.ranges_.end());
    both.ranges_ = united(std::move(both.ranges_));
    return both;
}

PortSet PortSet::operator&(const PortSet& other) const {
    PortSet shared;
    for (auto a = ranges_.begin(), b = other.ranges_.begin();
         a != ranges_.end() && b != other.ranges_.end();) {
        const Port first = std::max(a->first, b->first);
        const Port last = std::min(a->last, b->last);
        if (first <= last) shared.ranges_.push_back({first, last});
        if (a->last < b->last)
            ++a;
        else
            ++b;
    }
    return shared;
}

PortSet PortSet::operator-(const PortSet& other) const {
    PortSet rest;
    auto hole = other.ranges_.begin();
    for (const Range& range : ranges_) {
        unsigned first = range.first;
        while (hole != other.ranges_.end() && hole->last < first)
            ++hole;
        for (auto at = hole; at != other.ranges_.end() && at->first <= range.last; ++at) {
            if (at->first > first)
                rest.ranges_.push_back({static_cast<Port>(first), static_cast<Port>(at->first - 1)});
            first = at->last + 1U;
        }
        if (first <= range.last) rest.ranges_.push_back({static_cast<Port>(first), range.last});
    }
    return rest;
}

}  // namespace garita
