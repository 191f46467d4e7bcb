#pragma once
// A real server on loopback TLS, plain loopback and a local socket, with routes that the tests poke at.

#include <atomic>
#include <chrono>
#include <filesystem>
#include <mutex>
#include <set>
#include <stdexcept>
#include <string>
#include <thread>
#include <unistd.h>
#include <vector>

#include <gtest/gtest.h>

#include "runtime/http/client.hpp"
#include "runtime/http/server.hpp"

namespace garita::runtime::http::testing {

using namespace std::chrono_literals;
using Clock = std::chrono::steady_clock;

#if defined(__SANITIZE_THREAD__) || defined(__SANITIZE_ADDRESS__)
constexpr int slowness = 10;  ///< sanitizers are not what the time limits are about
#else
constexpr int slowness = 1;
#endif

class Folder {
  public:
    Folder() {
        std::string name = (std::filesystem::temp_directory_path() / "garita-http-XXXXXX").string();
        path_ = mkdtemp(name.data());
    }
    ~Folder() { std::filesystem::remove_all(path_); }
    Folder(const Folder&) = delete;
    Folder& operator=(const Folder&) = delete;
    [[nodiscard]] std::filesystem::path operator/(const std::string& name) const { return path_ / name; }

  private:
    std::filesystem::path path_;
};

/// Waits for what another thread will make true; false when it takes too long.
template <typename Condition>
bool eventually(Condition condition, std::chrono::milliseconds limit = 5s) {
    const auto end = Clock::now() + limit;
    while (!condition()) {
        if (Clock::now() > end) return false;
        std::this_thread::sleep_for(2ms);
    }
    return true;
}

class HttpTest : public ::testing::Test {
  protected:
    enum Place : std::size_t { tls_place, plain_place, unix_place };

    void start(ServerLimits limits = {}, std::size_t threads = 8) {
        files_ = {folder_ / "cert.pem", folder_ / "key.pem"};
        ASSERT_TRUE(tls::make_self_signed(files_, {"localhost", "127.0.0.1"}));
        ServerOptions options;
        options.limits = limits;
        options.handler_threads = threads;
        options.log = [this](std::string_view line) {
            const std::lock_guard lock(log_mutex_);
            log_.emplace_back(line);
        };
        server_ = std::make_unique<Server>(routes(), options);
        tls_settings_.files = files_;
        const auto started =
            server_->start({TlsEndpoint{"127.0.0.1", 0, tls_settings_}, PlainEndpoint{"127.0.0.1", 0},
                            UnixEndpoint{socket_path(), 0600, std::nullopt}});
        ASSERT_TRUE(started) << started.error().text;
    }

    Router routes() {
        Router router;
        router.add(Method::get, "/hello/{name}", [](const Request& request) {
            return text_response(200, "hello " + std::string(*request.parameters.find("name")));
        });
        router.add(Method::post, "/echo",
                   [](const Request& request) { return text_response(200, request.body); });
        router.add(
            Method::post, "/small", [](const Request& request) { return text_response(200, request.body); },
            100);
        router.add(Method::get, "/peer", [](const Request& request) {
            const auto& peer = request.peer;
            return text_response(200,
                                 peer.kind == PeerKind::unix_socket
                                     ? "uid " + std::to_string(peer.uid) + " pid " + std::to_string(peer.pid)
                                     : peer.address + (peer.tls ? " tls " : " plain ") + peer.certificate);
        });
        router.add(Method::get, "/broken",
                   [](const Request&) -> Answer { throw std::runtime_error("out of luck"); });
        router.add(Method::get, "/large",
                   [](const Request&) { return text_response(200, std::string(3'000'000, 'x')); });
        router.add(Method::get, "/wait/{topic}",
                   [this](const Request& request) { return wait_for_news(request); });
        router.add(Method::get, "/slow", [this](const Request&) {
            ++slow_running_;
            std::this_thread::sleep_for(300ms);
            return text_response(200, "at last");
        });
        return router;
    }

    Answer wait_for_news(const Request& request) {
        ++looks_;
        {
            const std::lock_guard lock(threads_mutex_);
            threads_.insert(std::this_thread::get_id());
        }
        if (news_) return text_response(200, "news");
        if (request.final_call) return text_response(200, "nothing");
        return Park{std::string(*request.parameters.find("topic")), Clock::now() + patience_};
    }

    [[nodiscard]] std::string socket_path() const { return folder_ / "http.sock"; }
    [[nodiscard]] std::string url(Place place) const {
        return (place == tls_place ? "https://127.0.0.1:" : "http://127.0.0.1:") +
               std::to_string(server_->port(place));
    }

    [[nodiscard]] ClientOptions options(Place place) const {
        ClientOptions options;
        options.timeout = 10s;
        options.base_url = place == unix_place ? "http://localhost" : url(place);
        if (place == unix_place) options.unix_socket = socket_path();
        if (place == tls_place) options.pin = tls::fingerprint_sha256(files_.certificate).value();
        return options;
    }

    Folder folder_;
    tls::KeyPaths files_;
    tls::ServerSettings tls_settings_;
    std::atomic<bool> news_{false};
    std::atomic<int> looks_{0};
    std::atomic<int> slow_running_{0};
    std::chrono::milliseconds patience_{20'000};
    std::mutex threads_mutex_;
    std::set<std::thread::id> threads_;
    std::mutex log_mutex_;
    std::vector<std::string> log_;
    std::unique_ptr<Server> server_;  // stops before the rest goes
};

}  // namespace garita::runtime::http::testing
