#include "adapters/ios/log_line.hpp"

#include "adapters/ios/words.hpp"

namespace garita::ios {
namespace {

bool is_capital(char c) {
    return (c >= 'A' && c <= 'Z') || is_digit(c) || c == '_';
}

/// "%FACILITY-SEVERITY-MNEMONIC:", the facility perhaps with parts: "%PIM-SW1-6-…".
bool begins_message(std::string_view text) {
    if (text.size() < 2 || text[0] != '%' || text[1] < 'A' || text[1] > 'Z') return false;
    std::string_view part;
    std::string_view before;
    std::size_t parts = 0;
    for (text.remove_prefix(1); !text.empty();) {
        std::size_t size = 0;
        while (size < text.size() && is_capital(text[size]))
            ++size;
        if (size == 0 || size == text.size()) return false;
        before = part;
        part = text.substr(0, size);
        ++parts;
        const char behind = text[size];
        text.remove_prefix(size + 1);
        if (behind == ':') return parts >= 3 && before.size() == 1 && before[0] >= '0' && before[0] <= '7';
        if (behind != '-') return false;
    }
    return false;
}

/// Sequence number, name and time of the message.
bool is_header(std::string_view text) {
    constexpr std::size_t longest = 96;
    if (text.size() > longest) return false;
    text = trimmed(text);
    return text.empty() || text.back() == ':';
}

}  // namespace

bool is_log_line(std::string_view line) {
    for (auto at = line.find('%'); at != std::string_view::npos; at = line.find('%', at + 1))
        if (begins_message(line.substr(at))) return is_header(line.substr(0, at));
    return false;
}

}  // namespace garita::ios
