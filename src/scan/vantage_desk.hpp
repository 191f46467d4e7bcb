#pragma once
// What may be asked of agents as places to look from, by whoever may; as text, so that those who carry it
// need not know what it means.

#include <string>
#include <string_view>

#include "model/person.hpp"
#include "model/result.hpp"

namespace garita::scan {

class VantageDesk {
  public:
    VantageDesk() = default;
    VantageDesk(const VantageDesk&) = delete;
    VantageDesk& operator=(const VantageDesk&) = delete;
    virtual ~VantageDesk() = default;

    /// Whether an order would be taken at once. `not_found`: there is no such agent; `unavailable`: it is
    /// away; `forbidden`: it does not scan.
    [[nodiscard]] virtual Result<void> ready(std::string_view agent) = 0;
    /// A task for the agent, as an object of JSON; written into the audit trail. The order's id.
    [[nodiscard]] virtual Result<std::string> order(std::string_view agent, std::string_view task,
                                                    const Actor& by, std::string_view from) = 0;
    /// How far it is, as an object of JSON. `not_found`: nobody has ordered it, or all is over and told.
    [[nodiscard]] virtual Result<std::string> news(std::string_view id) = 0;
    [[nodiscard]] virtual Result<void> stop(std::string_view id) = 0;
};

}  // namespace garita::scan
