#include "adapters/sinks/hidden_words.hpp"

#include <algorithm>

namespace garita::sinks {

namespace {

/// What is shorter is no secret, and "4" would hide every four.
constexpr std::size_t shortest_whole = 6;
/// Shorter parts of a path ("services", "webhooks") are words as others are.
constexpr std::size_t shortest_part = 12;
/// Behind a scheme ("Bearer ") or a name stands the secret itself.
constexpr std::size_t shortest_credential = 6;

void add_parts(std::vector<std::string>& words, std::string_view text, std::string_view separators,
               std::size_t shortest) {
    while (!text.empty()) {
        const auto end = std::min(text.find_first_of(separators), text.size());
        if (end >= shortest) words.emplace_back(text.substr(0, end));
        text.remove_prefix(std::min(end + 1, text.size()));
    }
}

}  // namespace

std::vector<std::string> hidden_words(std::string_view user, std::string_view target,
                                      const std::map<std::string, runtime::Secret>& headers) {
    std::vector<std::string> words;
    for (const auto whole : {user, target})
        if (whole.size() >= shortest_whole) words.emplace_back(whole);
    add_parts(words, user.substr(std::min(user.find(':'), user.size())), ":", shortest_credential);
    add_parts(words, target, "/?&=", shortest_part);
    for (const auto& [name, value] : headers) {
        const auto text = value.reveal();
        if (text.size() >= shortest_whole) words.emplace_back(text);
        const auto behind = text.find(' ');
        if (behind != std::string_view::npos)
            add_parts(words, text.substr(behind + 1), " ,;", shortest_credential);
    }
    std::sort(words.begin(), words.end(), [](const std::string& a, const std::string& b) {
        return a.size() != b.size() ? a.size() > b.size() : a < b;
    });
    words.erase(std::unique(words.begin(), words.end()), words.end());
    return words;
}

}  // namespace garita::sinks
