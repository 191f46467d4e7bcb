#pragma once
// The command line's way to the hub: the REST API over the local socket, as the system user who calls.

#include <string>
#include <string_view>

#include <boost/json/value.hpp>

#include "model/result.hpp"
#include "runtime/http/client.hpp"

namespace garita::programs {

/// Where a hub's socket is looked for when nobody says: $GARITA_SOCKET, /run/garita/hub.sock, ./var/hub.sock.
[[nodiscard]] std::string default_socket();

struct HubReply {
    int status = 0;
    boost::json::value body;
    std::string text;  ///< the body as it came, for --json
};

class HubConnection {
  public:
    explicit HubConnection(std::string socket);

    /// Answers of 2xx and 409 (somebody was faster) are replies; everything else is an Error with the hub's
    /// own words.
    [[nodiscard]] Result<HubReply> get(std::string_view target);
    [[nodiscard]] Result<HubReply> post(std::string_view target, const boost::json::value& body);

  private:
    Result<HubReply> call(runtime::http::Method method, std::string_view target, std::string_view body);

    std::string socket_;
    runtime::http::Client client_;
};

/// "a b" → "a%20b", for a query's value.
[[nodiscard]] std::string percent_encode(std::string_view text);

}  // namespace garita::programs
