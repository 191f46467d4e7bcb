#pragma once
// Which mailbox is read, as the hub's configuration says.

#include <string>

#include "runtime/mail_server/mail_server.hpp"

namespace garita::mailbox {

struct MailboxServer : runtime::MailServer {
    MailboxServer() { port = 993; }
    enum class Protocol { imap, pop3 };
    /// What is done with a letter whose effect is stored.
    enum class After {
        mark,  ///< IMAP: by a keyword of ours, or as seen where the server takes no keywords; POP3: nothing
        remove,
    };
    Protocol protocol = Protocol::imap;
    std::string folder = "INBOX";  ///< IMAP, ASCII
    After after = After::mark;
};

}  // namespace garita::mailbox
