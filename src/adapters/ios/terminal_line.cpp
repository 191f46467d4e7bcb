#include "adapters/ios/terminal_line.hpp"

#include <algorithm>

namespace garita::ios {
namespace {

constexpr char escape_character = '\x1b';
constexpr char bell = '\x07';
constexpr char rub_out = '\x7f';

}  // namespace

TerminalLine::Took TerminalLine::put(char c) {
    if (c == '\n') {  // no sequence goes over the end of a line
        in_ = In::text;
        return Took::line_end;
    }
    switch (in_) {
        case In::text:
            return write(c);
        case In::escape:
            escape(c);
            break;
        case In::charset:
            in_ = In::text;
            break;
        case In::title:  // up to a bell or ESC backslash
            if (c == bell) in_ = In::text;
            if (c == escape_character) in_ = In::title_escape;
            break;
        case In::title_escape:
            in_ = c == '\\' ? In::text : In::title;
            break;
        case In::sequence:
            if (c >= '0' && c <= '9')
                parameter_ = std::min(parameter_ * 10 + static_cast<std::size_t>(c - '0'), longest);
            else if (c >= '\x40' && c <= '\x7e')
                end_sequence(c);
            break;
    }
    return Took::character;
}

void TerminalLine::escape(char c) {
    parameter_ = 0;
    if (c == '[')
        in_ = In::sequence;
    else if (c == ']')
        in_ = In::title;
    else if (c == '(' || c == ')')
        in_ = In::charset;
    else
        in_ = In::text;
}

void TerminalLine::end_sequence(char c) {
    in_ = In::text;
    const std::size_t steps = std::max<std::size_t>(parameter_, 1);
    if (c == 'K' && parameter_ == 0) text_.resize(std::min(text_.size(), cursor_));
    if (c == 'K' && parameter_ == 2) text_.assign(cursor_, ' ');
    if (c == 'J') text_.resize(std::min(text_.size(), cursor_));
    if (c == 'D') cursor_ -= std::min(cursor_, steps);
    if (c == 'C') cursor_ = std::min(cursor_ + steps, text_.size());
}

TerminalLine::Took TerminalLine::write(char c) {
    constexpr std::size_t tab = 8;
    if (c == '\r') cursor_ = 0;
    if (c == '\b' && cursor_ > 0) --cursor_;
    if (c == escape_character) in_ = In::escape;
    if (c == '\t') {
        auto took = write(' ');
        while (took == Took::character && cursor_ % tab != 0)
            took = write(' ');
        return took;
    }
    const bool seen = static_cast<unsigned char>(c) >= 0x20 && c != rub_out;
    if (!seen) return Took::character;
    if (cursor_ < text_.size()) {
        text_[cursor_] = c;
    } else {
        if (text_.size() >= longest) return Took::too_long;
        text_ += c;
    }
    ++cursor_;
    return Took::character;
}

void TerminalLine::clear() {
    text_.clear();
    cursor_ = 0;
    in_ = In::text;
}

}  // namespace garita::ios
