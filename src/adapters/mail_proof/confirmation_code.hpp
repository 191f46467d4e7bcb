#pragma once
// Codes that are mailed to a person and have to come back: whoever can answer reads that person's mail. One
// code is for one request and one person, works once and for a short time; of it only a digest is kept.

#include <string>
#include <string_view>
#include <vector>

#include "model/time.hpp"
#include "runtime/secret/secret.hpp"

namespace garita::mail_proof {

/// What the store keeps.
struct SentCode {
    std::string digest;  ///< of the code with request and person; hexadecimal
    Time expires{};
    int wrong = 0;  ///< answers with another code
    bool used = false;
};

struct FreshCode {
    runtime::Secret code;  ///< "7k3qf-9mx2t-…", 128 random bits
    SentCode kept;
};

/// `request` and `person` are names that stay the same: a tracking id, an address.
[[nodiscard]] FreshCode make_code(std::string_view request, std::string_view person, Time now, Duration life);

/// What looks like a code in a text, as the letter that carried it spells it: people write in capitals, leave
/// dashes out, and take 0 for O. At most five.
[[nodiscard]] std::vector<std::string> codes_in(std::string_view text);

enum class CodeVerdict {
    right,    ///< and used up now
    missing,  ///< there is none in the text
    wrong,    ///< another one, or of another request or person
    expired,
    used,       ///< it was right once already
    exhausted,  ///< too many wrong answers: a new code is needed
};
/// "right" …
[[nodiscard]] std::string_view to_text(CodeVerdict verdict);

/// Looks for the code in the text, in a time that does not depend on how much of it is right, and notes the
/// outcome in `kept`: store it in the same transaction as what follows from it.
[[nodiscard]] CodeVerdict try_code(SentCode& kept, std::string_view text, std::string_view request,
                                   std::string_view person, Time now);

}  // namespace garita::mail_proof
