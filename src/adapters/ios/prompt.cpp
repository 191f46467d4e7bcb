#include "adapters/ios/prompt.hpp"

#include "adapters/ios/words.hpp"

namespace garita::ios {
namespace {

constexpr std::size_t longest = 80;

std::string_view without_blanks_behind(std::string_view text) {
    while (!text.empty() && text.back() == ' ')
        text.remove_suffix(1);
    return text;
}

}  // namespace

Prompt::Prompt(std::string_view learnt) {
    learnt = without_blanks_behind(learnt);
    name_ = learnt.substr(0, learnt.empty() ? 0 : learnt.size() - 1);
}

bool Prompt::looks_like_one(std::string_view text) {
    text = without_blanks_behind(text);
    return text.size() >= 2 && text.size() <= longest && (text.back() == '#' || text.back() == '>');
}

bool Prompt::is_cut_name(std::string_view text) const {
    constexpr std::size_t least = 12;  // IOS leaves more than this
    return text == name_ || (text.size() >= least && std::string_view(name_).starts_with(text));
}

Prompt::Mode Prompt::mode_of(std::string_view text) const {
    text = without_blanks_behind(text);
    if (name_.empty() || text.size() < 2) return Mode::none;
    const char end = text.back();
    const auto before = text.substr(0, text.size() - 1);
    if (end == '>') return before == name_ ? Mode::user : Mode::none;
    if (end != '#') return Mode::none;
    if (before == name_) return Mode::privileged;
    const auto bracket = before.rfind("(config");
    if (bracket == std::string_view::npos || before.back() != ')') return Mode::none;
    return is_cut_name(before.substr(0, bracket)) ? Mode::configuration : Mode::none;
}

std::string_view Prompt::without(std::string_view line) const {
    if (name_.empty()) return line;
    for (auto at = line.find_first_of("#>"); at < longest; at = line.find_first_of("#>", at + 1))
        if (mode_of(line.substr(0, at + 1)) != Mode::none) return line.substr(at + 1);
    return line;
}

}  // namespace garita::ios
