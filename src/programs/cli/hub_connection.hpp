#pragma once
// The command line's way to the hub: the REST API over the local socket, as the system user who calls.

#include <chrono>
#include <optional>
#include <string>
#include <string_view>

#include <boost/json/value.hpp>

#include "programs/cli/hub_documents.hpp"
#include "runtime/http/client.hpp"

namespace garita::programs {

/// Where a hub's socket is looked for when nobody says: $GARITA_SOCKET, /run/garita/hub.sock, ./var/hub.sock.
[[nodiscard]] std::string default_socket();

class HubConnection {
  public:
    explicit HubConnection(std::string socket);

    /// What is a reply and what an Error: see read_reply.
    [[nodiscard]] Result<HubReply> get(std::string_view target,
                                       std::optional<std::chrono::milliseconds> patience = std::nullopt);
    [[nodiscard]] Result<HubReply> post(std::string_view target, const boost::json::value& body);

    /// Any answer, as it came.
    [[nodiscard]] Result<runtime::http::ClientResponse> exchange(
        runtime::http::Method method, std::string_view target, std::string_view content_type,
        std::string_view body, std::optional<std::chrono::milliseconds> patience = std::nullopt);

  private:
    Result<HubReply> call(runtime::http::Method method, std::string_view target, std::string_view body,
                          std::optional<std::chrono::milliseconds> patience = std::nullopt);

    std::string socket_;
    runtime::http::Client client_;
};

/// Posts; where the hub wants a one-time code and none was given, asks for it on the terminal and posts
/// again. Without a terminal that is an Error that names --totp.
[[nodiscard]] Result<HubReply> post_with_code(HubConnection& hub, std::string_view target,
                                              const boost::json::value& body, const std::string& code);

/// "a b" → "a%20b", for a query's value.
[[nodiscard]] std::string percent_encode(std::string_view text);

}  // namespace garita::programs
