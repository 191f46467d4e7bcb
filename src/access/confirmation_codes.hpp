#pragma once
// Codes that are mailed to an approver and have to come back, as the desk needs them: what they look like and
// how they are kept is somebody else's matter (adapters/mail_proof/confirmation_code).

#include <string>
#include <string_view>

#include "model/time.hpp"

namespace garita::access {

/// Any thread. `request` and `person` are names that stay the same: a tracking id, an address.
class ConfirmationCodes {
  public:
    ConfirmationCodes() = default;
    ConfirmationCodes(const ConfirmationCodes&) = delete;
    ConfirmationCodes& operator=(const ConfirmationCodes&) = delete;
    virtual ~ConfirmationCodes() = default;

    /// What the store keeps of a code.
    struct Kept {
        std::string digest;
        Time expires{};
        int wrong = 0;
    };
    struct Fresh {
        std::string code;
        Kept kept;
    };
    [[nodiscard]] virtual Fresh make(std::string_view request, std::string_view person, Time now,
                                     Duration life) = 0;

    /// Whether there is anything in the text that looks like a code.
    [[nodiscard]] virtual bool stand_in(std::string_view text) = 0;

    enum class Verdict {
        right,
        wrong,  ///< there is another one, or none
        expired,
        exhausted,  ///< too many wrong ones came before
    };
    /// Counts in `kept`: store it in the transaction of what follows from the verdict.
    [[nodiscard]] virtual Verdict look(Kept& kept, std::string_view text, std::string_view request,
                                       std::string_view person, Time now) = 0;
};

}  // namespace garita::access
