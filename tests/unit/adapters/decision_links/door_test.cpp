// Looking never decides, a link answers one question once, and who is no holder learns nothing.

#include "adapters/decision_links/door.hpp"

#include <thread>

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "adapters/catalogue/catalogue.hpp"
#include "adapters/zoneinfo/zone.hpp"
#include "support/office.hpp"

namespace garita::decision_links {
namespace {

using ::testing::HasSubstr;
using ::testing::Not;
using tests::flood_alert;
using namespace std::chrono_literals;
namespace http = runtime::http;

class DecisionDoor : public tests::DeskTest {
  protected:
    DecisionDoor() {
        office.file(flood_alert("203.0.113.7"));
        about = office.last_case();
        open_door(Role::operator_);
    }
    void open_door(Role role) {
        Holder ana;
        ana.address = "ana@example.org";
        ana.person.name = "ana";
        ana.person.role = role;
        ana.zone = zone;
        links.emplace(runtime::Secret(std::string(32, 'k')),
                      LinkSettings{"https://Garita.example.org:443/team", 24h, {ana}});
        door.emplace(DoorParts{*links,
                               store,
                               office.desk,
                               texts,
                               zone,
                               "en",
                               {},
                               [this] { return office.now; },
                               runtime::Log()});
        router = http::Router();
        door->add_to(router);
    }
    std::string token() {
        const auto written = links->write(office.last_case(), "ana@example.org", office.now);
        EXPECT_TRUE(written);
        return written ? written->url.substr(written->url.rfind('/') + 1) : "";
    }
    http::Response ask(http::Method method, const std::string& with, const std::string& body = {},
                       std::vector<std::pair<std::string, std::string>> headers = {}) {
        const auto found = router.find(method, "/decide/" + with);
        const auto* match = std::get_if<http::Router::Match>(&found);
        if (match == nullptr) return {0, {}, {}, {}};
        http::Request request;
        request.method = method;
        request.parameters = match->parameters;
        request.body = body;
        request.peer.address = "192.0.2.5";
        request.headers.add("Content-Type", "application/x-www-form-urlencoded");
        for (auto& [name, value] : headers)
            request.headers.add(name, value);
        return std::get<http::Response>(match->route->handler(request));
    }
    http::Response press(const std::string& with, const std::string& body,
                         std::vector<std::pair<std::string, std::string>> headers = {}) {
        return ask(http::Method::post, with, body, std::move(headers));
    }
    std::vector<std::string> details(const std::string& verb) {
        std::vector<std::string> found;
        for (const auto& row :
             office.look([](store::View& v) { return v.audit({.object = {}, .before = {}, .limit = 1000}); }))
            if (row.verb == verb) found.push_back(row.detail);
        return found;
    }

    catalogue::MessageCatalogue texts;
    std::shared_ptr<const decide::TimeZone> zone = zoneinfo::find_zone("Europe/Madrid").value();
    Case about;
    std::optional<Links> links;
    std::optional<Door> door;
    http::Router router;
};

TEST_F(DecisionDoor, LookingChangesNothingHoweverOften) {
    const auto link = token();
    for (int i = 0; i < 10; ++i)
        for (const auto method : {http::Method::get, http::Method::head})
            EXPECT_EQ(ask(method, link).status, 200);
    EXPECT_EQ(office.last_case().version, about.version);
    EXPECT_EQ(office.last_case().state, CaseState::open);
    EXPECT_TRUE(office.verbs().empty());
}

TEST_F(DecisionDoor, APressDecidesOnceAndSaysWhoseLetterItWas) {
    const auto link = token();
    const auto done = press(link, "response=nothing&comment=seen");
    EXPECT_EQ(done.status, 200) << done.body;
    const auto decided = office.last_case();
    ASSERT_TRUE(decided.decision);
    EXPECT_EQ(decided.decision->by.text(), "ana (mail link)");
    EXPECT_EQ(decided.decision->comment, "seen");
    EXPECT_EQ(details("link_used"),
              std::vector<std::string>{"nothing, by the link in the letter to ana@example.org"});

    const auto again = press(link, "response=block");
    EXPECT_EQ(again.status, 410);
    const auto later = ask(http::Method::get, link);
    EXPECT_EQ(later.status, 200);
    EXPECT_THAT(later.body, HasSubstr("ana (mail link)"));
    EXPECT_THAT(later.body, Not(HasSubstr("<form")));
    EXPECT_EQ(office.last_case().decision->response, Response::nothing);
    EXPECT_EQ(details("link_used").size(), 1U);
    EXPECT_TRUE(office.rules_now().empty());
}

TEST_F(DecisionDoor, OfManyPressesAtOnceOneDecides) {
    const auto link = token();
    std::vector<int> status(8);
    std::vector<std::thread> presses;
    for (std::size_t i = 0; i < status.size(); ++i)
        presses.emplace_back(
            [&, i] { status[i] = press(link, i % 2 == 0 ? "response=nothing" : "response=allow").status; });
    for (auto& one : presses)
        one.join();
    EXPECT_EQ(std::count(status.begin(), status.end(), 200), 1);
    EXPECT_EQ(std::count(status.begin(), status.end(), 409) + std::count(status.begin(), status.end(), 410),
              static_cast<long>(status.size()) - 1);
    EXPECT_EQ(details("link_used").size(), 1U);
}

TEST_F(DecisionDoor, ExpiredForgedAndGoneAreOnePage) {
    const auto link = token();
    const auto forged =
        ask(http::Method::get, link.substr(0, link.size() - 1) + (link.back() == 'A' ? 'B' : 'A'));
    EXPECT_EQ(forged.status, 404);
    EXPECT_THAT(forged.body, Not(HasSubstr("203.0.113.7")));
    office.now += 26h;
    for (const auto method : {http::Method::get, http::Method::post}) {
        const auto late = ask(method, link, "response=nothing");
        EXPECT_EQ(late.status, 404);
        EXPECT_EQ(late.body, forged.body) << "a link whose time is over tells nothing of the case";
    }
    EXPECT_EQ(ask(http::Method::get, "x").body, forged.body);
    EXPECT_EQ(office.last_case().state, CaseState::open);
}

TEST_F(DecisionDoor, OtherSitesCannotPress) {
    const auto link = token();
    for (const auto& [name, value] : std::vector<std::pair<std::string, std::string>>{
             {"Sec-Fetch-Site", "cross-site"},
             {"Sec-Fetch-Site", "same-site"},
             {"Origin", "https://evil.example"},
             {"Origin", "http://garita.example.org"},
             {"Origin", "https://garita.example.org.evil.example"}})
        EXPECT_EQ(press(link, "response=nothing", {{name, value}}).status, 400) << name << ": " << value;
    EXPECT_EQ(press(link, "response=nothing",
                    {{"Sec-Fetch-Site", "same-origin"}, {"Origin", "https://evil.example"}})
                  .status,
              400);
    EXPECT_EQ(office.last_case().state, CaseState::open);
    // without a Referer browsers call the page's own form "null"
    EXPECT_EQ(press(link, "response=nothing", {{"Sec-Fetch-Site", "same-origin"}, {"Origin", "null"}}).status,
              200);
}

TEST_F(DecisionDoor, ItsOwnOriginIsTheUrlAsBrowsersWriteIt) {
    EXPECT_EQ(press(token(), "response=nothing", {{"Origin", "https://garita.example.org"}}).status, 200);
    EXPECT_EQ(origin_of("http://127.0.0.1:8080/x/y"), "http://127.0.0.1:8080");
    EXPECT_EQ(origin_of("http://[::1]:80"), "http://[::1]");
    EXPECT_EQ(origin_of("https://x.example:8443"), "https://x.example:8443");
    EXPECT_EQ(origin_of("garita"), "");
}

TEST_F(DecisionDoor, TheRoleCountsAsItIsNow) {
    const auto link = token();
    open_door(Role::viewer);
    EXPECT_THAT(ask(http::Method::get, link).body, Not(HasSubstr("<button name")));
    EXPECT_EQ(press(link, "response=block").status, 403);
    EXPECT_EQ(office.last_case().state, CaseState::open);
    const auto refused = details("decide_refused");
    ASSERT_EQ(refused.size(), 1U);
    EXPECT_THAT(refused[0], HasSubstr("by the link in the letter to ana@example.org"));
    EXPECT_TRUE(details("link_used").empty());
}

TEST_F(DecisionDoor, NobodyIsPromisedMoreTimeThanTheCaseHas) {
    auto soon = about;
    soon.expires_at = office.now + 30min;
    EXPECT_EQ(links->write(soon, "ana@example.org", office.now)->until, office.now + 30min);
    soon.expires_at = office.now + 72h;
    EXPECT_LT(links->write(soon, "ana@example.org", office.now)->until, office.now + 26h);
}

}  // namespace
}  // namespace garita::decision_links
