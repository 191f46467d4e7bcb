#pragma once
// What is asked of an agent as a place to look from, and what it tells, as JSON: between hub and agent, and
// between the command line and the hub.

#include <string>
#include <string_view>

#include <boost/json/value.hpp>

#include "runtime/json/reader.hpp"
#include "scan/vantage.hpp"

namespace garita::hub_link {

inline constexpr std::size_t most_told_open = 100'000;

[[nodiscard]] boost::json::value to_json(const scan::VantageTask& task);
/// Strict, and within what one order may have: at most `most_…_from_afar` of each.
[[nodiscard]] Result<scan::VantageTask> task_from(
    const boost::json::value& value, std::string_view where,
    runtime::json::Unknown unknown = runtime::json::Unknown::refuse);

[[nodiscard]] boost::json::value to_json(const scan::VantageOutcome& outcome);
[[nodiscard]] Result<scan::VantageOutcome> outcome_from(const boost::json::value& value,
                                                        std::string_view where,
                                                        runtime::json::Unknown unknown);

/// An outcome, or why there is none: {"outcome": …} or {"error": …, "code": …}.
[[nodiscard]] boost::json::value to_json(const Result<scan::VantageOutcome>& ended);
[[nodiscard]] Result<Result<scan::VantageOutcome>> ended_from(const boost::json::value& value,
                                                              std::string_view where,
                                                              runtime::json::Unknown unknown);

[[nodiscard]] boost::json::value to_json(const scan::Progress& progress);
[[nodiscard]] Result<scan::Progress> progress_from(const boost::json::value& value, std::string_view where,
                                                   runtime::json::Unknown unknown);

[[nodiscard]] boost::json::value to_json(const scan::FoundOpen& one);
[[nodiscard]] Result<scan::FoundOpen> found_from(const boost::json::value& value, std::string_view where,
                                                 runtime::json::Unknown unknown);

[[nodiscard]] boost::json::value to_json(const scan::VantageNews& news);
[[nodiscard]] Result<scan::VantageNews> news_from(const boost::json::value& value, std::string_view where,
                                                  runtime::json::Unknown unknown);

/// "scan of 256 addresses (192.0.2.0-192.0.2.255), TCP ports 22,80": for the audit trail and logs.
[[nodiscard]] std::string in_words(const scan::VantageTask& task);

}  // namespace garita::hub_link
