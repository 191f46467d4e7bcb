#pragma once
// A hub's side of the link on a store in memory, with real certificates and signatures, asked as agents
// would.

#include <gtest/gtest.h>

#include "adapters/hub_link/agent_routes.hpp"
#include "adapters/hub_link/enrolment_code.hpp"
#include "adapters/hub_link/store_identity.hpp"
#include "fakes/memory_store.hpp"
#include "runtime/http/server.hpp"
#include "runtime/tls/client_key.hpp"
#include "runtime/tls/private_file.hpp"
#include "support/temporary_directory.hpp"

namespace garita::hub_link::testing {

namespace http = runtime::http;
namespace tls = runtime::tls;
using namespace std::chrono_literals;

inline const Time begin = from_micros(1'800'000'000'000'000);
inline const Actor ana{Actor::Kind::person, "ana", "cli", Role::administrator};

class HubSide : public ::testing::Test {
  protected:
    explicit HubSide(std::size_t alerts_per_second = 1'000'000) : rate_(alerts_per_second) {
        EXPECT_TRUE(ensure_store_identity(store_));
        routes_.add_to(router_);
    }

    tls::Fingerprint make_pin() {
        EXPECT_TRUE(tls::make_self_signed(files_, {"127.0.0.1"}));
        return tls::fingerprint_sha256(files_.certificate).value();
    }
    /// Serves the routes by mutual TLS; returns the address.
    std::string serve(http::Router router) {
        tls::ServerSettings settings;
        settings.files = files_;
        settings.clients = tls::ClientCertificates::requested;
        settings.client_ca = folder_ / "ca.crt";
        settings.dates = tls::ClientDates::application;
        server_ = std::make_unique<http::Server>(std::move(router));
        EXPECT_TRUE(server_->start({http::TlsEndpoint{"127.0.0.1", 0, settings}}));
        return "https://127.0.0.1:" + std::to_string(server_->port());
    }

    static std::string request_of(const runtime::Secret& key) {
        return tls::make_certificate_request(key, "").value();
    }
    static std::string fingerprint_of(const std::string& request) {
        return to_text(tls::CertificateRequest::parse(request)->key());
    }
    [[nodiscard]] EnrolRequest by_code(const std::string& code, const std::string& request,
                                       const std::string& name = "") const {
        return {EnrolRequest::Kind::one_time, parse_ticket(code)->secret, name, request};
    }
    [[nodiscard]] static EnrolRequest pre_shared(const std::string& name, const std::string& code,
                                                 const std::string& request) {
        return {EnrolRequest::Kind::pre_shared, runtime::Secret(code), name, request};
    }
    std::string code_for(const std::string& name, Duration valid = 15min) {
        const auto offer = registry_.offer(name, valid, ana, now_);
        EXPECT_TRUE(offer) << (offer ? "" : offer.error().text);
        return offer ? offer->code : "";
    }
    /// A new agent's peer, as its connection tells.
    http::Peer enrolled(const std::string& name) {
        const auto request = request_of(tls::make_client_key().value());
        const auto answer = registry_.enrol(by_code(code_for(name), request), "192.0.2.9", now_);
        EXPECT_TRUE(answer) << (answer ? "" : answer.error().text);
        return peer(fingerprint_of(request));
    }
    static http::Peer peer(const std::string& certificate) {
        http::Peer peer;
        peer.address = "192.0.2.9";
        peer.tls = true;
        peer.certificate = certificate;
        return peer;
    }

    http::Answer call(std::string_view path, std::string body, const http::Peer& from,
                      const std::string& nonce = make_nonce()) {
        http::Request request;
        request.method = http::Method::post;
        request.body = std::move(body);
        request.headers = {{std::string(nonce_header), nonce}};
        request.peer = from;
        request.arrived = std::chrono::steady_clock::now() - held_;
        const auto found = router_.find(request.method, path);
        return std::get<http::Router::Match>(found).route->handler(request);
    }
    int status(std::string_view path, std::string body, const http::Peer& from) {
        return std::get<http::Response>(call(path, std::move(body), from)).status;
    }
    std::vector<std::string> audited(const std::string& verb) {
        std::vector<std::string> details;
        EXPECT_TRUE(store_.read([&](store::View& view) -> Result<void> {
            for (const auto& entry : view.audit({}))
                if (entry.verb == verb) details.push_back(entry.detail);
            return {};
        }));
        return details;
    }

    std::chrono::steady_clock::duration
        held_{};  ///< for so long requests have been here when they are looked at
    http::RateLimit rate_;
    Time now_ = begin;
    support::TemporaryDirectory folder_;
    tls::KeyPaths files_{folder_ / "hub.crt", folder_ / "hub.key"};
    tls::Fingerprint pin_ = make_pin();
    fakes::MemoryStore store_;
    decide::Settlement settlement_{store_};
    tls::Authority authority_ = tls::Authority::open({folder_ / "ca.crt", folder_ / "ca.key"}).value();
    runtime::SigningKey orders_ = runtime::SigningKey::open(folder_ / "orders.key").value();
    std::vector<std::string> cut_;
    std::optional<decide::Standing> standing_;  ///< of web1
    std::shared_ptr<HeadsBook> book_ = std::make_shared<HeadsBook>();
    AgentRegistry registry_{store_,
                            authority_,
                            {"https://hub:8443", pin_, orders_.verifying().text()},
                            {{{"preset", runtime::Secret("code-of-preset")}},
                             24h,
                             [this](std::vector<std::string> keys) { cut_ = std::move(keys); }}};
    AgentRoutes routes_{{store_, settlement_, registry_, orders_},
                        {[this] { return now_; }, [](std::string_view) {}, &rate_, book_,
                         [this](store::View&, std::string_view device, Time) {
                             return device == "web1" ? standing_ : std::nullopt;
                         }}};
    http::Router router_;
    std::unique_ptr<http::Server> server_;
};

}  // namespace garita::hub_link::testing
