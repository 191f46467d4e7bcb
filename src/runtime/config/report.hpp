#pragma once
// What `garita check` says about a file.

#include <string>
#include <vector>

#include "runtime/config/document.hpp"

namespace garita::runtime {

/// "1 agent, 2 people, Telegram to 1 chat, 3 policies". The document has to be fine.
[[nodiscard]] std::string summary(const Document& document);

/// One line for each problem, and one at the end.
[[nodiscard]] std::string report_text(const Document& document);

/// {"files": [{"file": …, "kind": …, "fine": …, "summary": …, "problems": [{"weight": …, "line": …, …}]}]}
[[nodiscard]] std::string report_json(const std::vector<Document>& documents);

}  // namespace garita::runtime
