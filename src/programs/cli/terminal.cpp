#include "programs/cli/terminal.hpp"

#include <algorithm>
#include <cstdio>
#include <cstdlib>

#include "runtime/log/log.hpp"

namespace garita::programs {
namespace {

/// Columns on a terminal, near enough: one for each code point.
std::size_t columns(std::string_view text) {
    return static_cast<std::size_t>(std::count_if(
        text.begin(), text.end(), [](char c) { return (static_cast<unsigned char>(c) & 0xC0U) != 0x80U; }));
}

void append_row(std::string& text, const std::vector<std::string>& row,
                const std::vector<std::size_t>& widths) {
    for (std::size_t i = 0; i < row.size(); ++i) {
        text += row[i];
        if (i + 1 < row.size()) text.append(widths[i] - columns(row[i]) + 2, ' ');
    }
    text += '\n';
}

std::string span_text(Duration span) {
    const auto seconds = std::chrono::duration_cast<std::chrono::seconds>(span).count();
    if (seconds < 120) return std::to_string(seconds) + " s";
    if (seconds < 7200) return std::to_string(seconds / 60) + " min";
    if (seconds < 2 * 86400) return std::to_string(seconds / 3600) + " h";
    return std::to_string(seconds / 86400) + " d";
}

}  // namespace

std::string Table::text() const {
    auto rows = rows_;
    for (auto& row : rows)
        for (auto& cell : row)
            cell = runtime::escape_foreign(cell, 512);
    rows.insert(rows.begin(), heading_);
    std::vector<std::size_t> widths(heading_.size(), 0);
    for (const auto& row : rows)
        for (std::size_t i = 0; i < row.size() && i < widths.size(); ++i)
            widths[i] = std::max(widths[i], columns(row[i]));
    std::string text;
    for (const auto& row : rows)
        append_row(text, row, widths);
    return text;
}

std::string terminal_language() {
    for (const char* const name : {"LC_ALL", "LC_MESSAGES", "LANG"})
        if (const char* const value = std::getenv(name); value != nullptr && *value != '\0') {
            const std::string_view word(value);
            return word == "C" || word == "POSIX" || word.starts_with("C.") ? "en"
                                                                            : std::string(word.substr(0, 2));
        }
    return "en";
}

std::string counted(std::int64_t count, std::string_view one, std::string_view many) {
    return std::to_string(count).append(" ").append(count == 1 ? one : many);
}

std::string relative(Time at, Time now) {
    return at <= now ? span_text(now - at) + " ago" : "in " + span_text(at - now);
}

int report_failure(const Error& error) {
    const auto line = "garita: " + runtime::escape_foreign(error.text) + "\n";
    std::fwrite(line.data(), 1, line.size(), stderr);
    return 1;
}

void print(std::string_view text) {
    std::fwrite(text.data(), 1, text.size(), stdout);
}

}  // namespace garita::programs
