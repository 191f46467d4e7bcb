#include "access/html_text.hpp"

#include <algorithm>
#include <array>
#include <cstddef>
#include <cstdint>
#include <optional>
#include <utility>

namespace garita::access {

namespace {

char lower(char c) {
    return c >= 'A' && c <= 'Z' ? static_cast<char>(c - 'A' + 'a') : c;
}

bool is_space(char c) {
    return c == ' ' || c == '\t' || c == '\n' || c == '\r' || c == '\f';
}

bool is_letter(char c) {
    return lower(c) >= 'a' && lower(c) <= 'z';
}

std::string lower_of(std::string_view text) {
    std::string out(text);
    std::transform(out.begin(), out.end(), out.begin(), lower);
    return out;
}

template <std::size_t Size>
bool among(std::string_view word, const std::array<std::string_view, Size>& list) {
    return std::find(list.begin(), list.end(), word) != list.end();
}

void append_utf8(std::string& out, std::uint32_t c) {
    if (c < 0x80) {
        out += static_cast<char>(c);
        return;
    }
    if (c < 0x800) {
        out += static_cast<char>(0xC0U | (c >> 6U));
    } else {
        if (c < 0x10000) {
            out += static_cast<char>(0xE0U | (c >> 12U));
        } else {
            out += static_cast<char>(0xF0U | (c >> 18U));
            out += static_cast<char>(0x80U | ((c >> 12U) & 0x3FU));
        }
        out += static_cast<char>(0x80U | ((c >> 6U) & 0x3FU));
    }
    out += static_cast<char>(0x80U | (c & 0x3FU));
}

/// "#1072", "#x430"
std::optional<std::uint32_t> numbered(std::string_view name) {
    name.remove_prefix(1);
    const bool hex = !name.empty() && lower(name.front()) == 'x';
    if (hex) name.remove_prefix(1);
    if (name.empty() || name.size() > 7) return std::nullopt;
    std::uint32_t code = 0;
    for (const char c : name) {
        const auto small = lower(c);
        if (c >= '0' && c <= '9')
            code = code * (hex ? 16 : 10) + static_cast<std::uint32_t>(c - '0');
        else if (hex && small >= 'a' && small <= 'f')
            code = code * 16 + static_cast<std::uint32_t>(small - 'a' + 10);
        else
            return std::nullopt;
    }
    const bool character = code >= 0x20 && code <= 0x10FFFF && (code < 0xD800 || code > 0xDFFF);
    return character ? code : 0xFFFD;
}

std::optional<std::uint32_t> character_of(std::string_view name) {
    constexpr std::array<std::pair<std::string_view, std::uint32_t>, 24> known = {
        {{"amp", '&'},      {"lt", '<'},        {"gt", '>'},        {"quot", '"'},     {"apos", '\''},
         {"nbsp", 0xA0},    {"shy", 0xAD},      {"laquo", 0xAB},    {"raquo", 0xBB},   {"ndash", 0x2013},
         {"mdash", 0x2014}, {"hellip", 0x2026}, {"rsquo", 0x2019},  {"lsquo", 0x2018}, {"ldquo", 0x201C},
         {"rdquo", 0x201D}, {"bull", 0x2022},   {"middot", 0xB7},   {"ensp", 0x2002},  {"emsp", 0x2003},
         {"colon", ':'},    {"period", '.'},    {"hyphen", 0x2010}, {"zwnj", 0x200C}}};
    if (name.starts_with('#')) return numbered(name);
    for (const auto& [word, code] : known)
        if (word == name) return code;
    return std::nullopt;
}

/// A tag as it stands there, without its brackets.
struct Tag {
    std::string name;        ///< small letters
    std::string attributes;  ///< likewise, without blanks
    bool closing = false;
};

Tag tag_of(std::string_view inside) {
    Tag tag;
    if (inside.starts_with('/')) {
        tag.closing = true;
        inside.remove_prefix(1);
    }
    const auto end = static_cast<std::size_t>(
        std::find_if(inside.begin(), inside.end(), [](char c) { return is_space(c) || c == '/'; }) -
        inside.begin());
    tag.name = lower_of(inside.substr(0, end));
    tag.attributes = lower_of(inside.substr(end));
    tag.attributes.erase(std::remove_if(tag.attributes.begin(), tag.attributes.end(), is_space),
                         tag.attributes.end());
    return tag;
}

constexpr std::array<std::string_view, 10> unseen = {"script", "style",  "head",   "title",    "template",
                                                     "svg",    "object", "iframe", "noscript", "textarea"};
constexpr std::array<std::string_view, 30> blocks = {
    "p",       "div",    "br",         "tr",   "table", "li",    "ul",     "ol",   "h1",   "h2",
    "h3",      "h4",     "h5",         "h6",   "hr",    "dl",    "dt",     "dd",   "pre",  "section",
    "article", "header", "blockquote", "body", "html",  "tbody", "footer", "main", "form", "center"};
constexpr std::array<std::string_view, 12> without_end = {"br",   "hr",   "img", "input", "meta",   "link",
                                                          "area", "base", "col", "embed", "source", "wbr"};

bool hides(const Tag& tag) {
    if (among(tag.name, unseen)) return true;
    constexpr std::array<std::string_view, 5> ways = {"display:none", "visibility:hidden", "font-size:0;",
                                                      "font-size:0px", "mso-hide:all"};
    return std::any_of(ways.begin(), ways.end(),
                       [&](std::string_view way) { return tag.attributes.find(way) != std::string::npos; });
}

/// Where mail programs begin what they quote.
bool begins_quote(const Tag& tag) {
    constexpr std::array<std::string_view, 12> marks = {"gmail_quote",
                                                        "gmail_attr",
                                                        "moz-cite-prefix",
                                                        "yahoo_quoted",
                                                        "divrplyfwdmsg",
                                                        "appendonsend",
                                                        "protonmail_quote",
                                                        "zmail_extra",
                                                        "ms-outlook-mobile-reference-message",
                                                        "tutanota_quote",
                                                        "mail-editor-reference-message-container",
                                                        "fastmail-quoted"};
    if (tag.name != "div" && tag.name != "blockquote" && tag.name != "hr" && tag.name != "span") return false;
    return std::any_of(marks.begin(), marks.end(),
                       [&](std::string_view mark) { return tag.attributes.find(mark) != std::string::npos; });
}

class Reader {
  public:
    explicit Reader(std::string_view html) : rest_(html) {}

    std::string read() {
        while (!rest_.empty() && !over_) {
            if (rest_.front() == '<' && markup()) continue;
            if (rest_.front() == '&' && entity()) continue;
            put(rest_.front());
            rest_.remove_prefix(1);
        }
        return std::move(out_);
    }

  private:
    [[nodiscard]] bool is_hidden() const { return !hidden_.empty(); }

    /// False: the bracket is text.
    bool markup() {
        if (rest_.starts_with("<!--")) {
            skip_past("-->");
            return true;
        }
        if (rest_.size() < 2 ||
            (!is_letter(rest_[1]) && rest_[1] != '/' && rest_[1] != '!' && rest_[1] != '?'))
            return false;
        const auto end = end_of_tag();
        const auto tag = tag_of(rest_.substr(1, end - 1));
        rest_.remove_prefix(std::min(end + 1, rest_.size()));
        take(tag);
        return true;
    }

    /// A '>' within quotes does not end it.
    [[nodiscard]] std::size_t end_of_tag() const {
        constexpr std::size_t longest = 4096;  // beyond, the quote was none
        char quote = '\0';
        for (std::size_t i = 1; i < std::min(rest_.size(), longest); ++i) {
            const char c = rest_[i];
            if (quote != '\0') {
                if (c == quote) quote = '\0';
            } else if (c == '>') {
                return i;
            } else if ((c == '"' || c == '\'') && rest_[i - 1] == '=') {
                quote = c;
            }
        }
        return std::min(rest_.find('>'), rest_.size());
    }

    void take(const Tag& tag) {
        if (is_hidden()) {
            if (tag.name == hidden_ && !among(tag.name, without_end)) depth_ += tag.closing ? -1 : 1;
            if (depth_ == 0) hidden_.clear();
            return;
        }
        if (tag.closing) {
            if (tag.name == "blockquote" && quoted_ > 0) --quoted_;
        } else if (begins_quote(tag)) {
            over_ = true;
            return;
        } else if (hides(tag) && !among(tag.name, without_end)) {
            hidden_ = tag.name;
            depth_ = 1;
            if (among(tag.name, raw)) skip_raw(tag.name);
            return;
        } else if (tag.name == "blockquote") {
            ++quoted_;
        }
        if (tag.name == "br" && !line_begun_) out_ += '\n';
        if (among(tag.name, blocks)) end_line();
        if (tag.name == "td" || tag.name == "th") put(' ');
    }

    /// What stands in a script or style is no markup.
    void skip_raw(const std::string& name) {
        const auto mark = "</" + name;
        const auto end = std::search(rest_.begin(), rest_.end(), mark.begin(), mark.end(),
                                     [](char one, char other) { return lower(one) == other; });
        rest_.remove_prefix(static_cast<std::size_t>(end - rest_.begin()));
    }

    void skip_past(std::string_view mark) {
        const auto at = rest_.find(mark);
        rest_.remove_prefix(at == std::string_view::npos ? rest_.size() : at + mark.size());
    }

    bool entity() {
        const auto end = rest_.substr(0, 12).find(';');
        if (end == std::string_view::npos) return false;
        const auto code = character_of(rest_.substr(1, end - 1));
        if (!code) return false;
        rest_.remove_prefix(end + 1);
        if (*code == 0xA0)
            put(' ');
        else if (!is_hidden()) {
            begin_line();
            append_utf8(out_, *code);
        }
        return true;
    }

    void begin_line() {
        if (line_begun_) return;
        if (quoted_ > 0) out_ += "> ";
        line_begun_ = true;
    }

    void put(char c) {
        if (is_hidden()) return;
        if (is_space(c)) {
            if (line_begun_ && !out_.ends_with(' ')) out_ += ' ';
            return;
        }
        begin_line();
        out_ += c;
    }

    void end_line() {
        if (line_begun_) out_ += '\n';
        line_begun_ = false;
    }

    static constexpr std::array<std::string_view, 3> raw = {"script", "style", "title"};
    std::string_view rest_;
    std::string out_;
    bool line_begun_ = false;
    int quoted_ = 0;      ///< blockquotes around
    std::string hidden_;  ///< the element within which nothing is seen; empty: none
    int depth_ = 0;       ///< of elements of its name
    bool over_ = false;
};

}  // namespace

std::string html_text(std::string_view html) {
    return Reader(html).read();
}

}  // namespace garita::access
