#pragma once
// What a button carries: 128 bits that say nothing to whoever reads them.

#include <array>
#include <string>

namespace garita::telegram {

using TicketBytes = std::array<unsigned char, 16>;

/// 22 characters of base64, as URLs take them.
[[nodiscard]] std::string ticket_text(const TicketBytes& bytes);
/// One that nobody can guess. libsodium must have been started.
[[nodiscard]] std::string random_ticket();

}  // namespace garita::telegram
