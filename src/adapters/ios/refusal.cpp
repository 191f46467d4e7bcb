#include "adapters/ios/refusal.hpp"

#include <array>

#include "adapters/ios/log_line.hpp"
#include "adapters/ios/words.hpp"

namespace garita::ios {
namespace {

struct Known {
    std::string_view begins;
    Refusal refusal;
};

// longest first where one begins as another
constexpr std::array known = {
    Known{"% Authorization failed", Refusal::authorization},
    Known{"%Authorization failed", Refusal::authorization},
    Known{"Command authorization failed", Refusal::authorization},
    Known{"% Command authorization failed", Refusal::authorization},
    Known{"% This command is not authorized", Refusal::authorization},
    Known{"Configuration mode locked", Refusal::locked},
    Known{"% Configuration mode locked", Refusal::locked},
    Known{"Configuration mode is locked", Refusal::locked},
    Known{"% Configuration mode is locked", Refusal::locked},
    Known{"% Invalid input", Refusal::syntax},
    Known{"%Invalid input", Refusal::syntax},
    Known{"% Incomplete command", Refusal::syntax},
    Known{"%Incomplete command", Refusal::syntax},
    Known{"% Ambiguous command", Refusal::syntax},
    Known{"%Ambiguous command", Refusal::syntax},
    Known{"% Unknown command", Refusal::syntax},
    Known{"% Unrecognized command", Refusal::syntax},
    Known{"% Bad IP address or host name", Refusal::syntax},
    Known{"% Invalid interface", Refusal::syntax},
    Known{"% Command incomplete", Refusal::syntax},
    Known{"% There is no matched command", Refusal::syntax},
    Known{"% Type \"show ?\"", Refusal::syntax},
    Known{"Command rejected", Refusal::rejected},
    Known{"Found duplicate mac-address", Refusal::rejected},
    Known{"Total secure mac-addresses on interface", Refusal::rejected},
    Known{"Maximum is less than number of currently secured", Refusal::rejected},
    Known{"Error: ", Refusal::rejected},
    Known{"ERROR: ", Refusal::rejected},
    Known{"startup-config file open failed", Refusal::rejected},
    Known{"Unable to open", Refusal::rejected},
    Known{"Can't open", Refusal::rejected},
};

constexpr std::array warnings = {std::string_view("%Warning"), std::string_view("% Warning"),
                                 std::string_view("%Portfast has been configured"), std::string_view("%Note"),
                                 std::string_view("% Note")};

}  // namespace

Refusal refusal_in(std::string_view line) {
    const auto text = trimmed(line);
    if (is_log_line(text)) return Refusal::none;
    for (const auto& one : known)
        if (begins_with(text, one.begins)) return one.refusal;
    for (const auto& warning : warnings)
        if (begins_with(text, warning)) return Refusal::none;
    const bool alone = text.size() > 1 && text[0] == '%' && (text[1] == ' ' || is_letter(text[1]));
    return alone ? Refusal::rejected : Refusal::none;
}

}  // namespace garita::ios
