#pragma once
// How the products want to be told: the body of each, and where it goes below the URL that people paste.

#include <cstdint>
#include <string>
#include <string_view>

#include "adapters/sinks/delivery.hpp"

namespace garita::sinks {

enum class Preset : std::uint8_t { none, ntfy, slack, mattermost, discord, teams, matrix, gotify };

/// Path and query of a request. `target` is that of the URL, `room` of Matrix.
[[nodiscard]] std::string target_of(Preset preset, std::string_view target, std::string_view room,
                                    const Delivery& delivery);
/// JSON. What others chose can neither call a channel's people nor bring mark-up.
[[nodiscard]] std::string body_of(Preset preset, std::string_view target, const Delivery& delivery);

}  // namespace garita::sinks
