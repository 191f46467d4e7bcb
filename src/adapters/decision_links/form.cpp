#include "adapters/decision_links/form.hpp"

#include "decide/foreign_text.hpp"
#include "runtime/http/target.hpp"

namespace garita::decision_links {

namespace {

constexpr std::size_t longest_comment = 300;  // in UTF-16 units, as the page's field counts
constexpr std::size_t longest_code = 16;

}  // namespace

std::optional<Form> read_form(std::string_view body) {
    const auto fields = runtime::http::parse_query(body);
    if (!fields) return std::nullopt;
    for (const auto& [name, value] : *fields) {
        const bool is_known = name == "response" || name == "comment" || name == "code";
        if (!is_known || fields->all(name).size() != 1) return std::nullopt;
    }
    const auto response = parse_response(fields->find("response").value_or(""));
    // a wide block is confirmed where it shows that somebody still gets in; a link decides, and is spent by
    // it
    const bool elsewhere = response == Response::confirm || response == Response::acknowledge;
    if (!response || elsewhere) return std::nullopt;
    const auto comment = fields->find("comment").value_or("");
    const auto code = fields->find("code").value_or("");
    if (decide::utf16_length(comment) > longest_comment || code.size() > longest_code) return std::nullopt;
    return Form{*response, decide::clean_line(comment, longest_comment), decide::clean_line(code)};
}

}  // namespace garita::decision_links
