#pragma once
// An answer that a person has given and that waits for the person's one-time code, as the store keeps it.

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>

#include "model/ids.hpp"
#include "model/response.hpp"
#include "model/time.hpp"

namespace garita::telegram {

struct WaitingAnswer {
    CaseId about;
    Response response = Response::nothing;
    std::optional<Duration> lasts;
    Time until{};
};

/// One a person: the newest.
[[nodiscard]] std::string waiting_key(std::int64_t user);
[[nodiscard]] std::string to_text(const WaitingAnswer& waiting);
[[nodiscard]] std::optional<WaitingAnswer> parse_waiting(std::string_view text);

}  // namespace garita::telegram
