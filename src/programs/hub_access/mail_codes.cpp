#include "programs/hub_access/mail_codes.hpp"

#include "adapters/mail_proof/confirmation_code.hpp"

namespace garita::programs {

MailCodes::Fresh MailCodes::make(std::string_view request, std::string_view person, Time now, Duration life) {
    const auto made = mail_proof::make_code(request, person, now, life);
    return {std::string(made.code.reveal()), {made.kept.digest, made.kept.expires, made.kept.wrong}};
}

bool MailCodes::stand_in(std::string_view text) {
    return !mail_proof::codes_in(text).empty();
}

MailCodes::Verdict MailCodes::look(Kept& kept, std::string_view text, std::string_view request,
                                   std::string_view person, Time now) {
    using From = mail_proof::CodeVerdict;
    mail_proof::SentCode sent{kept.digest, kept.expires, kept.wrong};
    const auto verdict = mail_proof::try_code(sent, text, request, person, now);
    kept.wrong = sent.wrong;
    switch (verdict) {
        case From::right:
            return Verdict::right;
        case From::expired:
            return Verdict::expired;
        case From::used:  // of a request that is not confirming any more
        case From::exhausted:
            return Verdict::exhausted;
        case From::missing:
        case From::wrong:
            break;
    }
    return Verdict::wrong;
}

}  // namespace garita::programs
