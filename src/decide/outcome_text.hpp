#pragma once
// What came of an answer, told to whoever gave it, in one line.

#include <string>

#include "decide/answering.hpp"
#include "decide/case_text.hpp"

namespace garita::decide {

/// "Accepted: Block address". Where a code is wanted each channel asks in its own way.
[[nodiscard]] std::string outcome_text(const AnswerOutcome& outcome, Response response, const Reader& reader);
/// "Refused: …"; empty: it was not refused, but something failed.
[[nodiscard]] std::string refused_text(const Refusal& refusal, const Reader& reader);

}  // namespace garita::decide
