// POST /commit over TLS and a local socket; the handler sleeps as long as a group commit takes.
// Use: garita-bench-http FOLDER [COMMIT_MICROSECONDS]; prints the port, serves until its input ends.

#include <chrono>
#include <cstdio>
#include <cstdlib>
#include <iostream>
#include <thread>

#include "runtime/http/server.hpp"

int main(int argc, char** argv) {
    namespace http = garita::runtime::http;
    namespace tls = garita::runtime::tls;
    if (argc < 2) {
        std::fprintf(stderr, "use: garita-bench-http FOLDER [COMMIT_MICROSECONDS]\n");
        return 2;
    }
    const std::string folder = argv[1];
    const std::chrono::microseconds commit(argc > 2 ? std::atoi(argv[2]) : 1000);
    const tls::KeyPaths files{folder + "/cert.pem", folder + "/key.pem"};
    if (!tls::make_self_signed(files, {"localhost"})) return 1;

    http::Router router;
    router.add(http::Method::post, "/commit", [commit](const http::Request&) -> http::Answer {
        std::this_thread::sleep_for(commit);
        return http::json_response(202, "{\"accepted\":1}");
    });
    router.add(http::Method::get, "/wait", [](const http::Request& request) -> http::Answer {
        if (request.final_call) return http::Response{204, {}, {}, {}};
        return http::Park{"never", std::chrono::steady_clock::now() + std::chrono::minutes(1)};
    });
    http::ServerOptions options;
    options.limits.sessions_per_address = 20'000;
    options.limits.sessions = 20'000;
    http::Server server(std::move(router), options);
    tls::ServerSettings settings;
    settings.files = files;
    const auto started = server.start({http::TlsEndpoint{"127.0.0.1", 0, settings},
                                       http::UnixEndpoint{folder + "/http.sock", 0600, std::nullopt}});
    if (!started) {
        std::fprintf(stderr, "%s\n", started.error().text.c_str());
        return 1;
    }
    std::cout << server.port() << std::endl;
    std::cin.ignore(1 << 20, EOF);
    return 0;
}
