#include "runtime/mail_server/call.hpp"

#include <algorithm>
#include <new>

#include <sys/socket.h>

namespace garita::runtime {

namespace {

/// Child processes must not inherit our connections.
curl_socket_t open_socket(void*, curlsocktype, curl_sockaddr* address) {
    return ::socket(address->family, address->socktype | SOCK_CLOEXEC, address->protocol);
}

CURL* new_handle() {
    static const CURLcode ready = curl_global_init(CURL_GLOBAL_DEFAULT);
    if (ready != CURLE_OK) throw std::runtime_error("libcurl cannot be started");
    return curl_easy_init();
}

}  // namespace

std::string name_of(const MailServer& server) {
    const bool literal = server.host.find(':') != std::string::npos;
    return (literal ? '[' + server.host + ']' : server.host) + ':' + std::to_string(server.port);
}

MailCall::MailCall(const MailServer& server) : easy_(new_handle()) {
    if (!easy_) throw std::bad_alloc();
    set(CURLOPT_PROXY, "");  // keeps the environment's out
    set(CURLOPT_OPENSOCKETFUNCTION, open_socket);
    set(CURLOPT_ERRORBUFFER, error_.data());
    limits(server);
    secure(server);
}

void MailCall::limits(const MailServer& server) {
    set(CURLOPT_NOSIGNAL, 1L);
    // a cancelled name lookup is left to its thread instead of being waited for
    set(CURLOPT_QUICK_EXIT, 1L);
    set(CURLOPT_TIMEOUT_MS, static_cast<long>(server.timeout.count()));
    set(CURLOPT_CONNECTTIMEOUT_MS,
        static_cast<long>(std::min(server.timeout, server.connect_timeout).count()));
    set(CURLOPT_FRESH_CONNECT, 1L);
}

void MailCall::secure(const MailServer& server) {
    if (server.security == MailServer::Security::none) return;
    // no change to TLS, no letter and no password
    set(CURLOPT_USE_SSL, static_cast<long>(CURLUSESSL_ALL));
    set(CURLOPT_SSLVERSION, static_cast<long>(CURL_SSLVERSION_TLSv1_2));
    if (server.pin) {
        // the key says who it is, so nobody has to vouch
        set(CURLOPT_PINNEDPUBLICKEY, tls::to_curl_pin(*server.pin).c_str());
        set(CURLOPT_SSL_VERIFYPEER, 0L);
        set(CURLOPT_SSL_VERIFYHOST, 0L);
        return;
    }
    if (server.ca_file.empty()) return;
    set(CURLOPT_CAINFO, server.ca_file.c_str());
    set(CURLOPT_CAPATH, static_cast<const char*>(nullptr));
}

void MailCall::login(const MailServer& server) {
    set(CURLOPT_USERNAME, server.user.c_str());
    std::string password(server.password.reveal());
    set(CURLOPT_PASSWORD, password.c_str());
    wipe(password);
}

std::string MailCall::why(CURLcode code) const {
    return error_.front() != '\0' ? error_.data() : curl_easy_strerror(code);
}

}  // namespace garita::runtime
