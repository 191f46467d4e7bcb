#include "adapters/mail/letter.hpp"

#include <algorithm>
#include <array>

#include <fmt/format.h>

#include "adapters/mail/encoding.hpp"
#include "decide/foreign_text.hpp"

namespace garita::mail {

namespace {

constexpr std::size_t longest_subject = 160;
constexpr std::size_t longest_text_line = 2000;

/// Addresses and ids come from settings and from our own pen; what cannot stand in them is left out all the
/// same.
std::string token(std::string_view text) {
    std::string out;
    for (const char c : text)
        if (c > ' ' && c < '\x7f' && c != '<' && c != '>') out += c;
    return out;
}

std::string header(std::string_view name, std::string_view value) {
    return fmt::format("{}: {}\r\n", name, value);
}

std::string subject_header(std::string_view subject) {
    const auto line = decide::clean_line(subject, longest_subject);
    const bool as_it_is = is_ascii(line) && line.find("=?") == std::string::npos &&
                          line.size() + std::string_view("Subject: ").size() <= longest_line;
    return header("Subject", as_it_is ? line : encoded_words(line));
}

/// Each line cleaned: valid UTF-8 without control characters.
std::string clean_lines(std::string_view text) {
    std::string out;
    while (!text.empty()) {
        const auto end = std::min(text.find('\n'), text.size());
        auto line = text.substr(0, end);
        // clean_line may take the indentation of an example away
        const auto indent = std::min(line.find_first_not_of(' '), line.size());
        out.append(indent, ' ')
            .append(decide::clean_line(line.substr(indent), longest_text_line))
            .append("\n");
        text.remove_prefix(std::min(end + 1, text.size()));
    }
    return out;
}

/// What is encoded as bytes carries the line ends of mail.
std::string with_mail_line_ends(std::string_view text) {
    std::string out;
    for (const char c : text)
        if (c == '\n')
            out += "\r\n";
        else
            out += c;
    return out;
}

/// Its headers and the text.
std::string text_part(std::string_view lines) {
    std::string out = header("Content-Type", "text/plain; charset=utf-8");
    const auto text = clean_lines(lines);
    const auto foreign = static_cast<std::size_t>(std::count_if(
        text.begin(), text.end(), [](char c) { return static_cast<unsigned char>(c) >= 0x80; }));
    // quoted-printable stays readable in the raw; Cyrillic would be three times as long in it
    const bool quoted = foreign * 6 < text.size();
    out += header("Content-Transfer-Encoding", quoted ? "quoted-printable" : "base64");
    out += "\r\n";
    out += quoted ? quoted_printable(text) : base64_lines(with_mail_line_ends(text));
    return out;
}

/// Neither encoding ever writes "=_" (RFC 2045).
constexpr std::string_view boundary = "=_garita_=_";

std::string file_name(std::string_view text) {
    constexpr std::size_t longest = 40;
    std::string out;
    for (const char c : text.substr(0, longest))
        if ((c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9') || c == '.' ||
            c == '_' || c == '-')
            out += c;
    return out;
}

}  // namespace

std::string mail_date(Time at) {
    using namespace std::chrono;
    constexpr std::array<std::string_view, 7> days = {"Sun", "Mon", "Tue", "Wed", "Thu", "Fri", "Sat"};
    constexpr std::array<std::string_view, 12> months = {"Jan", "Feb", "Mar", "Apr", "May", "Jun",
                                                         "Jul", "Aug", "Sep", "Oct", "Nov", "Dec"};
    const auto day = floor<std::chrono::days>(at);
    const year_month_day date{day};
    const hh_mm_ss time{floor<seconds>(at - day)};
    return fmt::format("{}, {:02} {} {:04} {:02}:{:02}:{:02} +0000", days.at(weekday{day}.c_encoding()),
                       static_cast<unsigned>(date.day()), months.at(static_cast<unsigned>(date.month()) - 1),
                       static_cast<int>(date.year()), time.hours().count(), time.minutes().count(),
                       time.seconds().count());
}

std::string to_mime(const Letter& letter) {
    std::string out = header("Date", mail_date(letter.date));
    out += header("From", "Garita <" + token(letter.from) + '>');
    out += header("To", '<' + token(letter.to) + '>');
    out += subject_header(letter.subject);
    out += header("Message-ID", '<' + token(letter.id) + '>');
    if (!letter.answers.empty())
        for (const auto* name : {"In-Reply-To", "References"})
            out += header(name, '<' + token(letter.answers) + '>');
    // neither holiday notices nor loops come of it
    const bool by_letter = letter.cause == Letter::Cause::letter;
    out += header("Auto-Submitted", by_letter ? "auto-replied" : "auto-generated");
    out += header("X-Auto-Response-Suppress", "All");
    if (!letter.about.empty()) out += header("X-Garita", decide::clean_line(letter.about, 60));
    out += header("MIME-Version", "1.0");
    const auto name = file_name(letter.attachment.name);
    if (name.empty()) return out + text_part(letter.text);
    out += header("Content-Type", fmt::format("multipart/mixed; boundary=\"{}\"", boundary));
    out += "\r\n";
    out += fmt::format("--{}\r\n{}\r\n", boundary, text_part(letter.text));
    out += fmt::format("--{}\r\nContent-Disposition: attachment; filename=\"{}\"\r\n{}\r\n", boundary, name,
                       text_part(letter.attachment.text));
    out += fmt::format("--{}--\r\n", boundary);
    return out;
}

}  // namespace garita::mail
