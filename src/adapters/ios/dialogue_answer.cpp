// Commands and their answers.

#include <algorithm>
#include <utility>

#include "adapters/ios/dialogue.hpp"
#include "adapters/ios/log_line.hpp"
#include "adapters/ios/words.hpp"

namespace garita::ios {
namespace {

constexpr char interrupt = '\x03';

std::string without_blanks(std::string_view text) {
    std::string out;
    std::copy_if(text.begin(), text.end(), std::back_inserter(out), [](char c) { return c != ' '; });
    return out;
}

std::string_view right_trimmed(std::string_view text) {
    while (!text.empty() && text.back() == ' ')
        text.remove_suffix(1);
    return text;
}

bool is_more(std::string_view text) {
    const auto shown = trimmed(text);
    return shown == "--More--" || shown == "---- More ----" || shown == "<--- More --->";
}

}  // namespace

std::string Answer::text() const {
    std::string out;
    for (const auto& line : lines)
        out += line + "\n";
    return out;
}

void Dialogue::send(std::string_view command, Questions questions) {
    if (state_ != State::ready) return;
    auto messages = std::move(answer_.messages);
    answer_ = {};
    answer_.messages = std::move(messages);
    answer_.command = command;
    questions_ = questions;
    echo_.clear();
    taken_ = 0;
    state_ = State::waiting;
    phase_ = Phase::echoing;
    reply(command);
    answered_ = false;
}

Answer Dialogue::take_answer() {
    return std::exchange(answer_, {});
}

void Dialogue::leave() {
    if (state_ != State::ready) return;
    phase_ = Phase::leaving;
    state_ = State::waiting;
    reply(mode_ == Prompt::Mode::configuration ? "end\rexit" : "exit");
}

/// Lines up to now together make the command: it may be wrapped at the terminal's width, torn by a log
/// message, or scrolled, with '$' for what went out of sight.
bool Dialogue::is_echo(std::string_view text) {
    const auto typed = prompt_.without(text);
    const auto command = without_blanks(answer_.command);
    auto here = without_blanks(typed);
    constexpr std::size_t enough = 4;
    for (auto at = here.find('$'); at != std::string::npos; at = here.find('$', at + 1)) {
        const auto tail = std::string_view(here).substr(at + 1);
        if (tail.size() >= enough && command.ends_with(tail)) return true;
    }
    if (typed.size() != text.size()) echo_.clear();  // shown anew behind the prompt
    echo_ += here;
    return echo_.ends_with(command);
}

void Dialogue::line_in_echo(std::string_view text) {
    if (is_log_line(text)) {
        answer_.messages.emplace_back(text);
        return;
    }
    if (is_echo(text)) phase_ = Phase::answering;
}

void Dialogue::line_of_answer(std::string_view text) {
    text = right_trimmed(text);
    if (prompt_.mode_of(text) != Prompt::Mode::none) return ready(text);  // a log message pushed it up
    if (is_log_line(text)) {
        answer_.messages.emplace_back(text);
        return;
    }
    if (answer_.refusal == Refusal::none) {
        answer_.refusal = refusal_in(text);
        if (answer_.refusal != Refusal::none) answer_.refused_by = trimmed(text);
    }
    answer_.lines.emplace_back(text);
}

void Dialogue::rest_of_answer(std::string_view text) {
    if (is_more(text)) {
        if (!answered_) output_ += ' ';
        answered_ = true;
        return;
    }
    const auto shown = trimmed(text);
    if (shown.ends_with("[confirm]")) return answer_question(text, "\r", "n");
    if (shown.ends_with("[yes/no]:") || shown.ends_with("[yes/no]?") || shown.ends_with("(yes/no):"))
        return answer_question(text, "yes\r", "no\r");
    if (shown.ends_with("]?") && shown.find('[') != std::string_view::npos)
        return answer_question(text, "\r", std::string_view(&interrupt, 1));
    if (phase_ != Phase::answering) return;
    answered_ = false;
    if (prompt_.mode_of(text) != Prompt::Mode::none) ready(text);
}

void Dialogue::answer_question(std::string_view text, std::string_view accepted, std::string_view refused) {
    if (answered_ || phase_ == Phase::echoing) return;
    answered_ = true;
    answer_.questions.emplace_back(trimmed(text));
    const bool accept = phase_ == Phase::answering && questions_ == Questions::accept;
    output_ += accept ? accepted : refused;
    if (!accept && answer_.refusal == Refusal::none) {
        answer_.refusal = Refusal::rejected;
        answer_.refused_by = "it asks: " + std::string(trimmed(text));
    }
}

}  // namespace garita::ios
