// Silences as they are written, and found again.

#include "adapters/alertmanager/silence.hpp"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

namespace garita::alertmanager {
namespace {

using namespace std::chrono_literals;
using ::testing::HasSubstr;

const Time now = std::chrono::sys_days{std::chrono::November / 22 / 2026} + 7h;

Case muted() {
    Case about;
    about.id = CaseId{12};
    about.opened_at = now - 1h;
    about.facts["labels"] = R"({"alertname":"Down","path":"a \"b\" \\ é"})";
    Decision decision;
    decision.response = Response::mute;
    decision.by = {Actor::Kind::person, "ana", "telegram", Role::operator_};
    decision.comment = "known";
    about.decision = decision;
    return about;
}

TEST(Silence, HasAllLabelsAndNamesThePerson) {
    const auto body = write_silence(muted(), now, now + 2h);
    ASSERT_TRUE(body) << body.error().text;
    EXPECT_THAT(*body, HasSubstr(R"({"name":"alertname","value":"Down","isRegex":false,"isEqual":true})"));
    EXPECT_THAT(*body, HasSubstr(R"("value":"a \"b\" \\ é")"));
    EXPECT_THAT(*body, HasSubstr(R"("endsAt":"2026-11-22T09:00:00.000000Z")"));
    EXPECT_THAT(*body, HasSubstr("\"createdBy\":\"ana (telegram)\""));
    EXPECT_THAT(*body,
                HasSubstr("garita case 12 of 2026-11-22T06:00:00.000000Z, muted by ana (telegram): known"));
}

TEST(Silence, IsNotMadeOfSomeLabelsOrNone) {
    for (const auto* labels : {"{}", "[]", "{", R"({"a":1})"}) {
        auto about = muted();
        about.facts["labels"] = labels;
        EXPECT_FALSE(write_silence(about, now, now + 2h)) << labels;
    }
    auto about = muted();
    about.facts.erase("labels");
    EXPECT_FALSE(write_silence(about, now, now + 2h));
}

TEST(Silence, IsFoundByItsMarkWhateverBecameOfIt) {
    const auto mark = silence_mark(muted());
    const auto list = [](const std::string& comment) {
        return R"([{"id":"x","comment":"other","endsAt":"2026-11-22T09:00:00.000Z"},"odd",{},)"
               R"({"id":"y","comment":")" +
               comment + R"(","endsAt":"2026-11-22T09:00:00.000Z","status":{"state":"expired"}}])";
    };
    const auto found = find_silence(list(mark + " muted by ana"), mark);
    ASSERT_TRUE(found && *found);
    EXPECT_EQ((*found)->id, "y");
    EXPECT_EQ((*found)->ends, now + 2h);
    // of another hub's case 12, and of case 120
    EXPECT_FALSE(*find_silence(list("garita case 12 of 2025-01-01T00:00:00.000000Z, muted"), mark));
    EXPECT_FALSE(*find_silence(list("garita case 120 of 2026-11-22T06:00:00.000000Z, muted"), mark));
    EXPECT_FALSE(*find_silence("[]", mark));
    EXPECT_FALSE(find_silence("{}", mark));
    EXPECT_FALSE(find_silence("<html>", mark));
}

TEST(Silence, AnswersWithoutAnIdAreFailures) {
    EXPECT_EQ(read_silence_id(R"({"silenceID":"8d7a"})").value_or(""), "8d7a");
    for (const auto* text : {"", "{}", R"({"silenceID":7})", R"({"silenceID":""})", "[]"})
        EXPECT_FALSE(read_silence_id(text)) << text;
}

}  // namespace
}  // namespace garita::alertmanager
