#pragma once
// What an agent that may be looked from and its hub say to each other, over a connection of its own:
//
//   POST /agent/v1/scans   tells how far an order is, brings what came of it, and waits for the next one
//
// Only agents whose own file allows scans call it. The answer is signed (signed_answer.hpp), and says which
// orders are wanted still: whatever is not is stopped, so nothing runs that nobody waits for.

#include <chrono>
#include <string>
#include <string_view>
#include <vector>

#include "adapters/hub_link/vantage_json.hpp"

namespace garita::hub_link {

inline constexpr std::string_view scans_path = "/agent/v1/scans";
inline constexpr std::size_t most_scan_orders = 16;

/// A task for one agent.
struct ScanOrder {
    std::string id;  ///< one time
    std::string by;  ///< for the agent's log
    scan::VantageTask task;
};

struct ScanAnswer {
    std::string id;
    Result<scan::VantageOutcome> outcome;
};

/// An order under way.
struct ScanUnderWay {
    std::string id;
    scan::Progress progress;
    std::vector<scan::FoundOpen> open;  ///< since the last request that arrived
};

struct ScansRequest {
    std::string instance;  ///< of the agent's program: another after each start
    std::vector<ScanUnderWay> running;
    std::vector<ScanAnswer> answers;
    std::chrono::milliseconds wait{0};
};

struct ScansReply {
    Duration held{};  ///< from the arrival of the request until this was written
    std::vector<ScanOrder> orders;
    std::vector<std::string> wanted;    ///< of the running ones, which shall go on
    std::vector<std::string> answered;  ///< orders whose answers have come
};

[[nodiscard]] std::string encode(const ScansRequest& request);
[[nodiscard]] Result<ScansRequest> decode_scans_request(std::string_view text);
[[nodiscard]] std::string encode(const ScansReply& reply);
[[nodiscard]] Result<ScansReply> decode_scans_reply(std::string_view text);

}  // namespace garita::hub_link
