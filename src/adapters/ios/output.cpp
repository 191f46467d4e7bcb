#include "adapters/ios/output.hpp"

#include <algorithm>

#include "adapters/ios/command.hpp"
#include "adapters/ios/log_line.hpp"
#include "adapters/ios/refusal.hpp"
#include "adapters/ios/terminal_line.hpp"
#include "adapters/ios/words.hpp"

namespace garita::ios {
namespace {

using Lines = std::vector<OutputLine>;

std::string clean(std::string_view text) {
    constexpr std::size_t longest = 120;
    std::string out;
    for (const char c : text.substr(0, longest))
        out += static_cast<unsigned char>(c) < 0x20 || c == '\x7f' ? '?' : c;
    if (text.size() > longest) out += "...";
    return out;
}

/// Without what a client that does not understand backspaces leaves of the paging. How far the line was
/// indented cannot be told any more; by one, as lines of a configuration are.
std::string without_paging(std::string_view line) {
    constexpr std::string_view more = "--More--";
    const auto text = trimmed(line);
    if (!text.starts_with(more)) return std::string(line);
    const auto rest = trimmed(text.substr(more.size()));
    return rest.empty() || prompt_in(rest).found ? std::string(rest) : " " + std::string(rest);
}

Result<Lines> lines_of(std::string_view bytes) {
    Lines lines;
    TerminalLine line;
    std::size_t number = 1;
    const auto end_line = [&] {
        auto text = without_paging(line.text());
        while (!text.empty() && text.back() == ' ')
            text.pop_back();
        if (!is_log_line(text)) lines.push_back({number, std::move(text)});
        line.clear();
    };
    for (const char c : bytes) {
        const auto took = line.put(c);
        if (took == TerminalLine::Took::too_long)
            return fail(ErrorCode::invalid, "line " + std::to_string(number) + ": is longer than " +
                                                std::to_string(TerminalLine::longest) + " characters");
        if (took != TerminalLine::Took::line_end) continue;
        end_line();
        ++number;
    }
    end_line();
    return lines;
}

bool is_time_of_output(std::string_view line) {
    return line.starts_with("Load for five secs: ") || line.starts_with("Time source is ") ||
           line.starts_with("No time source, ");
}

bool is_farewell(std::string_view line) {
    return begins_with(line, "Connection to ") && line.find(" closed") != std::string_view::npos;
}

/// Prompts, the echo, and what `terminal exec prompt timestamp` prints.
bool belongs_to_beginning(const OutputLine& line, std::string& echo) {
    if (line.empty() || is_time_of_output(line.text)) return true;
    if (const auto prompt = prompt_in(line.text); prompt.found) {
        if (!prompt.typed.empty()) echo = prompt.typed;
        return true;
    }
    if (!looks_like_show(line.text)) return false;
    echo = line.text;
    return true;
}

bool belongs_to_end(const OutputLine& line) {
    return line.empty() || prompt_in(line.text).found || is_farewell(line.text);
}

void cut_ends(Output& out) {
    auto& lines = out.lines;
    const auto first = std::find_if(lines.begin(), lines.end(), [&](const OutputLine& line) {
        return !belongs_to_beginning(line, out.echo);
    });
    lines.erase(lines.begin(), first);
    while (!lines.empty() && belongs_to_end(lines.back()))
        lines.pop_back();
}

}  // namespace

PromptLine prompt_in(std::string_view line) {
    constexpr std::size_t longest = 80;
    constexpr std::string_view marks = ".-_()/:@+~";
    std::size_t size = 0;
    while (size < line.size() && (is_letter(line[size]) || is_digit(line[size]) ||
                                  marks.find(line[size]) != std::string_view::npos))
        ++size;
    if (size == 0 || size >= line.size() || size > longest) return {};
    if (!is_letter(line[0]) && !is_digit(line[0]) && line[0] != '_' && line[0] != '(') return {};
    if (line[size] != '#' && line[size] != '>') return {};
    return {true, line.substr(0, size + 1), trimmed(line.substr(size + 1))};
}

tl::unexpected<Error> fail_at(const OutputLine& line, std::string_view why) {
    return fail(ErrorCode::invalid, "line " + std::to_string(line.number) + ": \"" + clean(line.text) +
                                        "\": " + std::string(why));
}

Result<Output> Output::read(std::string_view bytes) {
    if (bytes.size() > most_bytes)
        return fail(ErrorCode::full, "the output has more than " + std::to_string(most_bytes) + " bytes");
    auto lines = lines_of(bytes);
    if (!lines) return tl::unexpected(lines.error());
    Output out;
    out.lines = std::move(*lines);
    cut_ends(out);
    for (const auto& line : out.lines)
        if (!line.empty() && refusal_in(line.text) != Refusal::none)
            return fail_at(line, "the switch refused the command");
    if (out.lines.empty())
        return fail(ErrorCode::invalid, "the output is empty: nothing stands between its prompts");
    return out;
}

}  // namespace garita::ios
