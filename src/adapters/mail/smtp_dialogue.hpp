#pragma once
// How far a dialogue has come, and what an end at that point means. No I/O: it is told the commands and
// answers.

#include <string>
#include <string_view>

#include "adapters/mail/post.hpp"

namespace garita::mail {

class SmtpDialogue {
  public:
    enum class Step { connecting, hello, start_tls, login, sender, recipient, data, text, done };

    explicit SmtpDialogue(bool wants_login) : wants_login_(wants_login) {}  // NOLINT: a fact, no option

    /// A line that was sent. Of what is secret (AUTH and what follows) nothing is kept.
    void sent(std::string_view line);
    /// The whole text has been handed over; the server's answer decides.
    void sent_text();
    /// A line of an answer, also one of several.
    void answered(std::string_view line);

    /// `failure` is what the library says, for where the server has said nothing.
    [[nodiscard]] Delivery ended(bool success, std::string_view failure, std::string_view server) const;
    [[nodiscard]] Step step() const { return step_; }
    /// The login worked, where one was wanted, and the server took the sender: letters go on from here.
    [[nodiscard]] bool is_let_in() const { return step_ >= Step::recipient && (logged_in_ || !wants_login_); }

  private:
    [[nodiscard]] Delivery::Kind kind() const;
    [[nodiscard]] std::string text(std::string_view failure, std::string_view server) const;

    const bool wants_login_;
    bool logged_in_ = false;
    Step step_ = Step::connecting;
    bool over_ = false;   ///< we have said goodbye: nothing changes any more
    int code_ = 0;        ///< of the answer to the last step; 0: none came
    bool whole_ = false;  ///< that answer is complete
    std::string answer_;
};

}  // namespace garita::mail
