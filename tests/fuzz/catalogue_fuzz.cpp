// Any bytes as a compiled message catalogue, and any text with placeholders. Invariants: views lie inside the
// bytes, what is listed is found, and a text without facts keeps its plain parts.

#include <string>

#include "adapters/catalogue/catalogue.hpp"
#include "target.hpp"

namespace {

using namespace garita;
using fuzz::inside;
using fuzz::must;

void file(std::string_view bytes) {
    const auto parsed = catalogue::MoFile::parse(bytes);
    if (!parsed) {
        must(fuzz::printable(parsed.error().text));
        return;
    }
    for (const auto& [id, text] : parsed->messages()) {
        must(!id.empty() && inside(id, bytes) && inside(text, bytes));
        (void)parsed->find(id);
    }
    must(parsed->messages().size() <= bytes.size() / 16);
    const catalogue::MessageCatalogue words({{"en", bytes}, {"es", bytes}});
    for (const auto& [id, text] : parsed->messages())
        must(!words.text("es", id, {}).empty() || !text.empty() || !id.empty());
}

void placeholders(std::string_view text) {
    const auto names = catalogue::placeholders(text);
    std::size_t in_braces = 0;
    Facts facts;
    for (const auto& name : names) {
        in_braces += name.size() + 2;
        facts[name] = "";
    }
    must(catalogue::fill_in(text, facts).size() == text.size() - in_braces);
    must(catalogue::fill_in(text, {}).size() == text.size() - in_braces + names.size());
}

}  // namespace

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
    const auto text = fuzz::text_of(data, size);
    file(text);
    placeholders(text);
    return 0;
}
