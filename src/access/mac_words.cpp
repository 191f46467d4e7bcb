#include "access/mac_words.hpp"

#include <algorithm>
#include <array>
#include <cstdint>
#include <utility>

#include "model/foreign_text.hpp"

namespace garita::access {

namespace {

using Joint = MacWord::Joint;

constexpr std::size_t longest_lower = 32;

char lower(char c) {
    return c >= 'A' && c <= 'Z' ? static_cast<char>(c - 'A' + 'a') : c;
}

bool is_decimal(std::uint32_t c) {
    return c >= '0' && c <= '9';
}

/// The digit that people see there; 0: none.
char hex_digit(std::uint32_t c) {
    if (c < 0x80) {
        const char small = lower(static_cast<char>(c));
        if (small == 'o') return '0';
        return is_decimal(c) || (small >= 'a' && small <= 'f') ? small : '\0';
    }
    constexpr std::array<std::pair<std::uint32_t, char>, 10> cyrillic = {{{0x410, 'a'},
                                                                          {0x430, 'a'},
                                                                          {0x412, 'b'},
                                                                          {0x432, 'b'},
                                                                          {0x421, 'c'},
                                                                          {0x441, 'c'},
                                                                          {0x415, 'e'},
                                                                          {0x435, 'e'},
                                                                          {0x41E, '0'},
                                                                          {0x43E, '0'}}};
    for (const auto& [code, digit] : cyrillic)
        if (code == c) return digit;
    return '\0';
}

bool is_word(const Character& character) {
    const std::uint32_t c = character.code;
    if (!character.valid) return false;
    if (c < 0x80)
        return is_decimal(c) || (lower(static_cast<char>(c)) >= 'a' && lower(static_cast<char>(c)) <= 'z') ||
               c == '_';
    if (c < 0xC0) return c == 0xAA || c == 0xB5 || c == 0xBA;
    const bool sign = c == 0xD7 || c == 0xF7 || (c >= 0x2000 && c <= 0x2BFF) ||
                      (c >= 0x2E00 && c <= 0x2E7F) || (c >= 0x3000 && c <= 0x3030) ||
                      (c >= 0xFE10 && c <= 0xFE6F) || (c >= 0xFF01 && c <= 0xFF0F) || c == 0xFFFD ||
                      (c >= 0x1F000 && c < 0x20000);
    return !sign;
}

void append_lower(std::string& out, const Character& character, std::string_view bytes) {
    if (character.code >= 0x410 && character.code <= 0x42F) {
        const std::uint32_t small = character.code + 0x20;
        out += static_cast<char>(0xC0U | (small >> 6U));
        out += static_cast<char>(0x80U | (small & 0x3FU));
    } else if (character.bytes == 1) {
        out += lower(bytes.front());
    } else {
        out += bytes;
    }
}

/// A character between words, the many dashes and blanks as one each.
char sign_of(const Character& character) {
    const std::uint32_t c = character.code;
    if (!character.valid) return '?';
    if (c == '\r' || c == '\t' || c == 0xA0 || (c >= 0x2000 && c <= 0x200A) || c == 0x202F || c == 0x3000)
        return ' ';
    if (c == 0x2028 || c == 0x2029) return '\n';
    if ((c >= 0x2010 && c <= 0x2015) || c == 0x2212) return '-';
    return c < 0x80 ? static_cast<char>(c) : '?';
}

Joint joint_of(std::string_view gap) {
    if (gap.starts_with("::") || gap.ends_with("::")) return Joint::double_colon;
    if (gap == ".") return Joint::dot;
    const auto lines = std::count(gap.begin(), gap.end(), '\n');
    const bool led = !gap.empty() && (gap.front() == ':' || gap.front() == '-');
    const auto rest = gap.substr(led ? 1 : 0);
    if (rest.find_first_not_of(" \n") != std::string_view::npos || lines > 1) return Joint::other;
    if (led) return rest.empty() || lines == 1 ? static_cast<Joint>(gap.front()) : Joint::other;
    if (gap.empty()) return Joint::other;
    return lines == 1 ? Joint::line : Joint::blank;
}

/// Reads a text once, from its beginning to its end.
class WordReader {
  public:
    explicit WordReader(std::string_view text) : text_(text) {}

    std::vector<MacWord> read() {
        while (at_ < text_.size()) {
            const auto character = first_character(text_.substr(at_));
            if (risk_of(character) != CharacterRisk::hidden) take(character);
            at_ += character.bytes;
        }
        finish_word();
        finish_address();
        MacWord end;
        end.begin = end.end = text_.size();
        // a sign at the very end joins nothing
        if (joint_of(gap_) == Joint::double_colon) end.before = Joint::double_colon;
        words_.push_back(std::move(end));
        return std::move(words_);
    }

  private:
    void take(const Character& character) {
        if (is_word(character)) {
            if (!inside_) begin_word();
            add(character);
            return;
        }
        finish_word();
        const char sign = sign_of(character);
        gap_ += sign;
        if (sign == '@' || gap_.ends_with("://")) address_ = true;
        constexpr std::string_view apart = " \n,;()[]{}<>\"'|`";
        if (apart.find(sign) != std::string_view::npos) finish_address();
        if (gap_.size() > 64) gap_.erase(1, 32);  // of endless gaps the edges count
    }

    void begin_word() {
        inside_ = true;
        hex_ = true;
        word_ = {};
        word_.begin = at_;
        word_.before = joint_of(gap_);
        word_.last_before = last_sign();
    }

    void add(const Character& character) {
        const char digit = hex_digit(character.code);
        const auto bytes = text_.substr(at_, character.bytes);
        word_.ascii = word_.ascii && character.code < 0x80;
        word_.decimal = word_.decimal && is_decimal(character.code);
        word_.letters = word_.letters && !is_decimal(character.code);
        const bool prefix = (character.code == 'x' || character.code == 'X') && word_.digits == "0";
        if (prefix)
            word_.digits.clear();
        else if (digit == '\0' || word_.digits.size() > 12)
            hex_ = false;
        else
            word_.digits += digit;
        if (word_.lower.size() <= longest_lower) append_lower(word_.lower, character, bytes);
        word_.end = at_ + character.bytes;
    }

    void finish_word() {
        if (!inside_) return;
        inside_ = false;
        if (!hex_) word_.digits.clear();
        if (word_.lower.size() > longest_lower) word_.lower.clear();
        words_.push_back(std::move(word_));
        gap_.clear();
    }

    void finish_address() {
        if (address_)
            for (std::size_t i = address_begin_; i < words_.size(); ++i)
                words_[i].digits.clear();
        address_ = false;
        address_begin_ = words_.size();
    }

    [[nodiscard]] char last_sign() const {
        return gap_.empty() || gap_.back() == ' ' || gap_.back() == '\n' ? '\0' : gap_.back();
    }

    std::string_view text_;
    std::size_t at_ = 0;
    std::vector<MacWord> words_;
    MacWord word_;
    bool inside_ = false;
    bool hex_ = true;
    std::string gap_;  ///< since the last word
    bool address_ = false;
    std::size_t address_begin_ = 0;  ///< word
};

}  // namespace

std::vector<MacWord> mac_words(std::string_view text) {
    return WordReader(text).read();
}

}  // namespace garita::access
