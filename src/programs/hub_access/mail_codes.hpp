#pragma once
// Confirmation codes as the desk needs them, by adapters/mail_proof.

#include "access/confirmation_codes.hpp"

namespace garita::programs {

class MailCodes final : public access::ConfirmationCodes {
  public:
    [[nodiscard]] Fresh make(std::string_view request, std::string_view person, Time now,
                             Duration life) override;
    [[nodiscard]] bool stand_in(std::string_view text) override;
    [[nodiscard]] Verdict look(Kept& kept, std::string_view text, std::string_view request,
                               std::string_view person, Time now) override;
};

}  // namespace garita::programs
