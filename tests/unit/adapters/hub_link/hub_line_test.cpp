// The agent's side of the link over real TLS: enrolment, renewal, and hubs that lie.

#include "adapters/hub_link/hub_line.hpp"

#include "unit/adapters/hub_link/hub_side.hpp"

namespace garita::hub_link {
namespace {

using namespace testing;

class HubLineTest : public HubSide {
  protected:
    /// What stands between the agent and its hub: by default nothing.
    using Lie = std::function<void(http::Response&)>;

    void start(const std::string& code) {
        http::Router front;
        for (const auto path : {sync_path, certificate_path, enrol_path})
            front.add(http::Method::post, std::string(path), [this, path](const http::Request& request) {
                const auto found = router_.find(request.method, path);
                auto answer = std::get<http::Router::Match>(found).route->handler(request);
                nonce_ = std::string(request.headers.find(nonce_header).value_or(""));
                auto& response = std::get<http::Response>(answer);
                if (lie_) lie_(response);
                return answer;
            });
        url_ = serve(std::move(front));
        open(code);
    }
    void open(const std::string& code) {
        identity_ = AgentIdentity::open(path(), {url_, runtime::Secret(code), "web1", std::nullopt}).value();
        line_ = std::make_unique<HubLine>(url_, *identity_,
                                          [this](const Error& why) { forged_.push_back(why.text); });
    }
    [[nodiscard]] std::string path() const { return folder_ / "identity.json"; }
    Result<HubLine::Answer> call() { return line_->call(sync_path, "sync", encode(SyncRequest{}), 10s); }
    std::string failure() {
        const auto answer = call();
        return answer ? "believed" : answer.error().text;
    }
    IdentityFile file() { return load_identity(path()).value(); }
    std::string url_;
    Lie lie_;
    std::string nonce_;
    std::vector<std::string> forged_;
    std::unique_ptr<AgentIdentity> identity_;
    std::unique_ptr<HubLine> line_;
};

/// Replaces the header by one for this answer.
void sign_as(http::Response& response, const std::string& header) {
    http::Headers headers;
    headers.add(std::string(signature_header), header);
    response.headers = headers;
}

TEST_F(HubLineTest, EnrolsAtTheFirstCallAndIsBelieved) {
    start(code_for("web1"));
    EXPECT_FALSE(file().identity);
    const auto answer = call();
    ASSERT_TRUE(answer) << answer.error().text;
    EXPECT_EQ(answer->said_at, now_);
    EXPECT_TRUE(decode_sync_answer(answer->body));
    ASSERT_TRUE(file().identity);
    EXPECT_EQ(file().identity->hub_pin, to_text(pin_));
    open("");  // the next start needs no code
    EXPECT_TRUE(call());
}

TEST_F(HubLineTest, WithoutACodeAndACertificateThereIsNoStart) {
    start(code_for("web1"));
    const auto opened = AgentIdentity::open(path() + "2", {url_, {}, "web1", std::nullopt});
    ASSERT_FALSE(opened);
    EXPECT_NE(opened.error().text.find("garita enroll web1"), std::string::npos);
}

TEST_F(HubLineTest, LiesAreNotBelievedAndAreTold) {
    start(code_for("web1"));
    ASSERT_TRUE(call());
    const auto other = runtime::SigningKey::open(folder_ / "other.key").value();
    const auto sign = [&](const runtime::SigningKey& key, const std::string& agent, const std::string& nonce,
                          const std::string& body) {
        return sign_answer(key, {agent, sync_path, nonce}, body, now_);
    };
    std::string recorded;
    std::string recorded_body;
    lie_ = [&](http::Response& response) {
        recorded = response.headers.find(signature_header).value();
        recorded_body = response.body;
    };
    ASSERT_TRUE(call());
    const std::vector<std::pair<std::string, Lie>> lies{
        {"it is not signed", [](auto& response) { response.headers = {}; }},
        {"cannot be read", [](auto& response) { sign_as(response, "v1 web1 nonce 12"); }},
        {"cannot be read", [](auto& response) { sign_as(response, std::string(5000, 'x')); }},
        {"not signed by the key of the hub",
         [&](auto& response) { sign_as(response, sign(other, "web1", nonce_, response.body)); }},
        {"was altered", [](auto& response) { response.body += " "; }},
        {"for another agent, web2",
         [&](auto& response) { sign_as(response, sign(orders_, "web2", nonce_, response.body)); }},
        {"played back",
         [&](auto& response) {
             response.body = recorded_body;
             sign_as(response, recorded);
         }},
    };
    forged_.clear();
    for (const auto& [reason, lie] : lies) {
        lie_ = lie;
        EXPECT_NE(failure().find(reason), std::string::npos) << reason << ", not " << failure();
    }
    EXPECT_EQ(forged_.size(), lies.size());
    lie_ = {};
    EXPECT_TRUE(call()) << "the hub itself is believed again";
}

TEST_F(HubLineTest, AnotherHubGetsNothing) {
    start(code_for("web1"));
    ASSERT_TRUE(call());
    const tls::KeyPaths others{folder_ / "o.crt", folder_ / "o.key"};
    ASSERT_TRUE(tls::make_self_signed(others, {"127.0.0.1"}));
    files_ = others;
    bool asked = false;
    http::Router other;
    other.add(http::Method::post, std::string(sync_path), [&](const http::Request&) -> http::Answer {
        asked = true;
        return http::json_response(200, "{}");
    });
    url_ = serve(std::move(other));
    open("");
    EXPECT_NE(failure().find("not the pinned one"), std::string::npos);
    EXPECT_FALSE(asked);
}

TEST_F(HubLineTest, ARenewalGoesThroughWhereverItIsInterrupted) {
    start(code_for("web1"));
    ASSERT_TRUE(call());
    const auto first = file().identity->current.certificate;
    EXPECT_FALSE(*identity_->renewal_due(now_ + 15h));
    now_ += 17h;
    const auto asked = identity_->renewal_due(now_);
    ASSERT_TRUE(asked && *asked);
    EXPECT_TRUE(file().pending) << "the key is on disk before it is spoken of";
    const auto lost = line_->call(certificate_path, "renewal", **asked, 10s);  // the answer is lost: a crash
    ASSERT_TRUE(lost);
    open("");
    const auto again = identity_->renewal_due(now_);
    ASSERT_TRUE(again && *again);
    const auto answer = line_->call(certificate_path, "renewal", **again, 10s);
    ASSERT_TRUE(answer) << answer.error().text;
    const auto next = decode_next_certificate(answer->body).value();
    EXPECT_EQ(next.certificate, decode_next_certificate(lost->body)->certificate)
        << "the same key: the same again";
    ASSERT_TRUE(identity_->take_renewal(next));
    EXPECT_EQ(file().identity->previous->certificate, first);
    open("");  // a crash before the next one was used
    ASSERT_TRUE(call());
    EXPECT_FALSE(file().identity->previous) << "the hub has taken it";
    EXPECT_NE(file().identity->current.certificate, first);
    EXPECT_FALSE(*identity_->renewal_due(now_));
}

TEST_F(HubLineTest, AHubThatWasRestoredFromABackupTakesTheOneBefore) {
    start(code_for("web1"));
    ASSERT_TRUE(call());
    const auto before = file();
    auto changed = before;
    changed.identity->previous = changed.identity->current;
    const auto stranger = tls::make_client_key().value();
    const auto foreign =
        authority_.issue(tls::CertificateRequest::parse(request_of(stranger)).value(), "web1", now_, 24h);
    changed.identity->current = {foreign->pem, stranger, now_, now_ + 24h};  // the store does not know it
    ASSERT_TRUE(save_identity(path(), changed));
    open("");
    EXPECT_TRUE(call());
    EXPECT_EQ(file().identity->current.certificate, before.identity->current.certificate);
}

TEST_F(HubLineTest, ARevokedAgentIsToldAndComesBackByANewCodeWithoutARestart) {
    start(code_for("web1"));
    ASSERT_TRUE(call());
    ASSERT_TRUE(registry_.revoke("web1", ana, now_));
    EXPECT_NE(failure().find("revoked by ana (cli)"), std::string::npos);
    const EnrolmentTask task{url_, runtime::Secret(code_for("web1")), "", std::nullopt};
    http::Client client(client_for(task).value());
    ASSERT_TRUE(enrol(path(), task, client));
    EXPECT_EQ(failure(), "believed");
}

TEST_F(HubLineTest, AnIdentityFileOfAnotherNameOrDamagedIsAnError) {
    start(code_for("web1"));
    ASSERT_TRUE(call());
    EXPECT_NE(
        AgentIdentity::open(path(), {url_, {}, "web2", std::nullopt}).error().text.find("enrolled as web1"),
        std::string::npos);
    for (const std::string text :
         {"", "{", "[]", "{\"identity\":3}", "{\"identity\":{\"agent\":\"web1\"}}"}) {
        ASSERT_TRUE(tls::write_private_file(path(), text));
        EXPECT_NE(AgentIdentity::open(path(), {url_, {}, "web1", std::nullopt}).error().text.find("damaged"),
                  std::string::npos)
            << text;
    }
}

}  // namespace
}  // namespace garita::hub_link
