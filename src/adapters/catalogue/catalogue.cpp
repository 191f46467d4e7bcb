#include "adapters/catalogue/catalogue.hpp"

#include <algorithm>
#include <stdexcept>

namespace garita::catalogue {

namespace {

constexpr std::string_view fallback = "en";

bool is_name(std::string_view text) {
    return !text.empty() && std::all_of(text.begin(), text.end(), [](char c) {
        return (c >= 'a' && c <= 'z') || (c >= '0' && c <= '9') || c == '_';
    });
}

/// Calls plain(text) and placeholder(name) for the pieces in their order.
template <typename Plain, typename Placeholder>
void walk(std::string_view text, Plain plain, Placeholder placeholder) {
    while (!text.empty()) {
        const auto open = text.find('{');
        const auto close = open == text.npos ? text.npos : text.find('}', open);
        if (close == text.npos) {
            plain(text);
            return;
        }
        const auto name = text.substr(open + 1, close - open - 1);
        if (is_name(name)) {
            plain(text.substr(0, open));
            placeholder(name);
            text.remove_prefix(close + 1);
        } else {
            plain(text.substr(0, open + 1));
            text.remove_prefix(open + 1);
        }
    }
}

}  // namespace

std::string fill_in(std::string_view text, const Facts& facts) {
    std::string filled;
    walk(
        text, [&](std::string_view plain) { filled += plain; },
        [&](std::string_view name) {
            const auto fact = facts.find(name);
            filled += fact == facts.end() ? std::string_view("?") : std::string_view(fact->second);
        });
    return filled;
}

std::vector<std::string> placeholders(std::string_view text) {
    std::vector<std::string> names;
    walk(
        text, [](std::string_view) {}, [&](std::string_view name) { names.emplace_back(name); });
    return names;
}

MessageCatalogue::MessageCatalogue() : MessageCatalogue(embedded_languages()) {}

MessageCatalogue::MessageCatalogue(const std::vector<EmbeddedLanguage>& languages) {
    for (const auto& [language, mo] : languages) {
        auto file = MoFile::parse(mo);
        if (!file) throw std::logic_error(std::string(language) + ": " + file.error().text);
        languages_.emplace(std::string(language), std::move(*file));
    }
    if (!languages_.contains(fallback)) throw std::logic_error("the message catalogue has no English");
}

std::string_view MessageCatalogue::find(std::string_view language, std::string_view key) const {
    for (const auto candidate : {language, fallback}) {
        const auto found = languages_.find(candidate);
        if (found == languages_.end()) continue;
        if (const auto text = found->second.find(key); !text.empty()) return text;
    }
    return key;
}

std::string MessageCatalogue::text(std::string_view language, std::string_view key,
                                   const Facts& facts) const {
    return fill_in(find(language, key), facts);
}

std::vector<std::string> MessageCatalogue::languages() const {
    std::vector<std::string> names;
    for (const auto& [language, file] : languages_)
        names.push_back(language);
    return names;
}

}  // namespace garita::catalogue
