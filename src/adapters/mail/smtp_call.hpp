#pragma once
// One letter over SMTP, from connecting to the server's last word; each has a connection of its own, so that
// none inherits what went wrong with another's.

#include <atomic>
#include <functional>
#include <string>

#include "adapters/mail/post.hpp"
#include "adapters/mail/settings.hpp"

namespace garita::mail {

/// Called on the way, as soon as the server has let us in.
using LetIn = std::function<void()>;

/// Blocks for no longer than the server's `timeout`; `cancelled` ends it within some seconds.
[[nodiscard]] Delivery deliver(const Server& server, const Outgoing& letter,
                               const std::atomic<bool>& cancelled, const LetIn& let_in = {});

}  // namespace garita::mail
