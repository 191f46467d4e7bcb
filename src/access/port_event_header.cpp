#include "access/port_event_header.hpp"

#include <algorithm>
#include <array>
#include <cctype>

namespace garita::access {
namespace {

bool is_digit(char c) {
    return c >= '0' && c <= '9';
}
bool is_letter(char c) {
    return std::isalpha(static_cast<unsigned char>(c)) != 0;
}
bool is_number(std::string_view text) {
    return !text.empty() && std::all_of(text.begin(), text.end(), is_digit);
}

/// Words between blanks.
class Words {
  public:
    explicit Words(std::string_view text) : rest_(text) { trim(); }
    [[nodiscard]] std::string_view peek() const { return rest_.substr(0, rest_.find_first_of(" \t")); }
    std::string_view take() {
        const auto word = peek();
        rest_.remove_prefix(word.size());
        trim();
        return word;
    }
    [[nodiscard]] bool done() const { return rest_.empty(); }

  private:
    void trim() { rest_.remove_prefix(std::min(rest_.size(), rest_.find_first_not_of(" \t"))); }
    std::string_view rest_;
};

std::string_view without_colon(std::string_view word) {
    if (word.ends_with(':')) word.remove_suffix(1);
    return word;
}

/// "Jan", and "*Jan" or ".Jan" of a clock that is not set.
bool is_month(std::string_view word) {
    static constexpr std::array<std::string_view, 12> months = {"Jan", "Feb", "Mar", "Apr", "May", "Jun",
                                                                "Jul", "Aug", "Sep", "Oct", "Nov", "Dec"};
    if (!word.empty() && (word.front() == '*' || word.front() == '.')) word.remove_prefix(1);
    return std::find(months.begin(), months.end(), word) != months.end();
}

/// "2024-10-11T10:15:31.2-05:00"
bool is_iso_time(std::string_view word) {
    return word.size() >= 19 && is_number(word.substr(0, 4)) && word[4] == '-' && word[7] == '-' &&
           word[10] == 'T' && word[13] == ':';
}

/// "16:13:09.123"
bool is_clock(std::string_view word) {
    return word.size() >= 5 && is_digit(word[0]) && word.find(':') <= 2 &&
           word.find_first_not_of("0123456789:.") == std::string_view::npos;
}

/// "00:54:45" and "2y10w", "1w2d", "3d04h": time since the switch was started.
bool is_uptime(std::string_view word) {
    if (!word.empty() && (word.front() == '*' || word.front() == '.')) word.remove_prefix(1);
    if (is_clock(word)) return true;
    return word.size() >= 2 && is_digit(word.front()) && !is_digit(word.back()) &&
           word.find_first_not_of("0123456789ywdhms") == std::string_view::npos;
}

/// "UTC", "UTC+07:30": what stands between a time and its colon. A host has other letters too.
bool is_zone(std::string_view word) {
    const auto letters =
        std::find_if_not(word.begin(), word.end(), [](char c) { return c >= 'A' && c <= 'Z'; });
    const auto rest = word.substr(static_cast<std::size_t>(letters - word.begin()));
    return letters - word.begin() >= 2 && letters - word.begin() <= 5 &&
           (rest.empty() || ((rest.front() == '+' || rest.front() == '-') &&
                             rest.find_first_not_of("+-0123456789:") == std::string_view::npos));
}

enum class Stamp { none, open, closed };

/// A time with its zone; closed: the colon after Cisco's own times was there too.
Stamp take_time(Words& words) {
    const auto first = words.peek();
    if (is_iso_time(first)) {
        words.take();
        return first.ends_with(':') ? Stamp::closed : Stamp::open;
    }
    if (is_month(first)) {
        words.take();
        if (is_number(words.peek())) words.take();  // the day
        if (is_number(words.peek())) words.take();  // the year
    } else if (!is_uptime(without_colon(first)) || !first.ends_with(':')) {
        return Stamp::none;
    }
    const auto clock = words.take();
    if (clock.ends_with(':')) return Stamp::closed;
    const auto next = words.peek();
    if (!next.ends_with(':') || !is_zone(without_colon(next))) return Stamp::open;
    words.take();
    return Stamp::closed;
}

/// "1 2003-10-11T22:14:15.003Z host application …"
std::string_view host_of_5424(Words& words) {
    words.take();
    words.take();
    const auto host = words.take();
    return host == "-" ? std::string_view() : host;
}

/// Sequence numbers, names of origin and times, until something is left that is none of them.
std::string_view origin_of(Words& words) {
    std::string_view origin;
    while (!words.done()) {
        if (take_time(words) != Stamp::none) break;
        const auto word = words.take();
        const auto bare = without_colon(word);
        if (bare.empty() || is_number(bare) || !origin.empty()) continue;
        if (is_letter(bare.front()) || is_digit(bare.front()) || bare.find(':') != std::string_view::npos)
            origin = bare;
    }
    return origin;
}

}  // namespace

EventHeader read_event_header(std::string_view text) {
    if (text.starts_with('<'))
        if (const auto end = text.find('>'); end <= 4) text.remove_prefix(end + 1);
    Words words(text);
    EventHeader header;
    if (text.starts_with("1 ")) {
        header.relayed = host_of_5424(words);
        return header;
    }
    const auto stamp = take_time(words);
    if (stamp == Stamp::closed) return header;
    if (stamp == Stamp::open && !words.done()) header.relayed = without_colon(words.take());
    header.origin_id = origin_of(words);
    return header;
}

}  // namespace garita::access
