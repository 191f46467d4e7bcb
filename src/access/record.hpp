#pragma once
// A request with its whole log, as one text: mailed at its end, and archived.

#include <string>
#include <string_view>
#include <vector>

#include "access/working_hours.hpp"
#include "store/access_book.hpp"

namespace garita::access {

/// "2026-11-23 15:30:05", by this clock; none: UTC.
[[nodiscard]] std::string local_time_text(Time at, const LocalClock* clock);

/// The request in some lines, then its log: of lines to and from a switch, "sw1 > " and "sw1 < " stand
/// before each. Longer than `longest` bytes: the middle is left out, and that is said.
[[nodiscard]] std::string record_text(const AccessRequest& request, const std::vector<AccessLine>& log,
                                      const LocalClock* clock, std::size_t longest);

/// The same of what the store has.
[[nodiscard]] std::string record_text(store::View& view, store::AccessBook& book,
                                      const AccessRequest& request, const LocalClock* clock,
                                      std::size_t longest = std::size_t{256} << 10U);

/// Text that others wrote, line by line: without control characters and what hides or reorders text; at most
/// so many bytes, then "…".
[[nodiscard]] std::string clean_lines(std::string_view foreign, std::size_t longest);

}  // namespace garita::access
