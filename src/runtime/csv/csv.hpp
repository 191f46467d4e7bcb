#pragma once
// Comma separated values: what spreadsheets and billing systems hand over. One record a line; quotes as in
// RFC 4180, but none goes over a line's end.

#include <cstddef>
#include <deque>
#include <string>
#include <string_view>
#include <vector>

namespace garita::runtime {

struct CsvRecord {
    std::size_t line = 0;                  ///< from 1
    std::vector<std::string_view> fields;  ///< of the text, or of the reader
    std::string error;                     ///< empty: it was understood
};

/// Borrows the text. A byte order mark at its start and empty lines are passed over.
class CsvReader {
  public:
    explicit CsvReader(std::string_view text);

    /// False: that was all. The record is used again, so that a million lines cost no allocations.
    [[nodiscard]] bool next(CsvRecord& record);

  private:
    void split(std::string_view line, CsvRecord& record);
    [[nodiscard]] std::string_view quoted(std::string_view& line, CsvRecord& record);

    std::string_view rest_;
    std::size_t line_ = 0;
    std::deque<std::string> unquoted_;  ///< of the present record
};

/// The field as it is, or in quotes where it needs them.
[[nodiscard]] std::string csv_field(std::string_view text);

}  // namespace garita::runtime
