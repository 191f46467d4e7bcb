#include "runtime/process/command.hpp"

#include <algorithm>

namespace garita::runtime {
namespace {

constexpr std::size_t longest_words = 300;

/// The last lines, joined, and nothing that would move a cursor.
std::string last_words(std::string_view text) {
    while (!text.empty() && (text.back() == '\n' || text.back() == '\r' || text.back() == ' '))
        text.remove_suffix(1);
    if (text.size() > longest_words) text.remove_prefix(text.size() - longest_words);
    std::string clean(text);
    std::replace_if(
        clean.begin(), clean.end(), [](char c) { return static_cast<unsigned char>(c) < 0x20 || c == 0x7f; },
        ' ');
    return clean;
}

}  // namespace

std::string describe(const CommandEnd& end) {
    std::string text;
    switch (end.how) {
        case CommandEnd::How::exited:
            text = "ended with exit code " + std::to_string(end.code);
            break;
        case CommandEnd::How::signalled:
            text = "was killed by signal " + std::to_string(end.code);
            break;
        case CommandEnd::How::timed_out:
            text = "did not end in time and was stopped";
            break;
        case CommandEnd::How::flooded:
            text = "said more than it may and was stopped";
            break;
    }
    if (auto words = last_words(end.errors); !words.empty()) text += ": " + words;
    return text;
}

}  // namespace garita::runtime
