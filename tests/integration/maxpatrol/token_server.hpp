#pragma once
// npm's oauth2-mock-server with certificates of the test's own, as a process beside the test.

#include <fstream>
#include <memory>

#include <boost/json/serialize.hpp>
#include <boost/json/value.hpp>
#include <gtest/gtest.h>

#include "adapters/maxpatrol/settings.hpp"
#include "runtime/http/client.hpp"
#include "runtime/json/text.hpp"
#include "support/child_process.hpp"
#include "support/temporary_directory.hpp"

namespace garita::maxpatrol {

class TokenServer {
  public:
    TokenServer() {
        const std::string folder = GARITA_SOURCE_DIR "/tests/fakes/maxpatrol/";
        const std::string modules = GARITA_SOURCE_DIR "/build/test-node-maxpatrol";
        run({folder + "install.sh", modules});
        make_certificate("siem");
        make_certificate("other");
        const auto port_file = directory_ / "ports";
        node_ = std::make_unique<testing_support::ChildProcess>(
            std::vector<std::string>{"node", folder + "token_server.mjs", modules + "/node_modules",
                                     port_file, directory_ / "siem.key", directory_ / "siem.pem"});
        int tokens = 0;
        int other = 0;
        if (!testing_support::eventually(
                [&] { return std::ifstream(port_file) >> tokens >> other && other > 0; }))
            ADD_FAILURE() << "token_server.mjs did not start";
        settings_.name = "maxpatrol.soc";
        settings_.login_url = "https://localhost:" + std::to_string(tokens);
        settings_.url = "https://localhost:" + std::to_string(other);
        settings_.user = "garita@example.org";
        settings_.password = runtime::Secret(std::string(password));
        settings_.client_secret = runtime::Secret(std::string(client_secret));
        settings_.ca = directory_ / "siem.pem";
        runtime::http::ClientOptions options;
        options.base_url = settings_.url;
        options.ca_file = settings_.ca;
        client_ = std::make_unique<runtime::http::Client>(options);
    }

    static constexpr std::string_view password = "p+ä& %=€\"ñ";
    static constexpr std::string_view client_secret = "s=cr&t/+ %";

    /// Of a login that it accepts.
    [[nodiscard]] const Settings& settings() const { return settings_; }
    /// An authority that has nothing to do with it.
    [[nodiscard]] std::string other_authority() const { return directory_ / "other.pem"; }

    /// See token_server.mjs.
    void set(const boost::json::value& wish) { talk("/_control/set", boost::json::serialize(wish)); }
    /// What was asked of the token endpoint, in its own reading.
    boost::json::array requests() { return talk("/_control/requests", "").as_array(); }
    /// The grants of these.
    std::vector<std::string> grants() {
        std::vector<std::string> all;
        for (const auto& one : requests())
            all.emplace_back(one.at("body").at("grant_type").as_string());
        return all;
    }

  private:
    static void run(const std::vector<std::string>& words) {
        testing_support::ChildProcess program(words);
        if (program.ended_within(std::chrono::minutes(2)) != 0) ADD_FAILURE() << words.front() << " failed";
    }
    void make_certificate(const std::string& name) {
        run({"openssl", "req", "-x509", "-newkey", "ec", "-pkeyopt", "ec_paramgen_curve:P-256", "-nodes",
             "-days", "2", "-keyout", directory_ / (name + ".key"), "-out", directory_ / (name + ".pem"),
             "-subj", "/CN=localhost", "-addext", "subjectAltName=DNS:localhost"});
    }
    boost::json::value talk(const std::string& path, const std::string& body) {
        const auto answer =
            client_->send(runtime::http::Method::post, path, {{"Content-Type", "application/json"}}, body);
        if (!answer || answer->status != 200) {
            ADD_FAILURE() << path << ": " << (answer ? answer->body : answer.error().text);
            return boost::json::array{};
        }
        return runtime::json::parse(answer->body, path).value_or(boost::json::value{});
    }

    support::TemporaryDirectory directory_;
    std::unique_ptr<testing_support::ChildProcess> node_;
    Settings settings_;
    std::unique_ptr<runtime::http::Client> client_;
};

}  // namespace garita::maxpatrol
