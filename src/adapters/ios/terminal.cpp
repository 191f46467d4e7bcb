#include "adapters/ios/terminal.hpp"

#include <algorithm>
#include <chrono>

namespace garita::ios {
namespace {

using Clock = std::chrono::steady_clock;
using State = Dialogue::State;
using Trouble = Dialogue::Trouble;

constexpr Duration silence = std::chrono::seconds(1);
constexpr Duration goodbye = std::chrono::seconds(2);

std::string in_seconds(Duration span) {
    return std::to_string(std::chrono::ceil<std::chrono::seconds>(span).count()) + " s";
}

tl::unexpected<Error> failure_of(const Dialogue& dialogue) {
    switch (dialogue.trouble()) {
        case Trouble::login_refused:
        case Trouble::enable_refused:
            return fail(ErrorCode::forbidden, dialogue.trouble_text());
        case Trouble::flooded:
            return fail(ErrorCode::invalid, dialogue.trouble_text());
        case Trouble::none:
        case Trouble::busy:
        case Trouble::lost:
            break;
    }
    return fail(ErrorCode::unavailable, dialogue.trouble_text(), Retry::later);
}

}  // namespace

Terminal::Terminal(std::unique_ptr<runtime::Shell> shell, DialogueSettings settings, access::SessionLog& log)
    : shell_(std::move(shell)), dialogue_(std::move(settings)), log_(log) {}

Terminal::~Terminal() {
    if (dialogue_.state() != State::ready) return;
    dialogue_.leave();
    const auto until = Clock::now() + goodbye;
    while (dialogue_.state() == State::waiting && Clock::now() < until)
        if (!step(std::chrono::milliseconds(100))) return;
}

/// Gives what is to be said, and takes what comes within the time.
Result<void> Terminal::step(Duration wait) {
    const auto out = dialogue_.take_output();
    if (!out.empty())
        if (auto written = shell_->write(out); !written) return written;
    const auto piece = shell_->read(wait);
    if (!piece) return tl::unexpected(piece.error());
    if (piece->is == runtime::Shell::Is::data) dialogue_.receive(piece->bytes);
    if (piece->is == runtime::Shell::Is::closed) dialogue_.closed();
    if (piece->is == runtime::Shell::Is::silent && wait >= silence) dialogue_.quiet();
    return {};
}

Result<void> Terminal::run_until_ready(Duration within) {
    const auto until = Clock::now() + within;
    while (true) {
        if (dialogue_.state() == State::ready) return {};
        if (dialogue_.state() == State::failed) return failure_of(dialogue_);
        if (dialogue_.state() == State::ended)
            return fail(ErrorCode::unavailable, "the session is over", Retry::later);
        const auto left = std::chrono::duration_cast<Duration>(until - Clock::now());
        if (left <= Duration::zero())
            return fail(
                ErrorCode::unavailable,
                "within " + in_seconds(within) + " the switch did not come to " + dialogue_.waiting_for(),
                Retry::later);
        if (const auto done = step(std::min(left, silence)); !done) return done;
    }
}

Result<void> Terminal::open(Duration within) {
    auto done = run_until_ready(within);
    for (const auto& line : dialogue_.greeting())
        log_.answered(line);
    return done;
}

Result<Answer> Terminal::ask(std::string_view command, Duration within, Questions questions) {
    if (dialogue_.state() != State::ready)
        return fail(ErrorCode::unavailable, "the session is over", Retry::later);
    log_.sent(command);
    dialogue_.send(command, questions);
    if (const auto done = run_until_ready(within); !done) {
        log_.noted(done.error().text);
        return tl::unexpected(done.error());
    }
    mode_ = dialogue_.mode();
    auto answer = dialogue_.take_answer();
    for (const auto& message : answer.messages)
        log_.noted(message);
    for (const auto& question : answer.questions)
        log_.noted("asked: " + question);
    if (!answer.lines.empty()) log_.answered(answer.text());
    return answer;
}

}  // namespace garita::ios
