#pragma once
// The page that a link opens: the case as letters tell it, and a button for each answer. No scripts, nothing
// from elsewhere; readable without its style too.

#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "decide/case_text.hpp"
#include "runtime/http/message.hpp"

namespace garita::decision_links {

/// One answer to give. With a code: it is asked for, and `comment` was written before.
struct Asking {
    std::vector<Response> responses;
    bool takes_code = false;
    std::string comment{};
};

struct Page {
    int status = 200;
    std::string notice{};            ///< what has just come of it; empty: nothing
    const Case* about = nullptr;     ///< none: the notice is all there is
    Progress progress{};             ///< of its decision
    std::optional<Asking> asking{};  ///< none: nothing can be answered here
    std::string small_print{};       ///< who answers, until when
};

[[nodiscard]] runtime::http::Response to_response(const Page& page, const decide::Reader& reader);

/// Fit for HTML's text and for attributes in double quotes.
[[nodiscard]] std::string escaped(std::string_view text);

}  // namespace garita::decision_links
