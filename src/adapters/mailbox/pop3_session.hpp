#pragma once
// The dialogue with a POP3 server over a connection that is logged in: what is there at the login is there
// until the session's end, and is removed at the end only.

#include <cstddef>
#include <functional>
#include <map>
#include <string>
#include <vector>

#include "access/mailbox.hpp"
#include "adapters/mailbox/settings.hpp"
#include "adapters/mailbox/wire.hpp"

namespace garita::mailbox {

class Pop3Session {
  public:
    Pop3Session(Wire& wire, MailboxServer::After after) : wire_(wire), after_(after) {}

    /// As access::Mailbox.
    Result<std::vector<access::Waiting>> list(std::size_t most);
    Result<std::string> fetch(const std::string& uid, std::size_t longest);
    /// Ends the session where something is removed: only then the server does it.
    Result<void> finish(const std::vector<std::string>& uids);
    void log_out();
    [[nodiscard]] bool is_broken() const { return broken_; }

  private:
    struct Place {
        std::uint64_t number = 0;
        std::uint64_t size = 0;
    };
    /// The line after "+OK".
    Result<std::string> command(const std::string& text);
    using Listener = std::function<void(std::string_view)>;
    /// The lines up to the one with a dot alone.
    Result<void> lines(const Listener& listener, std::size_t longest);
    Result<void> look();
    tl::unexpected<Error> give_up(Error error);

    Wire& wire_;
    MailboxServer::After after_;
    bool broken_ = false;
    bool looked_ = false;
    std::map<std::string, Place> places_;  ///< by unique id
    std::vector<std::string> order_;
};

}  // namespace garita::mailbox
