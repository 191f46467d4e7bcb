#pragma once
// HTTP requests and responses as the rest of Garita sees them: plain values, no library types.

#include <chrono>
#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <utility>
#include <variant>
#include <vector>

#include <sys/types.h>

#include "model/time.hpp"

namespace garita::runtime::http {

enum class Method { get, head, post, put, patch, del, options };

[[nodiscard]] std::string_view to_text(Method method);
[[nodiscard]] std::optional<Method> parse_method(std::string_view text);

/// Header fields in the order they came; names compare without case.
class Headers {
  public:
    using Field = std::pair<std::string, std::string>;

    Headers() = default;
    Headers(std::initializer_list<Field> fields) : fields_(fields) {}

    /// The first field of that name.
    [[nodiscard]] std::optional<std::string_view> find(std::string_view name) const;
    void add(std::string name, std::string value) { fields_.emplace_back(std::move(name), std::move(value)); }

    [[nodiscard]] std::size_t size() const { return fields_.size(); }
    [[nodiscard]] auto begin() const { return fields_.begin(); }
    [[nodiscard]] auto end() const { return fields_.end(); }

  private:
    std::vector<Field> fields_;
};

/// Decoded name=value pairs of a query string, repeated names kept.
class Query {
  public:
    using Pair = std::pair<std::string, std::string>;

    /// The first value of that name.
    [[nodiscard]] std::optional<std::string_view> find(std::string_view name) const;
    [[nodiscard]] std::vector<std::string_view> all(std::string_view name) const;
    void add(std::string name, std::string value) { pairs_.emplace_back(std::move(name), std::move(value)); }

    [[nodiscard]] std::size_t size() const { return pairs_.size(); }
    [[nodiscard]] auto begin() const { return pairs_.begin(); }
    [[nodiscard]] auto end() const { return pairs_.end(); }

  private:
    std::vector<Pair> pairs_;
};

enum class PeerKind { unix_socket, tcp };

/// Who is at the other end, as the kernel and TLS tell it.
struct Peer {
    PeerKind kind = PeerKind::tcp;
    uid_t uid = 0;        ///< unix_socket only: the process that connected (SO_PEERCRED)
    gid_t gid = 0;        ///< unix_socket only
    pid_t pid = 0;        ///< unix_socket only
    std::string address;  ///< tcp only: without port, IPv4-mapped addresses as IPv4
    Time connected_at{};  ///< when the connection was accepted, by the system's clock
    bool tls = false;
    std::string certificate;  ///< "sha256:…" of the client certificate's key; empty without one
};

/// Values of the `{name}` parts of the route's pattern, decoded.
class PathParameters {
  public:
    [[nodiscard]] std::optional<std::string_view> find(std::string_view name) const;
    /// A decimal number, no sign, no leading blanks; nothing where the text is not one or does not fit.
    [[nodiscard]] std::optional<std::int64_t> number(std::string_view name) const;
    void add(std::string_view name, std::string value) { values_.emplace_back(name, std::move(value)); }
    [[nodiscard]] std::size_t size() const { return values_.size(); }

  private:
    std::vector<std::pair<std::string, std::string>> values_;
};

struct Request {
    Method method = Method::get;
    std::string path;  ///< as sent, without query: still percent-encoded
    PathParameters parameters;
    Query query;
    Headers headers;
    std::string body;
    Peer peer;
    std::chrono::steady_clock::time_point arrived{};  ///< when all of it was here
    bool final_call = false;  ///< the time of a parked request is over (or the server stops): answer now
};

struct Response {
    int status = 200;
    std::string content_type;  ///< empty: no Content-Type field
    std::string body;
    Headers headers;  ///< fields beside Content-Type, Content-Length, Connection and Date
};

/// "Nothing to say yet": the server keeps the request without a thread and calls the handler again when
/// `topic` is woken or at `until`, then with `final_call` set. A Park returned on the final call is answered
/// with 204.
struct Park {
    std::string topic;
    std::chrono::steady_clock::time_point until;
};

using Answer = std::variant<Response, Park>;

[[nodiscard]] Response json_response(int status, std::string json);
[[nodiscard]] Response text_response(int status, std::string text);

/// An error as RFC 9457 problem details: {"type":"about:blank","title":…,"status":…,"detail":…}.
[[nodiscard]] Response problem(int status, std::string_view title, std::string_view detail = {});

/// "Not Found" for 404; "Unknown" for a number without a registered phrase.
[[nodiscard]] std::string_view reason_phrase(int status);

}  // namespace garita::runtime::http
