#pragma once
// A bounded walk over one JSON text that builds no document: for lines of logs, of which little is wanted.

#include <cstring>
#include <string_view>

#include "detect/text_scan.hpp"

namespace garita::detect {

/// Every call says whether the text went on as it must. Goes at most 32 deep.
class JsonCursor {
  public:
    explicit JsonCursor(std::string_view text) : text_(text) {}

    void blanks() {
        while (!text_.empty() && std::strchr(" \t\r\n", text_.front()) != nullptr && text_.front() != '\0')
            text_.remove_prefix(1);
    }
    [[nodiscard]] bool eat(char c) {
        blanks();
        if (text_.empty() || text_.front() != c) return false;
        text_.remove_prefix(1);
        return true;
    }
    [[nodiscard]] bool next_is(char c) {
        blanks();
        return !text_.empty() && text_.front() == c;
    }
    [[nodiscard]] bool at_end() {
        blanks();
        return text_.empty();
    }
    /// A string, as it stands between its quotes.
    [[nodiscard]] bool string(std::string_view& raw) {
        if (!eat('"')) return false;
        for (std::size_t at = 0; at < text_.size(); ++at) {
            if (text_[at] == '\\') {
                ++at;
            } else if (text_[at] == '"') {
                raw = text_.substr(0, at);
                text_.remove_prefix(at + 1);
                return true;
            }
        }
        return false;
    }
    /// A number, true, false or null.
    [[nodiscard]] bool bare(std::string_view& raw) {
        blanks();
        std::size_t size = 0;
        while (size < text_.size() && is_bare(text_[size]))
            ++size;
        raw = text_.substr(0, size);
        text_.remove_prefix(size);
        return size != 0;
    }
    /// Any value, without looking into it.
    [[nodiscard]] bool skip() {
        std::string_view ignored;
        unsigned depth = 0;
        do {
            blanks();
            if (text_.empty()) return false;
            const char c = text_.front();
            if (c == '"') {
                if (!string(ignored)) return false;
            } else if (c == '{' || c == '[') {
                if (++depth > max_depth) return false;
                text_.remove_prefix(1);
            } else if (c == '}' || c == ']' || ((c == ',' || c == ':') && depth != 0)) {
                if (depth == 0) return false;
                if (c == '}' || c == ']') --depth;
                text_.remove_prefix(1);
            } else if (!bare(ignored)) {
                return false;
            }
        } while (depth != 0);
        return true;
    }

  private:
    static constexpr unsigned max_depth = 32;
    static bool is_bare(char c) {
        return is_digit(c) || (c >= 'a' && c <= 'z') || c == '-' || c == '+' || c == '.' || c == 'E';
    }
    std::string_view text_;
};

}  // namespace garita::detect
