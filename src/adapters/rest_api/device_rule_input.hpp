#pragma once
// Bulk requests about rules of configured classes, as JSON or as comma separated values.

#include <deque>
#include <string>
#include <vector>

#include "adapters/rest_api/endpoint.hpp"
#include "decide/rule_door.hpp"

namespace garita::rest_api {

/// Rows that could be told apart; what was not understood of one stands in `broken`.
struct DeviceRuleInput {
    decide::RuleOrder order;  ///< borrows from `document` and the request
    struct Broken {
        std::int64_t number = 0;
        std::string why;
    };
    std::vector<Broken> broken;
    /// How the producer counts the rows of the order: lines of the text from 1, or indexes from 0.
    std::vector<std::int64_t> numbers;
    Body document;                     ///< of JSON
    std::deque<std::string> unquoted;  ///< of CSV

    DeviceRuleInput() = default;
    DeviceRuleInput(const DeviceRuleInput&) = delete;
    DeviceRuleInput& operator=(const DeviceRuleInput&) = delete;
};

/// The most rows of one request.
inline constexpr std::size_t most_rule_rows = 200'000;

/// Fills the input. An Error: nothing of the request can be used.
[[nodiscard]] Result<void> read_device_rules(const http::Request& request, DeviceRuleInput& input);

}  // namespace garita::rest_api
