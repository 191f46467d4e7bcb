#include "programs/cli/hub_connection.hpp"

#include <charconv>
#include <cstdio>
#include <cstdlib>
#include <fstream>
#include <iostream>
#include <unistd.h>

#include <sys/stat.h>

#include "model/ip.hpp"
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

/// SSH_CONNECTION of this process or, where sudo has taken it away, of an ancestor whose environment can be
/// read: from where the person sits. Empty: not over SSH.
std::string ssh_connection() {
    if (const char* const own = std::getenv("SSH_CONNECTION")) return own;
    constexpr int most_ancestors = 16;
    constexpr std::string_view wanted = "SSH_CONNECTION=";
    auto process = getppid();
    for (int i = 0; i < most_ancestors && process > 1; ++i) {
        const auto folder = "/proc/" + std::to_string(process);
        std::ifstream environment(folder + "/environ");
        for (std::string entry; std::getline(environment, entry, '\0');)
            if (entry.starts_with(wanted)) return entry.substr(wanted.size());
        std::ifstream status(folder + "/status");
        process = 0;
        for (std::string line; std::getline(status, line);)
            if (line.starts_with("PPid:\t"))
                std::from_chars(line.data() + 6, line.data() + line.size(), process);
    }
    return {};
}

std::string ssh_peer() {
    const auto connection = ssh_connection();
    const auto address = IpAddress::parse(connection.substr(0, connection.find(' ')));
    return address ? address->text() : std::string();
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
    const auto response =
        exchange(method, target, method == http::Method::post ? "application/json" : "", body, patience);
    if (!response) return tl::unexpected(response.error());
    return read_reply(response->status, response->body);
}

Result<http::ClientResponse> HubConnection::exchange(http::Method method, std::string_view target,
                                                     std::string_view content_type, std::string_view body,
                                                     std::optional<std::chrono::milliseconds> patience) {
    if (!is_socket(socket_))
        return fail(ErrorCode::unavailable,
                    "no hub is running behind " + socket_ +
                        ": start one (`make run`, or `garita hub --config FILE`), or name its "
                        "socket with --socket or GARITA_SOCKET");
    http::Headers headers;
    if (!content_type.empty()) headers.add("Content-Type", std::string(content_type));
    if (const auto from = ssh_peer(); !from.empty()) headers.add("Garita-From", from);
    auto response = client_.send(method, target, headers, body, patience);
    if (!response)
        return fail(ErrorCode::unavailable, "hub at " + socket_ + ": " + response.error().text, Retry::later);
    return std::move(*response);
}

Result<HubReply> post_with_code(HubConnection& hub, std::string_view target, const boost::json::value& body,
                                const std::string& code) {
    auto complete = body;
    if (!code.empty()) complete.as_object()["totp"] = code;
    auto reply = hub.post(target, complete);
    if (!reply || reply->status != 409) return reply;
    const auto* const outcome = reply->body.as_object().if_contains("outcome");
    if (outcome == nullptr || *outcome != "code_wanted") return reply;
    if (isatty(STDIN_FILENO) == 0)
        return fail(ErrorCode::forbidden, "this takes a one-time code: give it with --totp 123456");
    std::fputs("One-time code: ", stderr);
    std::string typed;
    std::getline(std::cin, typed);
    std::erase(typed, ' ');
    if (typed.empty()) return fail(ErrorCode::forbidden, "no code was given; nothing is done");
    complete.as_object()["totp"] = typed;
    return hub.post(target, complete);
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
