#include "detect/access_log_line.hpp"

#include <cstring>

#include "detect/log_time.hpp"
#include "detect/text_scan.hpp"

namespace garita::detect {
namespace {

constexpr auto none = std::string_view::npos;

std::size_t find_char(std::string_view text, char wanted, std::size_t from) {
    if (from >= text.size()) return none;
    const void* at = std::memchr(text.data() + from, wanted, text.size() - from);
    return at == nullptr ? none : static_cast<std::size_t>(static_cast<const char*>(at) - text.data());
}

/// Whether the character at `at` is escaped by an odd run of backslashes that begins at or after `from`.
bool escaped(std::string_view text, std::size_t at, std::size_t from) {
    std::size_t run = 0;
    while (at - run > from && text[at - run - 1] == '\\')
        ++run;
    return run % 2 == 1;
}

std::size_t closing_quote(std::string_view text, std::size_t from) {
    std::size_t quote = find_char(text, '"', from);
    while (quote != none && escaped(text, quote, from))
        quote = find_char(text, '"', quote + 1);
    return quote;
}

}  // namespace

std::optional<AccessLogFields> split_access_log_line(std::string_view line, AccessLogLayout layout) {
    // `ADDRESS IDENT USER [` is at least 8 characters, then come time, bracket, space and the quote.
    constexpr std::size_t stamp = ClfClock::length;
    const std::size_t open = find_char(line, '"', 0);
    if (open == none || open < stamp + 3 + 7) return std::nullopt;
    const std::size_t bracket = open - stamp - 3;
    if (line[open - 1] != ' ' || line[open - 2] != ']' || line[bracket] != '[' || line[bracket - 1] != ' ')
        return std::nullopt;
    const std::size_t close = closing_quote(line, open + 1);
    if (close == none || close + 5 > line.size() || line[close + 1] != ' ') return std::nullopt;
    const char* digits = line.data() + close + 2;
    if (!is_digit(digits[0]) || !is_digit(digits[1]) || !is_digit(digits[2])) return std::nullopt;
    if (close + 5 < line.size() && digits[3] != ' ' && digits[3] != '\r') return std::nullopt;
    AccessLogFields fields;
    fields.status =
        static_cast<unsigned>((digits[0] - '0') * 100 + (digits[1] - '0') * 10 + (digits[2] - '0'));
    fields.time = line.substr(bracket + 1, stamp);
    fields.rest = line.substr(close + 5);
    auto head = line.substr(0, bracket);
    if (layout == AccessLogLayout::with_host) (void)eat_word(head);
    fields.address = eat_word(head);
    return fields;
}

std::optional<std::string_view> quoted_field(std::string_view rest, unsigned n) {
    if (n == 0) {
        while (!rest.empty() && (rest.back() == ' ' || rest.back() == '\r'))
            rest.remove_suffix(1);
        if (rest.size() < 2 || rest.back() != '"' || escaped(rest, rest.size() - 1, 0)) return std::nullopt;
        std::size_t open = rest.size() - 1;
        do {
            open = rest.rfind('"', open - 1);
            if (open == none) return std::nullopt;
        } while (open > 0 && escaped(rest, open, 0));
        return rest.substr(open + 1, rest.size() - open - 2);
    }
    std::size_t at = 0;
    while (true) {
        const std::size_t open = find_char(rest, '"', at);
        if (open == none) return std::nullopt;
        const std::size_t close = closing_quote(rest, open + 1);
        if (close == none) return std::nullopt;
        if (--n == 0) return rest.substr(open + 1, close - open - 1);
        at = close + 1;
    }
}

}  // namespace garita::detect
