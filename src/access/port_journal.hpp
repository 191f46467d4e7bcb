#pragma once
// What was planned at a switch, and how its ports were before: enough to finish or to take back, whoever
// died.

#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "access/switch_driver.hpp"

namespace garita::access {

/// A port that is to be changed, as it was.
struct PortBefore {
    PortName port;
    PortFacts::Link link = PortFacts::Link::up;
    std::vector<SecuredMac> secured;         ///< those of the configuration: fixed and sticky
    std::vector<std::string> configuration;  ///< the vendor's lines
    friend bool operator==(const PortBefore&, const PortBefore&) = default;
};
[[nodiscard]] PortBefore before_of(const PortFacts& facts);

/// Kept in AccessRequest::journal.
struct PortJournal {
    std::vector<Change> changes;  ///< in order
    std::vector<PortBefore> before;
    enum class Stage {
        planned,  ///< some of the changes may stand
        undoing,  ///< somebody wants it taken back, whatever stands
    } stage = Stage::planned;

    [[nodiscard]] std::string text() const;
    /// Nothing: it is not of this form.
    [[nodiscard]] static std::optional<PortJournal> parse(std::string_view text);
    friend bool operator==(const PortJournal&, const PortJournal&) = default;
};

}  // namespace garita::access
