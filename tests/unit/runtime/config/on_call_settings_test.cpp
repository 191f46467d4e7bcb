// Who may be named in steps of on call, and what quiet hours are.

#include <gmock/gmock.h>

#include "runtime/config/build.hpp"
#include "runtime/config/document.hpp"

namespace garita::runtime {
namespace {

using namespace std::chrono_literals;
using testing::ElementsAre;
using testing::HasSubstr;
using testing::IsEmpty;

const std::string places =
    "telegram:\n  token: 4242:not-a-real-token\n  chats:\n    - {id: -5001}\n    - {id: -5002, name: night}\n"
    "    - {id: -5003, thread: 5, name: calm}\n    - {id: -5003, thread: 6, name: loud}\n"
    "mail:\n  server: mail.example.org\n  from: garita@example.org\n  to:\n    - {address: Ana@Example.org}\n"
    "webhooks:\n  phones: {url: https://ntfy.sh/topic}\nexec:\n  siren: {command: [/bin/true]}\n";

Document parsed(const std::string& rest) {
    return Document::parse("hub:\n" + places + rest, "f.yml", Outside::ignore);
}
std::vector<std::string> errors(const std::string& rest) {
    return parsed(rest).texts(Problem::Weight::error);
}
std::vector<std::string> of_steps(const std::string& steps) {
    return errors("on_call:\n  steps:\n" + steps);
}
HubConfig config_of(const std::string& rest) {
    const auto document = parsed(rest);
    EXPECT_THAT(document.texts(Problem::Weight::error), IsEmpty());
    SecretFetcher secrets;
    return build_hub_config(document, secrets);
}

TEST(OnCallSettings, EachKindOfRecipientCanBeNamed) {
    const auto config = config_of(
        "on_call:\n  severity: critical\n  acknowledged_for: 1h\n  steps:\n"
        "    - {after: 10m, chats: [night, loud], mail: [ana@example.org]}\n"
        "    - {after: 30m, chats: [\"-5001\", calm], webhooks: [phones], exec: [siren]}\n");
    ASSERT_TRUE(config.on_call);
    const auto& on_call = *config.on_call;
    EXPECT_EQ(on_call.severity, Severity::critical);
    EXPECT_EQ(on_call.acknowledged_for, 1h);
    EXPECT_EQ(on_call.step_of(&OnCallStepConfig::chats, "night"), 1);
    EXPECT_EQ(on_call.step_of(&OnCallStepConfig::chats, "-5001"), 2);
    EXPECT_EQ(on_call.step_of(&OnCallStepConfig::chats, "calm"), 2);
    EXPECT_EQ(on_call.step_of(&OnCallStepConfig::chats, "-5002"), 0) << "it is named by its name";
    EXPECT_EQ(on_call.step_of(&OnCallStepConfig::chats, ""), 0);
    EXPECT_EQ(on_call.step_of(&OnCallStepConfig::mail, config.mail->to[0].address), 1);
    EXPECT_EQ(on_call.step_of(&OnCallStepConfig::webhooks, "phones"), 2);
    EXPECT_EQ(on_call.step_of(&OnCallStepConfig::exec, "phones"), 0);
    EXPECT_EQ(on_call.steps[1].whom(), "telegram -5001, telegram calm, webhook phones, exec siren");
    EXPECT_FALSE(config_of("").on_call);
}

TEST(OnCallSettings, WhoIsNobodyIsNamed) {
    EXPECT_THAT(of_steps("    - {after: 1m, chats: [nihgt]}\n"),
                ElementsAre(HasSubstr("did you mean 'night'")));
    EXPECT_THAT(of_steps("    - {after: 1m, mail: [eva@example.org]}\n"),
                ElementsAre(HasSubstr("not one of mail.to")));
    EXPECT_THAT(of_steps("    - {after: 1m, webhooks: [siren]}\n"),
                ElementsAre(HasSubstr("allowed: phones")));
    EXPECT_THAT(of_steps("    - {after: 1m, exec: [phones]}\n"), ElementsAre(HasSubstr("allowed: siren")));
    EXPECT_THAT(of_steps("    - {after: 1m}\n"), ElementsAre(HasSubstr("names nobody")));
    EXPECT_THAT(of_steps("    - {after: 1m, chats: [night]}\n    - {after: 2m, chats: [\"-5002\"]}\n"),
                ElementsAre(HasSubstr("already in steps[0]")));
    EXPECT_THAT(
        of_steps("    - {after: 1m, mail: [ana@example.org]}\n    - {after: 2m, mail: [ANA@example.org]}\n"),
        ElementsAre(HasSubstr("already in steps[0]")));
}

TEST(OnCallSettings, AChatHasANameOfItsOwn) {
    const auto twice = Document::parse(
        "hub:\ntelegram:\n  token: 4242:not-a-real-token\n  chats:\n    - {id: 1, name: night}\n"
        "    - {id: 2, name: night}\n",
        "f.yml", Outside::ignore);
    EXPECT_THAT(twice.texts(Problem::Weight::error),
                ElementsAre(HasSubstr("chats[0] has this name already")));
}

TEST(OnCallSettings, StepsGoUpInTime) {
    EXPECT_THAT(of_steps("    - {after: 10m, chats: [night]}\n    - {after: 600s, exec: [siren]}\n"),
                ElementsAre(HasSubstr("allowed: more than 10m")));
    EXPECT_THAT(of_steps("    - {after: 10m, chats: [night]}\n    - {after: 601s, exec: [siren]}\n"),
                IsEmpty());
}

TEST(QuietSettings, HoursAreTwoTimesOfDay) {
    EXPECT_EQ(parse_day_hours("22:00-07:30"), (DayHours{22h, 7h + 30min}));
    EXPECT_EQ(parse_day_hours("00:00-24:00"), (DayHours{0h, 24h}));
    for (const auto* odd :
         {"", "-", "22:00", "22:00-22:00", "24:00-07:00", "22:60-07:00", "22:00-24:01", "9:00-17:00",
          "22:00-07:00 ", "22:00 - 07:00", "aa:bb-cc:dd", "22:00-07:00-08:00"})
        EXPECT_FALSE(parse_day_hours(odd)) << odd;
}

TEST(QuietSettings, EachRecipientHasItsOwn) {
    const auto config = config_of("policies:\n  - {kind: cpu_load}\n");
    EXPECT_FALSE(config.mail->to[0].quiet);
    const auto with = [](const std::string& quiet) {
        return Document::parse("hub:\nexec:\n  siren:\n    command: [/bin/true]\n    quiet: " + quiet + "\n",
                               "f.yml", Outside::ignore);
    };
    const auto fine = with("{hours: \"22:00-07:00\", days: [sat, sun], below: warning}");
    EXPECT_THAT(fine.texts(Problem::Weight::error), IsEmpty());
    SecretFetcher secrets;
    const auto quiet = build_hub_config(fine, secrets).exec.at(0).quiet;
    ASSERT_TRUE(quiet);
    EXPECT_EQ(quiet->days, (std::array<bool, 7>{false, false, false, false, false, true, true}));
    EXPECT_EQ(quiet->below, Severity::warning);
    const auto wrong = [&](const std::string& text) { return with(text).texts(Problem::Weight::error); };
    EXPECT_THAT(wrong("{hours: \"22:00-22:00\"}"), ElementsAre(HasSubstr("two different times of day")));
    EXPECT_THAT(wrong("{below: critical}"), ElementsAre(HasSubstr("need `hours`")));
    EXPECT_THAT(wrong("{hours: \"00:00-24:00\"}"), ElementsAre(HasSubstr("never end")));
    EXPECT_THAT(wrong("{hours: \"00:00-24:00\", days: [sun]}"), IsEmpty());
    EXPECT_THAT(wrong("{hours: \"22:00-07:00\", days: [sunday]}"), ElementsAre(HasSubstr("'sunday'")));
}

}  // namespace
}  // namespace garita::runtime
