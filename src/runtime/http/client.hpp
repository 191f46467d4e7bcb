#pragma once
// An HTTP client over libcurl: one connection kept alive, one thread at a time, cancellable from any other.

#include <chrono>
#include <cstddef>
#include <cstdint>
#include <memory>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "model/result.hpp"
#include "runtime/http/message.hpp"
#include "runtime/secret/secret.hpp"
#include "runtime/tls/fingerprint.hpp"

namespace garita::runtime::http {

/// Which addresses a name may lead to.
enum class Targets : std::uint8_t {
    any,
    no_forbidden,  ///< not those of is_forbidden_target(): for URLs that others might lead astray
};

struct ClientOptions {
    std::string base_url;  ///< "https://hub.example:7443"; the path of a request is appended
    std::chrono::milliseconds timeout{30'000};  ///< whole exchange
    std::chrono::milliseconds connect_timeout{10'000};
    std::string proxy;        ///< as libcurl takes it: "http://host:3128", "socks5h://host:1080"; empty: none
    std::string unix_socket;  ///< path; base_url then gives only the Host field
    /// The server's key. With it no authority has to vouch for the certificate, and no names are compared.
    std::optional<tls::Fingerprint> pin;
    std::string ca_file;             ///< PEM; empty: the system's authorities
    std::string client_certificate;  ///< file in PEM, for mutual TLS; empty: none
    std::string client_key;          ///< file in PEM
    std::string user_agent = "garita";
    std::size_t max_response = 8 * 1024 * 1024;  ///< bytes of body
    /// Texts (a token in the path) that are replaced by "***" wherever an error would show them.
    std::vector<std::string> redact;
    Targets targets = Targets::any;  ///< of the first hop: with a proxy, the proxy itself
};

/// Who we are, and who the server must be, for what is sent from now on.
struct Presentation {
    std::string certificate;  ///< PEM
    Secret key;               ///< PEM
    std::optional<tls::Fingerprint> pin;
};

struct ClientResponse {
    int status = 0;
    Headers headers;
    std::string body;
};

/// A connection on which nothing comes back any more, not even an acknowledgement, fails within some 25
/// seconds, however long the answer may take (runtime/http/silence.hpp).
class Client {
  public:
    using Clock = std::chrono::steady_clock;

    explicit Client(ClientOptions options);
    ~Client();
    Client(const Client&) = delete;
    Client& operator=(const Client&) = delete;

    /// Sends one request and waits for the whole response; any status is a success. `target` is path and
    /// query, encoded, beginning with '/'. Redirects are not followed. Fails with `unavailable` (to be tried
    /// later) when the peer cannot be reached, is too slow, or cancel() was called; `forbidden` when the
    /// peer's certificate is not the expected one; `full` when the response is too large; `invalid` for a bad
    /// URL.
    [[nodiscard]] Result<ClientResponse> send(
        Method method, std::string_view target, const Headers& headers = {}, std::string_view body = {},
        std::optional<std::chrono::milliseconds> timeout = std::nullopt);

    /// Replaces certificate, key and pin of the options. By the thread that sends.
    void present(Presentation presentation);

    /// When the peer last gave a sign of life, as far as is known after a send(). By the thread that sends.
    [[nodiscard]] std::optional<Clock::time_point> heard() const;

    /// Ends a running send() within 100 ms and makes all later ones fail at once, until resume(). Any thread.
    void cancel();
    void resume();

  private:
    class Transfer;
    std::unique_ptr<Transfer> transfer_;
};

}  // namespace garita::runtime::http
