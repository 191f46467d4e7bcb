#pragma once
// The dialogue with an IMAP server over a connection that is logged in.

#include <chrono>
#include <cstddef>
#include <functional>
#include <string>
#include <vector>

#include "access/mailbox.hpp"
#include "adapters/mailbox/settings.hpp"
#include "adapters/mailbox/wire.hpp"

namespace garita::mailbox {

/// An error of the wire, or one after which the dialogue has lost its place, makes it broken: begin anew.
class ImapSession {
  public:
    ImapSession(Wire& wire, std::string folder, MailboxServer::After after)
        : wire_(wire), folder_(std::move(folder)), after_(after) {}

    /// As access::Mailbox. The folder is looked at anew.
    Result<std::vector<access::Waiting>> list(std::size_t most);
    Result<std::string> fetch(const std::string& uid, std::size_t longest);
    Result<void> finish(const std::vector<std::string>& uids);
    /// Returns when the server tells of a letter, or after that time. A server that cannot tell (no IDLE)
    /// returns at once: false.
    Result<bool> idle(std::chrono::milliseconds longest);
    void log_out();
    [[nodiscard]] bool is_broken() const { return broken_; }

  private:
    struct Answer {
        std::string line;  ///< with a literal's size, and what follows the literal
        std::string literal;
    };
    Result<Answer> answer(std::size_t longest_literal);
    using Listener = std::function<void(Answer&)>;
    /// Sends it, and hears all until the server has done it.
    Result<void> command(const std::string& text, const Listener& listener,
                         std::size_t longest_literal = 4096);
    Result<void> until_done(const std::string& tag, const Listener& listener, std::size_t longest_literal);
    Result<void> idle_until_news(const std::string& tag, std::chrono::milliseconds longest);
    Result<void> ask_capabilities();
    Result<void> select();
    Result<void> opened();
    Result<std::vector<access::Waiting>> sizes(const std::vector<std::uint32_t>& uids);
    tl::unexpected<Error> give_up(Error error);
    std::string next_tag() { return 'g' + std::to_string(++commands_); }

    Wire& wire_;
    std::string folder_;
    MailboxServer::After after_;
    bool broken_ = false;
    bool asked_ = false;  ///< what the server can do
    bool can_idle_ = false;
    bool can_expunge_one_ = false;
    bool takes_keywords_ = false;
    bool selected_ = false;
    bool news_ = false;  ///< of letters since the last list
    std::uint32_t validity_ = 0;
    std::uint64_t commands_ = 0;
};

}  // namespace garita::mailbox
