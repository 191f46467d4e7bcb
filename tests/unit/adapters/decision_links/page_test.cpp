// Pages are made of what attackers chose: nothing of it may be mark-up.

#include "adapters/decision_links/page.hpp"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "adapters/catalogue/catalogue.hpp"
#include "adapters/zoneinfo/zone.hpp"

namespace garita::decision_links {
namespace {

using ::testing::HasSubstr;
using ::testing::Not;

class DecisionPage : public ::testing::Test {
  protected:
    std::string html(const std::string& language = "en") {
        const decide::Reader reader{texts, *zone, language};
        return to_response(page, reader).body;
    }
    catalogue::MessageCatalogue texts;
    std::shared_ptr<const decide::TimeZone> zone = zoneinfo::find_zone("Europe/Madrid").value();
    Case about;
    Page page;
    void SetUp() override {
        about.id = CaseId{12};
        about.kind = "ssh_login";
        about.device = "web1";
        about.subject = "root";
        page.about = &about;
    }
};

TEST_F(DecisionPage, ShowsTheCaseAndAButtonForEachAnswer) {
    page.asking = Asking{{Response::block, Response::allow}};
    const auto shown = html("es");
    EXPECT_THAT(shown, HasSubstr("<html lang=\"es\">"));
    EXPECT_THAT(shown, HasSubstr("#12 "));
    EXPECT_THAT(shown, HasSubstr("<button name=\"response\" value=\"block\">"));
    EXPECT_THAT(shown, HasSubstr("<button name=\"response\" value=\"allow\">"));
    EXPECT_THAT(shown, HasSubstr("name=\"comment\""));
    EXPECT_THAT(shown, Not(HasSubstr("name=\"code\"")));
    const auto first = shown.find("<button");
    EXPECT_EQ(shown.substr(first, 24), "<button disabled hidden>") << "Return in the field answers nothing";
}

TEST_F(DecisionPage, WhatOthersChoseIsNoMarkUp) {
    const std::string hostile = "\"><script>alert(1)</script>' onload=x & <b>";
    about.device = hostile;
    about.subject = hostile;
    about.facts = {{"user", hostile}, {"sample", hostile}, {"<i>", hostile}};
    page.notice = hostile;
    page.small_print = hostile;
    page.asking = Asking{{Response::block}, true, hostile};
    const auto shown = html();
    EXPECT_THAT(shown, Not(HasSubstr("<script")));
    EXPECT_THAT(shown, Not(HasSubstr("<b>")));
    EXPECT_THAT(shown, Not(HasSubstr("<i>")));
    EXPECT_THAT(shown, Not(HasSubstr("\"\"")));
    EXPECT_THAT(shown, HasSubstr("value=\"&quot;&gt;&lt;script&gt;"));
}

TEST_F(DecisionPage, ItsHeadersLetNothingElseIn) {
    const decide::Reader reader{texts, *zone, "en"};
    const auto response = to_response(page, reader);
    EXPECT_EQ(response.content_type, "text/html; charset=utf-8");
    const auto policy = std::string(response.headers.find("Content-Security-Policy").value_or(""));
    EXPECT_THAT(policy, HasSubstr("default-src 'none'"));
    EXPECT_THAT(policy, HasSubstr("style-src 'sha256-"));
    EXPECT_THAT(policy, HasSubstr("frame-ancestors 'none'"));
    EXPECT_THAT(policy, Not(HasSubstr("unsafe")));
    EXPECT_EQ(response.headers.find("Referrer-Policy"), "no-referrer");
    EXPECT_EQ(response.headers.find("Cache-Control"), "no-store");
}

}  // namespace
}  // namespace garita::decision_links
