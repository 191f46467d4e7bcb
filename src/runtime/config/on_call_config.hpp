#pragma once
// Who is told when nobody answers, and who is left alone when: as plain values.

#include <array>
#include <chrono>
#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "model/alert.hpp"

namespace garita::runtime {

/// "22:00-07:00"; `to` before `from`: until the next day.
struct DayHours {
    std::chrono::minutes from{0};
    std::chrono::minutes to{0};
    friend bool operator==(const DayHours&, const DayHours&) = default;
};
/// Two times of day, up to 24:00, which must differ.
[[nodiscard]] std::optional<DayHours> parse_day_hours(std::string_view text);

struct QuietHoursConfig {
    DayHours hours;
    std::array<bool, 7> days{true, true, true, true, true, true, true};  ///< Monday first
    Severity below = Severity::critical;
};

struct OnCallStepConfig {
    std::chrono::seconds after{0};
    std::vector<std::string> chats;  ///< by name, or by id
    std::vector<std::string> mail;   ///< as model/mail_identity spells them
    std::vector<std::string> webhooks;
    std::vector<std::string> exec;

    /// "telegram night, mail boris@example.org"
    [[nodiscard]] std::string whom() const;
};

struct OnCallConfig {
    using Names = std::vector<std::string> OnCallStepConfig::*;

    Severity severity = Severity::warning;
    std::vector<OnCallStepConfig> steps;
    std::chrono::seconds acknowledged_for = std::chrono::minutes{30};

    /// The first step in which a recipient of this kind is named, counted from 1; 0: none.
    [[nodiscard]] int step_of(Names kind, std::string_view name) const;
};

}  // namespace garita::runtime
