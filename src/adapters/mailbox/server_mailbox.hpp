#pragma once
// A mailbox on a server, by IMAP or POP3. One connection stays open as long as it is of use; what the server
// cut meanwhile is tried once more over a new one.

#include <functional>
#include <memory>
#include <optional>

#include "access/mailbox.hpp"
#include "adapters/mailbox/curl_wire.hpp"
#include "adapters/mailbox/imap_session.hpp"
#include "adapters/mailbox/pop3_session.hpp"
#include "adapters/mailbox/settings.hpp"

namespace garita::mailbox {

class ServerMailbox final : public access::Mailbox {
  public:
    explicit ServerMailbox(MailboxServer server) : server_(std::move(server)) {}
    ~ServerMailbox() override;
    ServerMailbox(const ServerMailbox&) = delete;
    ServerMailbox& operator=(const ServerMailbox&) = delete;

    Result<std::vector<access::Waiting>> list(std::size_t most) override;
    Result<std::string> fetch(const std::string& uid, std::size_t longest) override;
    Result<void> finish(const std::vector<std::string>& uids) override;
    /// By IDLE where the server has it; else it only takes the time.
    Result<void> wait(std::chrono::milliseconds longest) override;
    void stop() override { bell_.ring(); }

  private:
    enum class Fresh { wanted, any };
    Result<void> connect(Fresh fresh);
    void disconnect();
    [[nodiscard]] bool is_broken() const;
    /// What both kinds of sessions can do, over a connection that works.
    template <typename Action>
    auto with_session(Fresh fresh, Action action) -> decltype(action(std::declval<ImapSession&>()));
    void sleep(std::chrono::milliseconds longest) const;

    MailboxServer server_;
    StopBell bell_;
    std::unique_ptr<CurlWire> wire_;
    std::optional<ImapSession> imap_;
    std::optional<Pop3Session> pop3_;
};

}  // namespace garita::mailbox
