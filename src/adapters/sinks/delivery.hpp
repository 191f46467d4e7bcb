#pragma once
// What one sink is told at once: of a case as it begins or changes, or of many cases together.

#include <string>
#include <string_view>
#include <vector>

#include "decide/case_text.hpp"
#include "decide/telling.hpp"

namespace garita::sinks {

struct Delivery {
    std::string id;    ///< the same for each try, and for nothing else on any hub
    std::string type;  ///< "case.opened", "case.escalated", "case.decided", "case.closed", "case.over",
                       ///< "cases.digest", "test"
    Severity severity = Severity::info;
    std::string title;
    std::string text;
    std::string document;  ///< all of it as JSON
    Facts values;          ///< of placeholders, by name; a fact as "fact.user"

    /// Of a placeholder; empty where there is none.
    [[nodiscard]] std::string value(std::string_view name) const;
    /// It asks for somebody's attention, as the end of a case does not.
    [[nodiscard]] bool is_news() const;
};

/// `told` is what was told before.
[[nodiscard]] Delivery case_delivery(std::string id, const Case& about, const Progress& progress,
                                     const decide::Told& told, decide::Stage stage,
                                     const decide::Reader& reader);
[[nodiscard]] Delivery digest_delivery(std::string id, const std::vector<Case>& cases, Time now,
                                       const decide::Reader& reader);
/// About nothing, to see whether it arrives.
[[nodiscard]] Delivery test_delivery(Time now, const decide::Reader& reader);

}  // namespace garita::sinks
