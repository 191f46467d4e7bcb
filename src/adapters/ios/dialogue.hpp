#pragma once
// A conversation with IOS over whatever carries bytes: what came in goes to receive(), what take_output()
// gives goes out. No clock, no socket, and it does not matter how the bytes were cut on their way.
//
// First the login (only where the transport has not done it), then the prompt is learnt: what looks like one
// is answered with `terminal length 0`, and what stands before that line's echo is the prompt. So lines of
// banners that end with '#' are none. Then `enable` where the prompt ends with '>'. From then on one command
// at a time: its answer is what comes between its echo and the next prompt.

#include <cstddef>
#include <string>
#include <string_view>
#include <vector>

#include "adapters/ios/prompt.hpp"
#include "adapters/ios/refusal.hpp"
#include "adapters/ios/terminal_line.hpp"

namespace garita::ios {

struct DialogueSettings {
    enum class Login {
        done,   ///< by the transport: SSH
        asked,  ///< the switch asks for name and password: Telnet
    } login = Login::done;
    std::string user{};
    std::string password{};
    std::string enable_secret{};
};

/// What questions of the switch ("[confirm]", "[yes/no]") are answered with while a command runs.
enum class Questions { refuse, accept };

struct Answer {
    std::string command;
    std::vector<std::string> lines;     ///< without log messages, echo and prompt
    std::vector<std::string> messages;  ///< log messages that came meanwhile
    std::vector<std::string> questions;
    Refusal refusal = Refusal::none;
    std::string refused_by;  ///< the line that says so

    [[nodiscard]] std::string text() const;
};

class Dialogue {
  public:
    /// Of one answer, and of everything before the first prompt.
    static constexpr std::size_t most_bytes = std::size_t{8} << 20U;

    enum class State {
        opening,
        ready,    ///< for a command
        waiting,  ///< for the rest of an answer
        failed,
        ended,  ///< the connection was closed after leave()
    };
    enum class Trouble {
        none,
        login_refused,   ///< never to be tried again by itself
        enable_refused,  ///< likewise
        busy,            ///< all lines of the switch are taken
        lost,            ///< the connection ended in the middle
        flooded,         ///< more than anybody wants to read
    };

    explicit Dialogue(DialogueSettings settings);

    void receive(std::string_view bytes);
    /// The other side has closed the connection.
    void closed();
    /// Nothing has come for a second or so. Only before the first prompt it makes a difference.
    void quiet();

    [[nodiscard]] std::string take_output();

    [[nodiscard]] State state() const { return state_; }
    [[nodiscard]] Trouble trouble() const { return trouble_; }
    [[nodiscard]] const std::string& trouble_text() const { return trouble_text_; }
    /// What is waited for, for people.
    [[nodiscard]] std::string waiting_for() const;
    [[nodiscard]] const Prompt& prompt() const { return prompt_; }
    /// Of the prompt that was there last.
    [[nodiscard]] Prompt::Mode mode() const { return mode_; }
    /// Everything that was said before the first prompt, for the log; of a long one the last lines.
    [[nodiscard]] const std::vector<std::string>& greeting() const { return greeting_; }

    /// One line, without its end; only when ready.
    void send(std::string_view command, Questions questions = Questions::refuse);
    /// The whole answer, when ready again.
    [[nodiscard]] Answer take_answer();
    /// Sends `exit` or what leads to it; the switch closes the connection.
    void leave();

  private:
    enum class Phase {
        login,
        seeking,   ///< something that looks like a prompt
        learning,  ///< it was answered; its echo is to come
        enabling,
        echoing,
        answering,
        idle,
        leaving,
    };

    void take_line(std::string_view text);
    void take_rest(std::string_view text);

    void line_before_prompt(std::string_view text);
    void rest_in_login(std::string_view text);
    void rest_in_seeking(std::string_view text);
    void rest_in_learning(std::string_view text);
    void rest_in_enabling(std::string_view text);
    void line_in_enabling(std::string_view text);
    void learnt(std::string_view prompt);
    void greet(std::string_view text);

    void line_in_echo(std::string_view text);
    void line_of_answer(std::string_view text);
    void rest_of_answer(std::string_view text);
    void answer_question(std::string_view text, std::string_view accepted, std::string_view refused);
    [[nodiscard]] bool is_echo(std::string_view text);

    void fail(Trouble trouble, std::string text);
    void reply(std::string_view text);
    void ready(std::string_view prompt);

    DialogueSettings settings_;
    State state_ = State::opening;
    Phase phase_;
    Trouble trouble_ = Trouble::none;
    std::string trouble_text_;
    std::string output_;
    TerminalLine line_;
    bool answered_ = false;  ///< the question that stands on this line
    std::size_t taken_ = 0;  ///< bytes of this answer, or before the prompt

    bool user_sent_ = false;
    bool password_sent_ = false;
    bool secret_sent_ = false;
    int nudges_ = 0;
    bool echoed_ = false;    ///< the command, or the probe
    std::string sought_;     ///< what the probe answered
    std::string candidate_;  ///< what stood before the probe's echo
    std::string said_no_;    ///< the line that refused a login or enable
    std::vector<std::string> greeting_;
    Prompt prompt_;
    Prompt::Mode mode_ = Prompt::Mode::none;

    Questions questions_ = Questions::refuse;
    std::string echo_;  ///< so far, without blanks
    Answer answer_;
};

}  // namespace garita::ios
