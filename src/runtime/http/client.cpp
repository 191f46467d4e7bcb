#include "runtime/http/client.hpp"

#include <algorithm>
#include <array>
#include <atomic>
#include <cstring>
#include <mutex>
#include <unistd.h>
#include <utility>

#include <curl/curl.h>
#include <fmt/format.h>
#include <netinet/in.h>
#include <sys/socket.h>

#include "model/forbidden_target.hpp"
#include "runtime/http/silence.hpp"

namespace garita::runtime::http {
namespace {

constexpr std::size_t most_header_bytes = 64 * 1024;
constexpr int longest_sleep_ms = 60'000;  ///< data, libcurl's own timers and cancel() end the sleep earlier

template <auto release>
struct Releaser {
    template <typename T>
    void operator()(T* object) const {
        release(object);
    }
};
using Easy = std::unique_ptr<CURL, Releaser<curl_easy_cleanup>>;
using Multi = std::unique_ptr<CURLM, Releaser<curl_multi_cleanup>>;
using List = std::unique_ptr<curl_slist, Releaser<curl_slist_free_all>>;

/// Timers of the kernel and of this program need not agree to the second.
constexpr std::chrono::seconds almost_longest_silence = longest_silence - std::chrono::seconds{5};

/// What libcurl's callbacks fill in.
struct Reception {
    ClientResponse response;
    std::size_t header_bytes = 0;
    std::size_t most_body = 0;
    bool too_large = false;
};

std::size_t take_body(const char* data, std::size_t, std::size_t size, void* to) {
    auto& reception = *static_cast<Reception*>(to);
    if (size > reception.most_body - reception.response.body.size()) {
        reception.too_large = true;
        return 0;  // libcurl stops the transfer
    }
    reception.response.body.append(data, size);
    return size;
}

std::size_t take_header(const char* data, std::size_t, std::size_t size, void* to) {
    auto& reception = *static_cast<Reception*>(to);
    std::string_view line(data, size);
    while (!line.empty() && (line.back() == '\r' || line.back() == '\n'))
        line.remove_suffix(1);
    reception.header_bytes += size;
    if (reception.header_bytes > most_header_bytes) {
        reception.too_large = true;
        return 0;
    }
    if (line.starts_with("HTTP/")) {
        reception.response.headers = {};  // after a 100, or a proxy's answer to CONNECT
        return size;
    }
    const auto colon = line.find(':');
    if (colon == std::string_view::npos) return size;
    auto value = line.substr(colon + 1);
    value.remove_prefix(std::min(value.find_first_not_of(" \t"), value.size()));
    reception.response.headers.add(std::string(line.substr(0, colon)), std::string(value));
    return size;
}

bool is_forbidden(const curl_sockaddr& address) {
    if (address.family == AF_INET) {
        sockaddr_in v4{};
        std::memcpy(&v4, &address.addr, sizeof v4);
        std::array<std::uint8_t, 4> bytes{};
        std::memcpy(bytes.data(), &v4.sin_addr, bytes.size());
        return is_forbidden_target(IpAddress::from_v4(bytes));
    }
    if (address.family != AF_INET6) return false;
    sockaddr_in6 v6{};
    std::memcpy(&v6, &address.addr, sizeof v6);
    std::array<std::uint8_t, 16> bytes{};
    std::memcpy(bytes.data(), &v6.sin6_addr, bytes.size());
    return is_forbidden_target(IpAddress::from_v6(bytes));
}

/// What the callback that opens sockets has to know, and what it tells.
struct Door {
    Targets targets = Targets::any;
    bool refused = false;
};

/// Child processes must not inherit our connections.
curl_socket_t open_socket(void* door_of, curlsocktype, curl_sockaddr* address) {
    auto& door = *static_cast<Door*>(door_of);
    // here, where the address is the one that is connected to: a name could be looked up to another each time
    if (door.targets == Targets::no_forbidden && is_forbidden(*address)) {
        door.refused = true;
        return CURL_SOCKET_BAD;
    }
    const int socket = ::socket(address->family, address->socktype | SOCK_CLOEXEC, address->protocol);
    if (socket >= 0 && address->family != AF_UNIX) watch_for_silence(socket);
    return socket;
}

bool one_line(std::string_view text) {
    return std::none_of(text.begin(), text.end(),
                        [](char c) { return static_cast<unsigned char>(c) < 0x20; });
}

/// Scheme, host and port: the part of a URL that is no secret.
std::string origin_of(std::string_view url) {
    const auto scheme = url.find("://");
    if (scheme == std::string_view::npos) return "the peer";
    const auto host = url.substr(scheme + 3, url.find_first_of("/?#", scheme + 3) - scheme - 3);
    return std::string(url.substr(0, scheme + 3)) + std::string(host.substr(host.rfind('@') + 1));
}

struct Judgement {
    ErrorCode code;
    Retry retry;
};

Judgement judge(CURLcode code) {
    switch (code) {
        case CURLE_PEER_FAILED_VERIFICATION:
        case CURLE_SSL_PINNEDPUBKEYNOTMATCH:
        case CURLE_SSL_ISSUER_ERROR:
            return {ErrorCode::forbidden, Retry::no};
        case CURLE_URL_MALFORMAT:
        case CURLE_UNSUPPORTED_PROTOCOL:
        case CURLE_SSL_CACERT_BADFILE:
        case CURLE_SSL_CERTPROBLEM:
            return {ErrorCode::invalid, Retry::no};
        default:
            return {ErrorCode::unavailable, Retry::later};
    }
}

}  // namespace

class Client::Transfer {
  public:
    explicit Transfer(ClientOptions options) : options_(std::move(options)) {
        presentation_.pin = options_.pin;
        static const CURLcode ready = curl_global_init(CURL_GLOBAL_DEFAULT);
        if (ready == CURLE_OK) easy_.reset(curl_easy_init());
        if (ready == CURLE_OK) multi_.reset(curl_multi_init());
        if (!easy_ || !multi_) throw std::bad_alloc();
        curl_multi_setopt(multi_.get(), CURLMOPT_MAXCONNECTS, 1L);
    }

    Result<ClientResponse> send(Method method, std::string_view target, const Headers& headers,
                                std::string_view body, std::chrono::milliseconds timeout);

    void cancel() {
        cancelled_ = true;
        curl_multi_wakeup(multi_.get());
    }
    void resume() { cancelled_ = false; }
    void present(Presentation presentation) { presentation_ = std::move(presentation); }
    [[nodiscard]] std::chrono::milliseconds default_timeout() const { return options_.timeout; }
    [[nodiscard]] std::optional<Client::Clock::time_point> heard() const { return heard_; }

  private:
    template <typename Value>
    void set(CURLoption option, Value value) {
        curl_easy_setopt(easy_.get(), option, value);
    }
    void set_text(CURLoption option, const std::string& value) {
        if (!value.empty()) set(option, value.c_str());
    }
    void set_pem(CURLoption option, std::string_view text) {
        if (text.empty()) return;
        // not copied: presentation_ lives as long as the handle
        curl_blob blob{const_cast<char*>(text.data()), text.size(), CURL_BLOB_NOCOPY};
        set(option, &blob);
    }
    void configure(Reception& reception, std::chrono::milliseconds timeout);
    void configure_tls();
    void configure_method(Method method, std::string_view body);
    CURLcode perform();
    void note_heard(Client::Clock::time_point at) { heard_ = std::max(heard_.value_or(at), at); }
    static int close_socket(void* self, curl_socket_t socket);
    static std::size_t read_body(char* to, std::size_t size, std::size_t count, void* self);
    [[nodiscard]] tl::unexpected<Error> failed(Method method, CURLcode code,
                                               const Reception& reception) const;
    [[nodiscard]] std::string redacted(std::string text) const;

    const ClientOptions options_;
    Presentation presentation_;
    std::optional<Client::Clock::time_point> heard_;
    Client::Clock::time_point begun_;  ///< the request under way
    std::string_view unsent_;          ///< the rest of its body
    bool fell_silent_ = false;         ///< its connection
    Door door_;
    Multi multi_;
    Easy easy_;  // goes first
    std::array<char, CURL_ERROR_SIZE> error_{};
    std::atomic<bool> cancelled_{false};
};

void Client::Transfer::configure(Reception& reception, std::chrono::milliseconds timeout) {
    curl_easy_reset(easy_.get());  // the connection stays
    error_.front() = '\0';
    set(CURLOPT_ERRORBUFFER, error_.data());
    set(CURLOPT_NOSIGNAL, 1L);
    // a cancelled name lookup is left to its thread instead of being waited for
    set(CURLOPT_QUICK_EXIT, 1L);
    set(CURLOPT_PROTOCOLS_STR, "http,https");
    set(CURLOPT_FOLLOWLOCATION, 0L);
    set(CURLOPT_HTTP_VERSION, static_cast<long>(CURL_HTTP_VERSION_1_1));
    set(CURLOPT_TIMEOUT_MS, static_cast<long>(timeout.count()));
    set(CURLOPT_CONNECTTIMEOUT_MS, static_cast<long>(options_.connect_timeout.count()));
    door_ = {options_.targets, false};
    set(CURLOPT_OPENSOCKETFUNCTION, open_socket);
    set(CURLOPT_OPENSOCKETDATA, &door_);
    set(CURLOPT_CLOSESOCKETFUNCTION, close_socket);
    set(CURLOPT_CLOSESOCKETDATA, this);
    set(CURLOPT_WRITEFUNCTION, take_body);
    set(CURLOPT_WRITEDATA, &reception);
    set(CURLOPT_HEADERFUNCTION, take_header);
    set(CURLOPT_HEADERDATA, &reception);
    set(CURLOPT_PROXY, options_.proxy.c_str());  // an empty one keeps the environment's out
    set_text(CURLOPT_UNIX_SOCKET_PATH, options_.unix_socket);
    set_text(CURLOPT_USERAGENT, options_.user_agent);
}

void Client::Transfer::configure_tls() {
    set(CURLOPT_SSLVERSION, static_cast<long>(CURL_SSLVERSION_TLSv1_2));
    set_text(CURLOPT_SSLCERT, options_.client_certificate);
    set_text(CURLOPT_SSLKEY, options_.client_key);
    set_pem(CURLOPT_SSLCERT_BLOB, presentation_.certificate);
    set_pem(CURLOPT_SSLKEY_BLOB, presentation_.key.reveal());
    set_text(CURLOPT_CAINFO, options_.ca_file);
    if (!options_.ca_file.empty()) set(CURLOPT_CAPATH, static_cast<const char*>(nullptr));
    if (!presentation_.pin) return;
    // The key says who it is, so nobody has to vouch; not loading the authorities saves megabytes too.
    const std::string pin = tls::to_curl_pin(*presentation_.pin);
    set(CURLOPT_PINNEDPUBLICKEY, pin.c_str());
    set(CURLOPT_SSL_VERIFYPEER, 0L);
    set(CURLOPT_SSL_VERIFYHOST, 0L);
    set(CURLOPT_CAINFO, static_cast<const char*>(nullptr));
    set(CURLOPT_CAPATH, static_cast<const char*>(nullptr));
}

void Client::Transfer::configure_method(Method method, std::string_view body) {
    if (method == Method::head) set(CURLOPT_NOBODY, 1L);
    if (!body.empty() || method == Method::post || method == Method::put || method == Method::patch) {
        set(CURLOPT_POST, 1L);
        set(CURLOPT_POSTFIELDSIZE_LARGE, static_cast<curl_off_t>(body.size()));
        // libcurl sends a request again by itself where a kept connection ends before the answer, though the
        // server may have carried it out: what it cannot read a second time it cannot send twice
        unsent_ = body;
        if (body.empty()) set(CURLOPT_POSTFIELDS, "");
        set(CURLOPT_READFUNCTION, &Transfer::read_body);
        set(CURLOPT_READDATA, this);
    }
    const bool chosen_by_libcurl =
        method == Method::head || method == Method::post || (method == Method::get && body.empty());
    if (!chosen_by_libcurl) {
        const std::string name(to_text(method));
        set(CURLOPT_CUSTOMREQUEST, name.c_str());
    }
}

std::size_t Client::Transfer::read_body(char* to, std::size_t size, std::size_t count, void* self) {
    auto& unsent = static_cast<Transfer*>(self)->unsent_;
    const auto part = unsent.substr(0, size * count);
    std::copy(part.begin(), part.end(), to);
    unsent.remove_prefix(part.size());
    return part.size();
}

int Client::Transfer::close_socket(void* self, curl_socket_t socket) {
    auto& transfer = *static_cast<Transfer*>(self);
    if (const auto silence = silent_for(socket)) {
        const auto now = Client::Clock::now();
        transfer.note_heard(now - *silence);
        // one that has been idle for long is closed when the next request begins: that one takes another
        if (*silence >= almost_longest_silence && now - transfer.begun_ >= almost_longest_silence)
            transfer.fell_silent_ = true;
    }
    return ::close(socket);
}

CURLcode Client::Transfer::perform() {
    curl_multi_add_handle(multi_.get(), easy_.get());
    CURLcode outcome = CURLE_ABORTED_BY_CALLBACK;
    int running = 1;
    // libcurl would try again at once, and wait for a connection that cannot come about
    while (!cancelled_ && !fell_silent_ && curl_multi_perform(multi_.get(), &running) == CURLM_OK &&
           running > 0) {
        if (!cancelled_ && !fell_silent_)
            curl_multi_poll(multi_.get(), nullptr, 0, longest_sleep_ms, nullptr);
    }
    int left = 0;
    while (const CURLMsg* message = curl_multi_info_read(multi_.get(), &left)) {
        if (message->msg == CURLMSG_DONE) outcome = message->data.result;
    }
    curl_multi_remove_handle(multi_.get(), easy_.get());
    return outcome;
}

Result<ClientResponse> Client::Transfer::send(Method method, std::string_view target, const Headers& headers,
                                              std::string_view body, std::chrono::milliseconds timeout) {
    if (!target.starts_with('/') || !one_line(target)) {
        return fail(ErrorCode::invalid, "a request's target is a path that begins with '/'");
    }
    if (presentation_.pin && !options_.base_url.starts_with("https://")) {
        return fail(ErrorCode::invalid,
                    origin_of(options_.base_url) + " has a pinned key and so needs https://");
    }
    Reception reception;
    reception.most_body = options_.max_response;
    configure(reception, timeout);
    configure_tls();
    configure_method(method, body);
    const std::string url = options_.base_url + std::string(target);
    set(CURLOPT_URL, url.c_str());

    // libcurl would add these by itself
    List fields(curl_slist_append(nullptr, "Expect:"));
    if (!headers.find("Content-Type")) fields.reset(curl_slist_append(fields.release(), "Content-Type:"));
    for (const auto& [name, value] : headers) {
        if (!one_line(name) || !one_line(value))
            return fail(ErrorCode::invalid, "a header field has a line break");
        fields.reset(curl_slist_append(fields.release(), fmt::format("{}: {}", name, value).c_str()));
    }
    set(CURLOPT_HTTPHEADER, fields.get());

    begun_ = Client::Clock::now();
    fell_silent_ = false;
    const CURLcode code = perform();
    if (code != CURLE_OK) return failed(method, code, reception);
    note_heard(Client::Clock::now());
    long status = 0;
    curl_easy_getinfo(easy_.get(), CURLINFO_RESPONSE_CODE, &status);
    reception.response.status = static_cast<int>(status);
    return std::move(reception.response);
}

tl::unexpected<Error> Client::Transfer::failed(Method method, CURLcode code,
                                               const Reception& reception) const {
    const std::string what = fmt::format("{} to {}: ", to_text(method), origin_of(options_.base_url));
    if (cancelled_) return fail(ErrorCode::unavailable, redacted(what + "cancelled"), Retry::later);
    if (fell_silent_)
        return fail(ErrorCode::unavailable,
                    redacted(what + "nothing has come for a while, not even the acknowledgement of a probe"),
                    Retry::later);
    if (door_.refused && code == CURLE_COULDNT_CONNECT)
        return fail(ErrorCode::forbidden,
                    redacted(what + "the name leads to a link-local address or a cloud's metadata service"));
    if (reception.too_large) {
        return fail(ErrorCode::full, redacted(what + fmt::format("the response is larger than {} bytes",
                                                                 options_.max_response)));
    }
    const Judgement judgement = judge(code);
    std::string why = error_.front() == '\0' ? curl_easy_strerror(code) : error_.data();
    if (code == CURLE_SEND_FAIL_REWIND) why = "the server hung up before it answered";
    if (code == CURLE_SSL_PINNEDPUBKEYNOTMATCH) {
        why = "the server's key is not the pinned one; compare the fingerprint with the one the server shows";
    }
    return fail(judgement.code, redacted(what + why), judgement.retry);
}

std::string Client::Transfer::redacted(std::string text) const {
    for (const auto& secret : options_.redact) {
        if (secret.empty()) continue;
        for (auto at = text.find(secret); at != std::string::npos; at = text.find(secret, at + 3)) {
            text.replace(at, secret.size(), "***");
        }
    }
    return text;
}

Client::Client(ClientOptions options) : transfer_(std::make_unique<Transfer>(std::move(options))) {}

Client::~Client() = default;

Result<ClientResponse> Client::send(Method method, std::string_view target, const Headers& headers,
                                    std::string_view body, std::optional<std::chrono::milliseconds> timeout) {
    return transfer_->send(method, target, headers, body, timeout.value_or(transfer_->default_timeout()));
}

void Client::present(Presentation presentation) {
    transfer_->present(std::move(presentation));
}

std::optional<Client::Clock::time_point> Client::heard() const {
    return transfer_->heard();
}

void Client::cancel() {
    transfer_->cancel();
}

void Client::resume() {
    transfer_->resume();
}

}  // namespace garita::runtime::http
