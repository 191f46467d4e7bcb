#pragma once
// What an agent that keeps rules of classes and its hub say to each other about them, over a connection of
// its own, so that a million rules never delay an alert or a block:
//
//   POST /agent/v1/rules   tells how far the agent's copy and the device are, and waits for changes and
//   orders
//
// The agent names its classes, and what their packed bytes mean; the hub gives what changed since the
// positions that the agent holds, a page at a time. Answers are signed as all of the hub's are
// (signed_answer.hpp). Repeating any request is harmless.

#include <chrono>
#include <string>
#include <string_view>
#include <vector>

#include "enforce/class_status.hpp"
#include "model/result.hpp"
#include "store/held_classes.hpp"

namespace garita::hub_link {

inline constexpr std::string_view rules_path = "/agent/v1/rules";
inline constexpr std::size_t refusals_in_report = 1'000;
inline constexpr std::size_t most_classes = 256;
inline constexpr std::size_t most_orders = 64;

/// What a person asks of a device beside what is wanted of it.
struct ClassOrder {
    enum class Request { audit, rebuild };
    std::string id;  ///< one time
    Request request = Request::audit;
    std::string rules;  ///< empty: all
    friend bool operator==(const ClassOrder&, const ClassOrder&) = default;
};
struct ClassOrderAnswer {
    std::string id;
    Result<std::vector<enforce::ClassStatus>> classes;
};

/// One class as the agent tells of it.
struct ClassReport {
    std::string name;
    std::string shape;  ///< class_rows.hpp
    store::HeldPositions positions;
    enforce::ClassStatus status;
    std::vector<store::RefusedRule> refused;  ///< by the hub's seq
    enum class Refusals { all, some } refusals = Refusals::all;
};

struct RulesRequest {
    std::vector<ClassReport> classes;
    std::vector<std::string> running;  ///< orders that were begun
    std::vector<ClassOrderAnswer> answers;
    std::chrono::seconds wait{0};
};

struct ClassPage {
    enum class Kept {
        yes,
        not_configured,  ///< the hub's file does not say that this agent keeps such rules
        other_shape,     ///< it says so, but they are others
    };
    std::string name;
    Kept kept = Kept::yes;
    std::string shape;  ///< as the hub has it
    store::HeldPage page;
};

struct RulesAnswer {
    std::string source;  ///< the hub's store
    Duration held{};     ///< from the arrival of the request until this was written
    std::vector<ClassPage> classes;
    std::vector<ClassOrder> orders;
    std::vector<std::string> answered;  ///< orders whose answers have come
};

[[nodiscard]] std::string encode(const RulesRequest& request);
[[nodiscard]] Result<RulesRequest> decode_rules_request(std::string_view text);
/// `now`: ends travel as time left.
[[nodiscard]] std::string encode(const RulesAnswer& answer, Time now);
/// `asked`: when the request was sent, by the clock that ends are to be of; `now` by the same.
[[nodiscard]] Result<RulesAnswer> decode_rules_answer(std::string_view text, Time asked, Time now);

}  // namespace garita::hub_link
