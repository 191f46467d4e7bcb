// What comes to the page of a link in a letter: the token in its path and the form that a browser sends.
// Invariants: no token but one of ours is a link, a form that was taken holds one answer and clean, short
// lines, and nothing of it can leave its place in HTML.

#include <algorithm>

#include "adapters/decision_links/form.hpp"
#include "adapters/decision_links/links.hpp"
#include "adapters/decision_links/page.hpp"
#include "target.hpp"

namespace {

using namespace garita;
using fuzz::must;

const decision_links::Links& links() {
    static const decision_links::Links made = [] {
        decision_links::LinkSettings settings;
        settings.holders.resize(2);
        settings.holders[1].address = "ana@example.org";
        return decision_links::Links(runtime::Secret(std::string(32, 'k')), std::move(settings));
    }();
    return made;
}

}  // namespace

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
    const auto text = fuzz::text_of(data, size);
    if (const auto link = links().read(text)) must(link->holder != nullptr);
    if (const auto form = decision_links::read_form(text)) {
        must(form->response != Response::confirm);
        must(fuzz::printable(form->comment) && fuzz::printable(form->code));
        must(form->comment.size() <= 1200 && form->code.size() <= 48);
    }
    const auto safe = decision_links::escaped(text);
    must(safe.find_first_of("<>\"'") == std::string::npos);
    must(std::count(safe.begin(), safe.end(), '&') == std::count_if(text.begin(), text.end(), [](char c) {
             return std::string_view("<>\"'&").find(c) != std::string_view::npos;
         }));
    return 0;
}
