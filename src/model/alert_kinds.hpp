#pragma once
// The one table of what may be answered to which kind of alert. The desk, policies, every channel and the
// manual read it: a new kind with answers of its own is one row.

#include <span>
#include <string_view>
#include <vector>

#include "model/response.hpp"

namespace garita {

struct AlertKind {
    std::string_view name;
    std::span<const Response> buttons;  ///< what people are shown as buttons, in this order
    /// Another system owns it and says when it is over: it is never left out for want of room, and no silence
    /// ends it.
    bool at_source = false;
};

/// The kinds that Garita raises itself.
[[nodiscard]] std::span<const AlertKind> alert_kinds();

/// Buttons of a kind; of a kind without a row, a REST source's own word: no action, or block.
[[nodiscard]] std::span<const Response> buttons_of(std::string_view kind);

/// Whether another system owns what cases of this kind are about.
[[nodiscard]] bool is_at_source(std::string_view kind);

/// Everything that a case of this kind takes as an answer: its buttons first, then what every kind takes.
/// Of a single case some may be left out for want of ground (block: an address; close_connection: a session).
[[nodiscard]] std::vector<Response> answers_of(std::string_view kind);

/// What every kind takes, for it has no effect in the world.
[[nodiscard]] std::span<const Response> answers_of_every_kind();

}  // namespace garita
