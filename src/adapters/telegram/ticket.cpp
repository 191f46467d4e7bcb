#include "adapters/telegram/ticket.hpp"

#include <sodium.h>

namespace garita::telegram {

std::string ticket_text(const TicketBytes& bytes) {
    constexpr int variant = sodium_base64_VARIANT_URLSAFE_NO_PADDING;
    std::string text(sodium_base64_encoded_len(bytes.size(), variant), '\0');
    sodium_bin2base64(text.data(), text.size(), bytes.data(), bytes.size(), variant);
    text.pop_back();  // the terminating zero
    return text;
}

std::string random_ticket() {
    TicketBytes bytes{};
    randombytes_buf(bytes.data(), bytes.size());
    return ticket_text(bytes);
}

}  // namespace garita::telegram
