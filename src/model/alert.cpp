#include "model/alert.hpp"

namespace garita {

std::string_view to_text(Severity severity) {
    switch (severity) {
        case Severity::info:
            return "info";
        case Severity::warning:
            return "warning";
        case Severity::critical:
            return "critical";
    }
    return "warning";
}

std::optional<Severity> parse_severity(std::string_view text) {
    for (const auto severity : {Severity::info, Severity::warning, Severity::critical})
        if (to_text(severity) == text) return severity;
    return std::nullopt;
}

}  // namespace garita
