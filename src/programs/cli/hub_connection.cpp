#include "programs/cli/hub_connection.hpp"

#include <cstdlib>

#include <sys/stat.h>

#include "runtime/json/text.hpp"

namespace garita::programs {
namespace http = runtime::http;
namespace {

http::ClientOptions options_for(const std::string& socket) {
    http::ClientOptions options;
    options.base_url = "http://localhost";
    options.unix_socket = socket;
    options.user_agent = "garita-cli";
    options.max_response = 64 * 1024 * 1024;
    return options;
}

bool is_socket(const std::string& path) {
    struct stat info {};
    return stat(path.c_str(), &info) == 0 && S_ISSOCK(info.st_mode);
}

}  // namespace

std::string default_socket() {
    if (const char* const named = std::getenv("GARITA_SOCKET"); named != nullptr && *named != '\0')
        return named;
    const std::string system = "/run/garita/hub.sock";
    const std::string local = "./var/hub.sock";
    if (!is_socket(system) && is_socket(local)) return local;
    return system;
}

HubConnection::HubConnection(std::string socket)
    : socket_(std::move(socket)), client_(options_for(socket_)) {}

Result<HubReply> HubConnection::get(std::string_view target,
                                    std::optional<std::chrono::milliseconds> patience) {
    return call(http::Method::get, target, "", patience);
}

Result<HubReply> HubConnection::post(std::string_view target, const boost::json::value& body) {
    return call(http::Method::post, target, runtime::json::serialize(body));
}

Result<HubReply> HubConnection::call(http::Method method, std::string_view target, std::string_view body,
                                     std::optional<std::chrono::milliseconds> patience) {
    if (!is_socket(socket_))
        return fail(ErrorCode::unavailable,
                    "no hub is running behind " + socket_ +
                        ": start one (`make run`, or `garita hub --config FILE`), or name its "
                        "socket with --socket or GARITA_SOCKET");
    http::Headers headers;
    if (method == http::Method::post) headers.add("Content-Type", "application/json");
    const auto response = client_.send(method, target, headers, body, patience);
    if (!response)
        return fail(ErrorCode::unavailable, "hub at " + socket_ + ": " + response.error().text, Retry::later);
    return read_reply(response->status, response->body);
}

std::string percent_encode(std::string_view text) {
    constexpr std::string_view hex = "0123456789ABCDEF";
    std::string encoded;
    for (const char c : text) {
        const auto byte = static_cast<unsigned char>(c);
        const bool plain = (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9') ||
                           c == '-' || c == '_' || c == '.' || c == '~';
        if (plain)
            encoded += c;
        else
            (encoded += '%') += {hex[byte >> 4U], hex[byte & 15U]};
    }
    return encoded;
}

}  // namespace garita::programs
