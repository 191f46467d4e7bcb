// The beginning of a conversation: login, prompt, enable.

#include "adapters/ios/dialogue.hpp"

#include <algorithm>
#include <array>
#include <utility>

#include "adapters/ios/log_line.hpp"
#include "adapters/ios/words.hpp"

namespace garita::ios {
namespace {

constexpr std::string_view probe = "terminal length 0";

bool contains(std::string_view text, std::string_view part) {
    for (; text.size() >= part.size(); text.remove_prefix(1))
        if (begins_with(text, part)) return true;
    return false;
}

bool asks_for_name(std::string_view text) {
    text = trimmed(text);
    return text.ends_with("sername:") || text.ends_with("ogin:") || text.ends_with("ser Name:");
}

bool asks_for_password(std::string_view text) {
    text = trimmed(text);
    return text.ends_with("assword:") || text.ends_with("asscode:");
}

bool refuses_login(std::string_view text) {
    constexpr std::array phrases = {
        std::string_view("Login invalid"),       std::string_view("Authentication failed"),
        std::string_view("Bad passwords"),       std::string_view("Login incorrect"),
        std::string_view("Access denied"),       std::string_view("Error in authentication"),
        std::string_view("Bad secrets"),         std::string_view("Password required, but none set"),
        std::string_view("No password set"),     std::string_view("Bad enable passwords"),
        std::string_view("password is not set"), std::string_view("Authorization failed")};
    return std::any_of(phrases.begin(), phrases.end(),
                       [&](std::string_view phrase) { return contains(text, phrase); });
}

bool says_busy(std::string_view text) {
    constexpr std::array phrases = {std::string_view("session limit"),
                                    std::string_view("connections not permitted"),
                                    std::string_view("lines are in use"),
                                    std::string_view("lines are busy"),
                                    std::string_view("too many"),
                                    std::string_view("No free"),
                                    std::string_view("maximum number of sessions")};
    return std::any_of(phrases.begin(), phrases.end(),
                       [&](std::string_view phrase) { return contains(text, phrase); });
}

}  // namespace

Dialogue::Dialogue(DialogueSettings settings)
    : settings_(std::move(settings)),
      phase_(settings_.login == DialogueSettings::Login::asked ? Phase::login : Phase::seeking) {}

void Dialogue::receive(std::string_view bytes) {
    for (const char c : bytes) {
        if (state_ == State::failed || state_ == State::ended) return;
        if (++taken_ > most_bytes)
            return fail(Trouble::flooded, "the switch says more than anybody wants to read");
        const auto took = line_.put(c);
        if (took == TerminalLine::Took::too_long)
            return fail(Trouble::flooded, "the switch says a line that has no end");
        if (took != TerminalLine::Took::line_end) continue;
        const std::string text(line_.text());
        line_.clear();
        take_line(text);
        answered_ = false;
    }
    if (!bytes.empty() && state_ != State::failed && state_ != State::ended)
        take_rest(std::string(line_.text()));
}

void Dialogue::take_line(std::string_view text) {
    switch (phase_) {
        case Phase::login:
        case Phase::seeking:
        case Phase::learning:
            return line_before_prompt(text);
        case Phase::enabling:
            return line_in_enabling(text);
        case Phase::echoing:
            return line_in_echo(text);
        case Phase::answering:
            return line_of_answer(text);
        case Phase::idle:
            taken_ = 0;
            if (is_log_line(text)) answer_.messages.emplace_back(text);
            return;
        case Phase::leaving:
            return;
    }
}

void Dialogue::take_rest(std::string_view text) {
    switch (phase_) {
        case Phase::login:
            return rest_in_login(text);
        case Phase::seeking:
            return rest_in_seeking(text);
        case Phase::learning:
            return rest_in_learning(text);
        case Phase::enabling:
            return rest_in_enabling(text);
        case Phase::echoing:
        case Phase::answering:
        case Phase::leaving:
            return rest_of_answer(text);
        case Phase::idle:
            return;
    }
}

void Dialogue::greet(std::string_view text) {
    constexpr std::size_t most_lines = 100;
    if (trimmed(text).empty()) return;
    if (greeting_.size() == most_lines) greeting_.erase(greeting_.begin());
    greeting_.emplace_back(text);
}

void Dialogue::line_before_prompt(std::string_view text) {
    greet(text);
    if (phase_ == Phase::login && password_sent_ && refuses_login(text))
        return fail(Trouble::login_refused, "the switch refuses the login: " + std::string(trimmed(text)));
    if (says_busy(text)) said_no_ = trimmed(text);
    if (phase_ != Phase::learning) return;
    const auto end = trimmed(text);
    if (!candidate_.empty() && end == candidate_) return learnt(candidate_);  // a log message pushed it up
    if (!end.ends_with(probe)) return;
    if (end == probe) candidate_ = sought_;  // likewise, before the echo
    const auto before = end.substr(0, end.size() - probe.size());
    if (Prompt::looks_like_one(before)) candidate_ = trimmed(before);
}

void Dialogue::rest_in_login(std::string_view text) {
    if (answered_) return;
    if (asks_for_name(text)) {
        if (user_sent_) return fail(Trouble::login_refused, "the switch asks for the name again");
        user_sent_ = true;
        return reply(settings_.user);
    }
    if (asks_for_password(text)) {
        if (password_sent_) return fail(Trouble::login_refused, "the switch asks for the password again");
        password_sent_ = true;
        return reply(settings_.password);
    }
    if (password_sent_) rest_in_seeking(text);
}

void Dialogue::rest_in_seeking(std::string_view text) {
    if (!Prompt::looks_like_one(text)) return;
    phase_ = Phase::learning;
    sought_ = trimmed(text);
    reply(probe);
    answered_ = false;
}

void Dialogue::rest_in_learning(std::string_view text) {
    const bool asks = settings_.login == DialogueSettings::Login::asked && !answered_ &&
                      (asks_for_name(text) || asks_for_password(text));
    if (asks) return fail(Trouble::login_refused, "the switch asks for name or password again");
    if (!candidate_.empty() && trimmed(text) == candidate_) learnt(candidate_);
}

void Dialogue::learnt(std::string_view prompt) {
    prompt_ = Prompt(prompt);
    if (prompt_.mode_of(prompt) == Prompt::Mode::privileged) return ready(prompt);
    phase_ = Phase::enabling;
    echoed_ = false;
    reply("enable");
    answered_ = false;
}

void Dialogue::line_in_enabling(std::string_view text) {
    greet(text);
    if (trimmed(text).ends_with("enable")) echoed_ = true;
    if (refuses_login(text) || refusal_in(text) != Refusal::none) said_no_ = trimmed(text);
    rest_in_enabling(text);  // a log message may have pushed up what is to be answered
}

void Dialogue::rest_in_enabling(std::string_view text) {
    const std::string why = said_no_.empty() ? std::string() : ": " + said_no_;
    if (asks_for_password(text) && !answered_) {
        if (secret_sent_) return fail(Trouble::enable_refused, "the switch refuses the enable secret" + why);
        if (settings_.enable_secret.empty())
            return fail(Trouble::enable_refused,
                        "the switch asks for an enable secret, and none is configured");
        secret_sent_ = true;
        return reply(settings_.enable_secret);
    }
    const auto mode = prompt_.mode_of(text);
    if (mode == Prompt::Mode::privileged) return ready(text);
    if (mode == Prompt::Mode::user && echoed_)
        fail(Trouble::enable_refused, "`enable` does not lead to privileged mode" + why);
}

void Dialogue::quiet() {
    constexpr int most_nudges = 3;
    const auto text = std::string(line_.text());
    if (phase_ == Phase::login && !answered_) {
        rest_in_seeking(text);
    } else if (phase_ == Phase::seeking && trimmed(text).empty() && nudges_ < most_nudges) {
        ++nudges_;  // "Press RETURN to get started", or a log message stands behind the prompt
        reply("");
        answered_ = false;
    } else if (phase_ == Phase::learning && Prompt::looks_like_one(text)) {
        learnt(trimmed(text));  // a log message tore the echo apart
    }
}

void Dialogue::closed() {
    if (state_ == State::failed || state_ == State::ended) return;
    if (phase_ == Phase::leaving) {
        state_ = State::ended;
        return;
    }
    const std::string said =
        said_no_.empty() && !greeting_.empty() ? std::string(trimmed(greeting_.back())) : said_no_;
    const std::string why = said.empty() ? std::string() : "; it said last: " + said;
    if (phase_ == Phase::login && password_sent_)
        return fail(Trouble::login_refused, "the switch closed the connection after the password" + why);
    if (state_ == State::opening && phase_ != Phase::enabling)
        return fail(Trouble::busy,
                    "the switch closed the connection before its first prompt, as it does when all "
                    "its lines are taken" +
                        why);
    fail(Trouble::lost,
         "the switch closed the connection" + (phase_ == Phase::idle ? "" : " before " + waiting_for()));
}

std::string Dialogue::waiting_for() const {
    switch (phase_) {
        case Phase::login:
            return password_sent_ ? "the first prompt"
                   : user_sent_   ? "the question for the password"
                                  : "the question for the name";
        case Phase::seeking:
        case Phase::learning:
            return "the first prompt";
        case Phase::enabling:
            return "the prompt of privileged mode";
        case Phase::echoing:
            return "the echo of `" + answer_.command + "`";
        case Phase::answering:
            return "the prompt after `" + answer_.command + "`";
        case Phase::idle:
            return "nothing";
        case Phase::leaving:
            return "the end of the connection";
    }
    return {};
}

void Dialogue::fail(Trouble trouble, std::string text) {
    state_ = State::failed;
    trouble_ = trouble;
    trouble_text_ = std::move(text);
    output_.clear();
}

void Dialogue::reply(std::string_view text) {
    output_ += text;
    output_ += '\r';
    answered_ = true;
}

void Dialogue::ready(std::string_view prompt) {
    mode_ = prompt_.mode_of(prompt);
    phase_ = Phase::idle;
    state_ = State::ready;
    taken_ = 0;
}

std::string Dialogue::take_output() {
    return std::exchange(output_, {});
}

}  // namespace garita::ios
