#include "adapters/sinks/presets.hpp"

#include <algorithm>

#include <boost/json/value.hpp>
#include <gmock/gmock.h>

#include "adapters/catalogue/catalogue.hpp"
#include "adapters/zoneinfo/zone.hpp"
#include "decide/foreign_text.hpp"
#include "runtime/config/sink_config.hpp"
#include "runtime/json/text.hpp"

namespace garita::sinks {
namespace {

using decide::Stage;

class PresetsTest : public ::testing::Test {
  protected:
    PresetsTest() {
        about.id = CaseId{12};
        about.kind = "ssh_login";
        about.device = "web1";
        about.subject = "192.0.2.7";
        about.severity = Severity::critical;
        about.address = IpNetwork::parse("192.0.2.7");
        about.facts = {{"user", "a\"\n```@everyone <!channel> \xff"}};
    }
    [[nodiscard]] Delivery delivery(Stage stage = Stage::asked) const {
        return case_delivery("msg_1", about, {}, {}, stage, {texts, *zone, "en"});
    }
    static boost::json::value body(Preset preset, const Delivery& delivery) {
        auto read = runtime::json::parse(body_of(preset, "/hooks/garita", delivery), "the body");
        EXPECT_TRUE(read) << (read ? "" : read.error().text);
        return read.value_or(boost::json::value());
    }

    catalogue::MessageCatalogue texts;
    std::shared_ptr<const decide::TimeZone> zone = zoneinfo::find_zone("UTC").value();
    Case about;
};

TEST_F(PresetsTest, GaritasOwnHasAllThereIs) {
    const auto all = body(Preset::none, delivery());
    EXPECT_EQ(all.at("type").as_string(), "case.opened");
    EXPECT_EQ(all.at("delivery").as_string(), "msg_1");
    const auto& data = all.at("data");
    EXPECT_EQ(data.at("id").as_int64(), 12);
    EXPECT_EQ(data.at("severity").as_string(), "critical");
    EXPECT_EQ(data.at("state").as_string(), "open");
    EXPECT_TRUE(data.at("facts").as_object().contains("user"));
    EXPECT_FALSE(data.as_object().contains("decision"));
}

TEST_F(PresetsTest, ADecisionIsToldWithItsAuthor) {
    about.state = CaseState::closed;
    about.decision.emplace();
    about.decision->response = Response::block;
    about.decision->by.name = "ana";
    about.decision->comment = "seen before";
    const auto over = delivery(Stage::over);
    const auto all = body(Preset::none, over);
    EXPECT_EQ(all.at("type").as_string(), "case.closed");
    EXPECT_EQ(all.at("data").at("decision").at("by").as_string(), "ana");
    EXPECT_EQ(all.at("data").at("decision").at("comment").as_string(), "seen before");
    EXPECT_EQ(over.value("by") + over.value("response"), "anablock");
}

TEST_F(PresetsTest, NtfyIsToldByItsTopic) {
    const auto body = this->body(Preset::ntfy, delivery());
    EXPECT_EQ(body.at("topic").as_string(), "garita");
    EXPECT_EQ(body.at("priority").as_int64(), 5);
    EXPECT_EQ(target_of(Preset::ntfy, "/garita", "", delivery()), "/");
    EXPECT_EQ(target_of(Preset::ntfy, "/base/garita/?auth=x", "", delivery()), "/base/?auth=x");
    EXPECT_EQ(this->body(Preset::ntfy, delivery(Stage::over)).at("priority").as_int64(), 2);
}

TEST_F(PresetsTest, ChatsTakeNothingOfWhatOthersChoseAsMarkUp) {
    for (const auto preset : {Preset::slack, Preset::mattermost, Preset::discord}) {
        const auto all = body(preset, delivery());
        const std::string text(all.at(preset == Preset::discord ? "content" : "text").as_string());
        EXPECT_EQ(std::count(text.begin(), text.end(), '`'), 6) << text;
        EXPECT_TRUE(text.starts_with("```\n") && text.ends_with("\n```")) << text;
    }
    const std::string slack(body(Preset::slack, delivery()).at("text").as_string());
    EXPECT_EQ(slack.find('<'), std::string::npos);
    EXPECT_TRUE(body(Preset::discord, delivery()).at("allowed_mentions").at("parse").as_array().empty());
}

TEST_F(PresetsTest, DiscordTakesTwoThousandCharacters) {
    for (int i = 0; i < 60; ++i)
        about.facts["fact" + std::to_string(i)] = std::string(200, 'x');
    const std::string text(body(Preset::discord, delivery()).at("content").as_string());
    EXPECT_LE(decide::utf16_length(text), 2000U);
    EXPECT_TRUE(text.ends_with("…\n```"));
    const std::string ntfy(body(Preset::ntfy, delivery()).at("message").as_string());
    EXPECT_LE(ntfy.size(), 4096U);
}

TEST_F(PresetsTest, TheOthersHaveTheirForms) {
    EXPECT_EQ(body(Preset::gotify, delivery()).at("priority").as_int64(), 9);
    EXPECT_EQ(body(Preset::matrix, delivery()).at("msgtype").as_string(), "m.text");
    EXPECT_EQ(target_of(Preset::matrix, "/", "!a:b.org", delivery()),
              "/_matrix/client/v3/rooms/%21a%3Ab.org/send/m.room.message/msg_1");
    const auto card = body(Preset::teams, delivery()).at("attachments").as_array().at(0).at("content");
    EXPECT_EQ(card.at("type").as_string(), "AdaptiveCard");
    EXPECT_GE(card.at("body").as_array().size(), 3U);
}

TEST_F(PresetsTest, ADigestTellsTheWorstFirst) {
    std::vector<Case> cases(150, about);
    for (std::size_t i = 0; i < cases.size(); ++i) {
        cases[i].id = CaseId{static_cast<std::int64_t>(i) + 1};
        cases[i].severity = i == 149 ? Severity::critical : Severity::info;
    }
    const auto digest = digest_delivery("msg_2", cases, about.opened_at, {texts, *zone, "en"});
    EXPECT_EQ(digest.severity, Severity::critical);
    const auto data = body(Preset::none, digest).at("data");
    EXPECT_EQ(data.at("count").as_int64(), 150);
    EXPECT_EQ(data.at("cases").as_array().size(), 100U);
    EXPECT_EQ(data.at("cases").as_array().at(0).at("id").as_int64(), 150);
}

TEST_F(PresetsTest, WhatTheConfigurationMayNameHasAValue) {
    about.state = CaseState::closed;
    about.decision.emplace();
    const auto told = delivery(Stage::over);
    for (const auto name : runtime::sink_placeholders())
        EXPECT_TRUE(name.ends_with('.') || told.values.contains(name)) << name;
    EXPECT_FALSE(told.value("fact.user").empty());
    EXPECT_EQ(told.value("fact.user").find('\n'), std::string::npos);
}

}  // namespace
}  // namespace garita::sinks
