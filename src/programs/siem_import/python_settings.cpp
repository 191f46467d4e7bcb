#include "programs/siem_import/python_settings.hpp"

#include <charconv>
#include <optional>

namespace garita::programs {

namespace {

constexpr int deepest = 32;  // brackets within brackets
constexpr std::size_t most_notes = 100;

bool begins_name(char c) {
    return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || c == '_' ||
           (static_cast<unsigned char>(c) & 0x80U);
}
bool is_digit(char c) {
    return c >= '0' && c <= '9';
}

void append_utf8(std::string& text, std::uint32_t code) {
    const auto put = [&](std::uint32_t byte) { text += static_cast<char>(static_cast<unsigned char>(byte)); };
    if (code < 0x80) return put(code);
    if (code < 0x800) return put(0xC0U | code >> 6U), put(0x80U | (code & 0x3FU));
    if (code < 0x10000)
        return put(0xE0U | code >> 12U), put(0x80U | (code >> 6U & 0x3FU)), put(0x80U | (code & 0x3FU));
    put(0xF0U | code >> 18U), put(0x80U | (code >> 12U & 0x3FU)), put(0x80U | (code >> 6U & 0x3FU));
    put(0x80U | (code & 0x3FU));
}

/// What percent decoding gives back as it was: all that matters of urllib.parse.quote.
std::string as_sent(std::string_view text) {
    std::string sent;
    for (const char c : text)
        if (c == '%' || c == '+')
            sent += c == '%' ? "%25" : "%2B";
        else
            sent += c;
    return sent;
}

class PythonReader {
  public:
    explicit PythonReader(std::string_view text) : text_(text) {
        if (text_.starts_with("\xEF\xBB\xBF")) at_ = 3;
    }

    PythonSettings run() {
        while (!over()) {
            const bool is_inner = (peek() == ' ' || peek() == '\t') && text_[at_ > 0 ? at_ - 1 : 0] != ';';
            skip_blanks();
            const int line = line_;
            if (is_line_over()) {
                skip_line();
            } else if (is_inner || !take_statement()) {
                // an inner line belongs to one that was told of already
                if (!is_inner) note(line);
                skip_line();
            }
        }
        return std::move(read_);
    }

  private:
    [[nodiscard]] bool over() const { return at_ >= text_.size(); }
    [[nodiscard]] char peek(std::size_t ahead = 0) const {
        return at_ + ahead < text_.size() ? text_[at_ + ahead] : '\0';
    }
    char take() {
        const char c = peek();
        if (c == '\n') ++line_;
        ++at_;
        return c;
    }
    bool take_if(char wanted) {
        if (over() || peek() != wanted) return false;
        take();
        return true;
    }
    [[nodiscard]] bool is_line_over() const {
        return over() || peek() == '\n' || peek() == '#' || peek() == ';' ||
               (peek() == '\r' && peek(1) == '\n');
    }
    void note(int line) {
        if (read_.not_understood.size() < most_notes) read_.not_understood.push_back(line);
    }

    /// Within brackets line ends are blanks, and so are comments.
    void skip_blanks(bool in_brackets = false) {
        while (!over()) {
            const char c = peek();
            if (c == '\\' && (peek(1) == '\n' || (peek(1) == '\r' && peek(2) == '\n')))
                at_ += peek(1) == '\n' ? 1 : 2, take();
            else if (c == ' ' || c == '\t' || c == '\f' || (c == '\r' && peek(1) == '\n') ||
                     (in_brackets && (c == '\n' || c == '\r')))
                take();
            else if (in_brackets && c == '#')
                while (!over() && peek() != '\n')
                    take();
            else
                return;
        }
    }
    void skip_line() {
        while (!over() && peek() != '\n' && peek() != ';')
            take();
        if (!over()) take();
    }
    std::string_view take_name() {
        const auto begin = at_;
        while (!over() && (begins_name(peek()) || is_digit(peek())))
            take();
        return text_.substr(begin, at_ - begin);
    }

    /// `name = value`, `name: type = value`, an import, or a text that stands alone. At its end the line is.
    bool take_statement() {
        if (peek() == '"' || peek() == '\'') return value(0).has_value() && is_end();
        if (!begins_name(peek())) return false;
        const int line = line_;
        const auto name = take_name();
        if (name == "import" || name == "from") {
            while (!over() && peek() != '\n')
                take();
            return is_end();
        }
        skip_blanks();
        if (take_if(':')) {
            skip_blanks();
            if (!begins_name(peek())) return false;
            take_name();
            skip_blanks();
        }
        if (!take_if('=') || peek() == '=') return false;
        skip_blanks();
        auto read = value(0);
        if (!read || !is_end()) return false;
        read_.all.push_back({std::string(name), std::move(*read), line});
        return true;
    }
    bool is_end() {
        skip_blanks();
        if (!is_line_over()) return false;
        skip_line_and_comment();
        return true;
    }
    void skip_line_and_comment() {
        if (peek() == '#')
            while (!over() && peek() != '\n')
                take();
        if (!over()) skip_line();
    }

    std::optional<PythonValue> value(int depth) {
        const char c = peek();
        if (c == '"' || c == '\'') return texts(depth > 0);
        if (is_digit(c) || c == '.' || c == '-' || c == '+') return number();
        if (c == '[' || c == '{' || c == '(') return bracketed(depth);
        if (!begins_name(c)) return std::nullopt;
        const auto name = take_name();
        if (peek() == '"' || peek() == '\'') return prefixed(name, depth > 0);
        if (name == "True" || name == "False") return PythonValue(name == "True");
        if (name == "None") return PythonValue();
        return called(name, depth);
    }

    /// r"…", b'…', u"…"; those that hold expressions are not understood.
    std::optional<PythonValue> prefixed(std::string_view prefix, bool in_brackets) {
        bool raw = false;
        if (prefix.size() > 2) return std::nullopt;
        for (const char c : prefix) {
            if (c == 'r' || c == 'R')
                raw = true;
            else if (c != 'b' && c != 'B' && c != 'u' && c != 'U')
                return std::nullopt;
        }
        return texts(in_brackets, raw);
    }
    /// One beside the other is one.
    std::optional<PythonValue> texts(bool in_brackets, bool raw = false) {
        std::string all;
        while (peek() == '"' || peek() == '\'') {
            if (!text(all, raw)) return std::nullopt;
            raw = false;
            skip_blanks(in_brackets);
            const bool next_is_raw = (peek() == 'r' || peek() == 'R') && (peek(1) == '"' || peek(1) == '\'');
            if (next_is_raw) take(), raw = true;
        }
        return PythonValue(std::move(all));
    }
    bool text(std::string& all, bool raw) {
        const char quote = take();
        const bool is_long = peek() == quote && peek(1) == quote;
        if (is_long) take(), take();
        while (!over()) {
            const char c = peek();
            if (c == quote && !is_long) return take(), true;
            if (c == quote && peek(1) == quote && peek(2) == quote) return take(), take(), take(), true;
            if (c == '\n' && !is_long) return false;
            take();
            if (c != '\\')
                all += c;
            else if (raw)
                all += c, all += over() ? '\\' : take();
            else if (!escape(all))
                return false;
        }
        return false;
    }
    bool escape(std::string& all) {
        static constexpr std::string_view letters = "\\'\"abfnrtv\n";
        static constexpr std::string_view meanings = "\\'\"\a\b\f\n\r\t\v";
        const char c = take();
        if (const auto place = letters.find(c); place != std::string_view::npos) {
            if (c != '\n') all += meanings[place];
            return true;
        }
        if (c == 'x' || c == 'u' || c == 'U') return code(all, c == 'x' ? 2 : c == 'u' ? 4 : 8);
        if (is_digit(c)) return false;  // octal: nobody's
        all += '\\';
        all += c;
        return true;
    }
    bool code(std::string& all, std::size_t digits) {
        std::uint32_t number = 0;
        if (at_ + digits > text_.size()) return false;
        const auto [stop, error] =
            std::from_chars(text_.data() + at_, text_.data() + at_ + digits, number, 16);
        if (error != std::errc{} || stop != text_.data() + at_ + digits || number > 0x10FFFF) return false;
        if (number >= 0xD800 && number < 0xE000) return false;  // half a character: no text has it
        at_ += digits;
        append_utf8(all, number);
        return true;
    }

    std::optional<PythonValue> number() {
        const bool is_negative = peek() == '-';
        if (peek() == '-' || peek() == '+') take();
        std::string digits;
        while (is_digit(peek()) || peek() == '.' || peek() == '_' || peek() == 'e')
            if (const char c = take(); c != '_') digits += c;
        double read = 0;
        const auto [stop, error] = std::from_chars(digits.data(), digits.data() + digits.size(), read);
        if (digits.empty() || error != std::errc{} || stop != digits.data() + digits.size())
            return std::nullopt;
        return PythonValue(is_negative ? -read : read);
    }

    /// Round brackets around one value are nothing but brackets.
    std::optional<PythonValue> bracketed(int depth) {
        if (depth == deepest) return std::nullopt;
        const char open = take();
        const char close = open == '(' ? ')' : open == '[' ? ']' : '}';
        std::optional<PythonValue> only;
        int values = 0;
        bool separated = false;
        for (;;) {
            skip_blanks(true);
            if (take_if(close)) break;
            if (values > 0 && !separated) return std::nullopt;
            auto one = value(depth + 1);
            if (!one) return std::nullopt;
            if (++values == 1) only = std::move(one);
            skip_blanks(true);
            separated = take_if(',') || (open == '{' && take_if(':'));
        }
        if (open == '(' && values == 1 && !separated) return only;
        return PythonValue(PythonOther{});
    }

    /// timedelta(hours=3), datetime.timedelta(hours=3): the number. urllib.parse.quote("a@b"): the text as it
    /// is sent. No other call is understood.
    std::optional<PythonValue> called(std::string_view name, int depth) {
        while (peek() == '.' && begins_name(peek(1))) {
            take();
            name = take_name();
        }
        const bool quotes = name == "quote" || name == "quote_plus";
        if ((name != "timedelta" && !quotes) || depth == deepest || !take_if('(')) return std::nullopt;
        skip_blanks(true);
        auto inner = quotes ? value(depth + 1) : hours();
        skip_blanks(true);
        if (!inner || !take_if(')')) return std::nullopt;
        if (!quotes) return inner;
        const auto* const plain = std::get_if<std::string>(&*inner);
        return plain == nullptr ? std::nullopt : std::optional<PythonValue>(as_sent(*plain));
    }
    std::optional<PythonValue> hours() {
        if (take_name() != "hours") return std::nullopt;
        skip_blanks(true);
        if (!take_if('=')) return std::nullopt;
        skip_blanks(true);
        return number();
    }

    std::string_view text_;
    std::size_t at_ = 0;
    int line_ = 1;
    PythonSettings read_;
};

}  // namespace

const PythonSetting* PythonSettings::find(std::string_view name) const {
    const PythonSetting* found = nullptr;
    for (const auto& one : all)
        if (one.name == name) found = &one;
    return found;
}

PythonSettings read_python_settings(std::string_view text) {
    return PythonReader(text).run();
}

}  // namespace garita::programs
