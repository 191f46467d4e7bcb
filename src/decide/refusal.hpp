#pragma once
// Why an answer is not taken, so that each channel can tell it in the language of whoever asked.

#include <optional>
#include <string>

#include "decide/case_text.hpp"
#include "model/alert.hpp"
#include "model/result.hpp"

namespace garita::decide {

struct Refusal {
    Error error;      ///< for logs, the audit trail and programs: English, and complete
    std::string key;  ///< of the catalogue; empty: there is no text in other languages
    /// What varies in it. "response" and "answers" (words with commas between) and the roles "needed" and
    /// "has" are words of the configuration, which the catalogue names too.
    Facts facts;
};

/// In the reader's language, without the rest of the sentence around it; the error's own text where the
/// catalogue has none.
[[nodiscard]] std::string refusal_text(const Refusal& refusal, const Reader& reader);

}  // namespace garita::decide
