// What one HTTPS connection to a hub costs a program in memory.
// Use: garita-bench-http-client https://127.0.0.1:PORT CERTIFICATE.pem [pinned|authority]; prints lines of
// /proc/self/status.

#include <cstdio>
#include <fstream>
#include <iostream>
#include <malloc.h>
#include <string>

#include "runtime/http/client.hpp"
#include "runtime/memory/footprint.hpp"

namespace {

void show(const std::string& when) {
    std::ifstream status("/proc/self/status");
    std::cout << when << ":";
    for (std::string line; std::getline(status, line);) {
        if (line.starts_with("VmRSS") || line.starts_with("Rss")) std::cout << "  " << line;
    }
    std::cout << "\n";
}

}  // namespace

int main(int argc, char** argv) {
    namespace http = garita::runtime::http;
    if (argc < 3) return 2;
    show("before the client");
    http::ClientOptions options;
    options.base_url = argv[1];
    const auto pin = garita::runtime::tls::fingerprint_sha256(argv[2]);
    const bool pinned = argc < 4 || std::string(argv[3]) == "pinned";
    if (pinned && pin) options.pin = *pin;
    http::Client client(options);
    show("with a client");
    for (int i = 0; i < 20; ++i) {
        const auto answer = client.send(http::Method::post, "/commit", {}, "{}");
        if (!answer && pinned) {
            std::cerr << answer.error().text << "\n";
            return 1;
        }
        if (i == 0) show("after one request");
    }
    show("after twenty");
    malloc_trim(0);
    garita::runtime::give_back_clean_pages();
    show("after giving pages back");
    for (int i = 0; i < 20; ++i) {
        if (!client.send(http::Method::post, "/commit", {}, "{}") && pinned) return 1;
    }
    show("after twenty more");
    return 0;
}
