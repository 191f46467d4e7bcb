#include "decide/refusal.hpp"

#include "decide/foreign_text.hpp"

namespace garita::decide {
namespace {

/// "allow, block" → "Allow, Block address"
std::string labels_of(std::string_view words, const Reader& reader) {
    std::string labels;
    while (!words.empty()) {
        const auto comma = words.find(", ");
        const auto response = parse_response(words.substr(0, comma));
        if (response) labels += (labels.empty() ? "" : ", ") + response_label(*response, reader);
        words.remove_prefix(comma == std::string_view::npos ? words.size() : comma + 2);
    }
    return labels;
}

}  // namespace

std::string refusal_text(const Refusal& refusal, const Reader& reader) {
    if (refusal.key.empty()) return refusal.error.text;
    Facts facts;
    for (const auto& [name, value] : refusal.facts) {
        if (name == "response" || name == "answers")
            facts[name] = labels_of(value, reader);
        else if (name == "needed" || name == "has")
            facts[name] = reader.text("role." + value);
        else
            facts[name] = clean_line(value, 64);
    }
    const auto text = reader.text(refusal.key, facts);
    return text == refusal.key ? refusal.error.text : text;
}

}  // namespace garita::decide
