#include "adapters/mail/smtp_dialogue.hpp"

#include <algorithm>
#include <array>
#include <charconv>
#include <utility>

#include "decide/foreign_text.hpp"

namespace garita::mail {

namespace {

using Step = SmtpDialogue::Step;
using Kind = Delivery::Kind;

constexpr std::size_t most_answer = 400;

constexpr std::array<std::pair<std::string_view, Step>, 7> commands = {{{"EHLO", Step::hello},
                                                                        {"HELO", Step::hello},
                                                                        {"STARTTLS", Step::start_tls},
                                                                        {"AUTH", Step::login},
                                                                        {"MAIL", Step::sender},
                                                                        {"RCPT", Step::recipient},
                                                                        {"DATA", Step::data}}};

std::string_view in_words(Step step) {
    switch (step) {
        case Step::connecting:
            return "the connection";
        case Step::hello:
            return "EHLO";
        case Step::start_tls:
            return "STARTTLS";
        case Step::login:
            return "the login";
        case Step::sender:
            return "the sender (MAIL FROM)";
        case Step::recipient:
            return "the recipient (RCPT TO)";
        case Step::data:
            return "DATA";
        case Step::text:
        case Step::done:
            return "the letter";
    }
    return "";
}

}  // namespace

void SmtpDialogue::sent(std::string_view line) {
    const auto verb = line.substr(0, line.find_first_of(" \r\n"));
    over_ = over_ || verb == "QUIT";
    if (over_) return;
    for (const auto& [word, step] : commands) {
        if (verb != word) continue;
        // what follows AUTH may look like a command
        if (step_ == Step::login && step < Step::sender) break;
        if (step == Step::sender && step_ == Step::login) logged_in_ = true;
        step_ = step;
        break;
    }
    code_ = 0;
    answer_.clear();
}

void SmtpDialogue::sent_text() {
    step_ = Step::text;
    code_ = 0;
    answer_.clear();
}

void SmtpDialogue::answered(std::string_view line) {
    if (over_) return;
    while (!line.empty() && (line.back() == '\r' || line.back() == '\n'))
        line.remove_suffix(1);
    int code = 0;
    const auto digits = line.substr(0, 3);
    const auto [end, error] = std::from_chars(digits.data(), digits.data() + digits.size(), code);
    const bool answer = error == std::errc{} && end == digits.data() + 3 && code >= 200 && code <= 599;
    if (!answer) return;
    if (whole_) answer_.clear();
    whole_ = line.size() == 3 || line[3] == ' ';
    code_ = code;
    auto words = line;
    if (!answer_.empty()) {  // a further line: its code is known
        words.remove_prefix(std::min<std::size_t>(4, words.size()));
        answer_ += ' ';
    }
    answer_ += words.substr(0, most_answer - std::min(answer_.size(), most_answer));
}

Kind SmtpDialogue::kind() const {
    const bool for_ever = code_ >= 500;
    const bool about_this_letter =
        step_ == Step::recipient || step_ == Step::data || step_ == Step::text || step_ == Step::done;
    if (!about_this_letter)
        return step_ == Step::login && for_ever ? Kind::login_refused : Kind::server_trouble;
    if (code_ == 421) return Kind::server_trouble;
    // a server that offered no login would refuse everybody
    if (step_ == Step::recipient && for_ever && wants_login_ && !logged_in_) return Kind::server_trouble;
    return for_ever ? Kind::refused : Kind::later;
}

std::string SmtpDialogue::text(std::string_view failure, std::string_view server) const {
    std::string text(server);
    // a positive answer is not what it ended with
    const bool its_own_words = code_ >= 400 || step_ == Step::done;
    if (its_own_words)
        text.append(" answered to ").append(in_words(step_)).append(": ").append(answer_);
    else
        text.append(", at ").append(in_words(step_)).append(": ").append(failure);
    if (wants_login_ && !logged_in_ && step_ == Step::recipient && code_ >= 500)
        text += " (the server offered no login)";
    return decide::clean_line(text, 600);
}

Delivery SmtpDialogue::ended(bool success, std::string_view failure, std::string_view server) const {
    Delivery delivery;
    delivery.kind = success ? Kind::taken : kind();
    delivery.text = text(failure, server);
    if (success) {
        auto done = *this;
        done.step_ = Step::done;
        delivery.text = done.text(failure, server);
    }
    delivery.maybe_taken = !success && step_ == Step::text && code_ < 400;
    return delivery;
}

}  // namespace garita::mail
