#include "adapters/mailbox/server_mailbox.hpp"

#include <algorithm>
#include <poll.h>
#include <utility>

namespace garita::mailbox {

namespace {

/// Servers (and the firewalls between) let go of who is silent for half an hour.
constexpr std::chrono::minutes longest_idle{20};

}  // namespace

ServerMailbox::~ServerMailbox() {
    disconnect();
}

bool ServerMailbox::is_broken() const {
    return !wire_ || (imap_ && imap_->is_broken()) || (pop3_ && pop3_->is_broken());
}

void ServerMailbox::disconnect() {
    if (wire_) wire_->allow(std::chrono::seconds{1});
    if (imap_) imap_->log_out();
    if (pop3_) pop3_->log_out();
    imap_.reset();
    pop3_.reset();
    wire_.reset();
}

Result<void> ServerMailbox::connect(Fresh fresh) {
    if (!is_broken() && fresh == Fresh::any) {
        wire_->allow(server_.timeout);
        return {};
    }
    disconnect();
    auto wire = CurlWire::connect(server_, bell_);
    if (!wire) return tl::unexpected(std::move(wire.error()));
    wire_ = std::move(*wire);
    if (server_.protocol == MailboxServer::Protocol::imap)
        imap_.emplace(*wire_, server_.folder, server_.after);
    else
        pop3_.emplace(*wire_, server_.after);
    return {};
}

template <typename Action>
auto ServerMailbox::with_session(Fresh fresh, Action action)
    -> decltype(action(std::declval<ImapSession&>())) {
    const bool reused = !is_broken() && fresh == Fresh::any;
    if (auto ready = connect(fresh); !ready) return tl::unexpected(std::move(ready.error()));
    const auto act = [&] { return imap_ ? action(*imap_) : action(*pop3_); };
    auto done = act();
    if (!done && done.error().code == ErrorCode::unavailable && is_broken() && reused && !bell_.has_rung()) {
        if (auto ready = connect(Fresh::wanted); !ready) return tl::unexpected(std::move(ready.error()));
        done = act();
    }
    if (!done) done.error().text = name_of(server_) + ": " + done.error().text;
    if (is_broken()) disconnect();
    return done;
}

Result<std::vector<access::Waiting>> ServerMailbox::list(std::size_t most) {
    // what a POP3 session does not see at its beginning it never sees
    const bool pop3 = server_.protocol == MailboxServer::Protocol::pop3;
    return with_session(pop3 ? Fresh::wanted : Fresh::any, [&](auto& session) { return session.list(most); });
}

Result<std::string> ServerMailbox::fetch(const std::string& uid, std::size_t longest) {
    return with_session(Fresh::any, [&](auto& session) { return session.fetch(uid, longest); });
}

Result<void> ServerMailbox::finish(const std::vector<std::string>& uids) {
    return with_session(Fresh::any, [&](auto& session) { return session.finish(uids); });
}

void ServerMailbox::sleep(std::chrono::milliseconds longest) const {
    pollfd bell{bell_.fd(), POLLIN, 0};
    const auto most = std::clamp<std::int64_t>(longest.count(), 0, 3'600'000);
    (void)::poll(&bell, 1, static_cast<int>(most));
}

Result<void> ServerMailbox::wait(std::chrono::milliseconds longest) {
    if (server_.protocol == MailboxServer::Protocol::pop3) {
        disconnect();  // a POP3 session locks the mailbox
        sleep(longest);
        return {};
    }
    const auto some = std::min<std::chrono::milliseconds>(longest, longest_idle);
    bool told = false;
    const auto waited = with_session(Fresh::any, [&](auto& session) -> Result<void> {
        if constexpr (requires { session.idle(some); }) {
            const auto idled = session.idle(some);
            if (!idled) return tl::unexpected(idled.error());
            told = *idled;
        }
        return {};
    });
    if (!waited) return waited;
    if (!told) sleep(some);
    return {};
}

}  // namespace garita::mailbox
