#pragma once
// What commands print: tables that line up, the reader's language and zone, colours only on a terminal.

#include <string>
#include <vector>

#include "decide/case_text.hpp"
#include "model/result.hpp"
#include "model/time.hpp"

namespace garita::programs {

/// Rows of cells under a heading; columns are as wide as their widest cell, the last one is not padded.
/// Control characters in cells become spaces.
class Table {
  public:
    explicit Table(std::vector<std::string> heading) : heading_(std::move(heading)) {}
    void add(std::vector<std::string> row) { rows_.push_back(std::move(row)); }
    [[nodiscard]] bool empty() const { return rows_.empty(); }
    [[nodiscard]] std::string text() const;

  private:
    std::vector<std::string> heading_;
    std::vector<std::vector<std::string>> rows_;
};

/// "en", "es", "ru" …: from LC_ALL, LC_MESSAGES, LANG.
[[nodiscard]] std::string terminal_language();
/// "1 entry", "2 entries"
[[nodiscard]] std::string counted(std::int64_t count, std::string_view one, std::string_view many);

/// "3 min ago", "in 23 h"; short enough for a column.
[[nodiscard]] std::string relative(Time at, Time now);
/// Prints "garita: TEXT" to standard error and returns the exit code 1.
int report_failure(const Error& error);
void print(std::string_view text);

}  // namespace garita::programs
