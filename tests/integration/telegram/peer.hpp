#pragma once
// A Telegram server of tests/fakes/telegram as a process beside the test.

#include <cstdlib>
#include <fstream>
#include <memory>

#include <boost/json/serialize.hpp>
#include <boost/json/value.hpp>
#include <gtest/gtest.h>

#include "runtime/http/client.hpp"
#include "runtime/json/text.hpp"
#include "support/child_process.hpp"
#include "support/temporary_directory.hpp"

namespace garita::telegram {

namespace json = boost::json;

/// A program for Node.js from tests/fakes/telegram that writes its port to the file of its first argument.
class Peer {
  public:
    explicit Peer(const std::string& script) {
        const std::string folder = GARITA_SOURCE_DIR "/tests/fakes/telegram/";
        const std::string modules = GARITA_SOURCE_DIR "/build/test-node";
        testing_support::ChildProcess install({folder + "install.sh", modules});
        if (install.ended_within(std::chrono::minutes(2)) != 0)
            ADD_FAILURE() << "tests/fakes/telegram/install.sh could not install the npm programs";
        setenv("NODE_PATH", (modules + "/node_modules").c_str(), 1);
        const auto port_file = directory_ / "port";
        node_ = std::make_unique<testing_support::ChildProcess>(
            std::vector<std::string>{"node", folder + script, port_file});
        int port = 0;
        if (!testing_support::eventually([&] { return std::ifstream(port_file) >> port && port > 0; }))
            ADD_FAILURE() << script << " did not start";
        base_ = "http://127.0.0.1:" + std::to_string(port);
        runtime::http::ClientOptions options;
        options.base_url = base_;
        client_ = std::make_unique<runtime::http::Client>(options);
    }

    [[nodiscard]] const std::string& base() const { return base_; }

    json::value post(const std::string& path, const json::value& body) {
        return exchange(runtime::http::Method::post, path, json::serialize(body));
    }
    json::value get(const std::string& path) { return exchange(runtime::http::Method::get, path, ""); }

  private:
    json::value exchange(runtime::http::Method method, const std::string& path, const std::string& body) {
        const auto response = client_->send(method, path, {{"Content-Type", "application/json"}}, body);
        if (!response) {
            ADD_FAILURE() << path << ": " << response.error().text;
            return {};
        }
        if (response->status != 200)
            ADD_FAILURE() << path << ": " << response->status << ' ' << response->body;
        return runtime::json::parse(response->body, path).value_or(json::value{});
    }

    support::TemporaryDirectory directory_;
    std::unique_ptr<testing_support::ChildProcess> node_;
    std::string base_;
    std::unique_ptr<runtime::http::Client> client_;
};

}  // namespace garita::telegram
