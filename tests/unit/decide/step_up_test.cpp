// Dangerous answers take a fresh one-time code.

#include "support/office.hpp"

namespace garita::tests {
namespace {

using decide::AnswerOutcome;

/// Codes are the number of the step itself.
class PlainCodes final : public decide::CodeBook {
  public:
    [[nodiscard]] bool knows(std::string_view name) const override { return name == "ana" || name == "eva"; }
    [[nodiscard]] std::optional<std::int64_t> step_of(std::string_view name, std::string_view code,
                                                      Time now) const override {
        const auto current = step_at(now);
        for (const auto step : {current + 1, current, current - 1})
            if (knows(name) && code == std::to_string(step)) return step;
        return std::nullopt;
    }
    static std::int64_t step_at(Time now) { return to_micros(now) / 30'000'000; }
};

class Codes : public DeskTest {
  protected:
    Codes() {
        options.codes = &codes;
        for (const auto danger : {Danger::reboot, Danger::power_off, Danger::wide_block})
            options.dangers.insert(danger);
        for (const auto* name : {"ana", "ben", "eva"}) {
            Person one;
            one.name = name;
            office.options.people.push_back(one);
        }
        office.file(load_alert());
    }
    Result<AnswerOutcome> answer(const std::string& code, const std::string& who = "ana",
                                 Response response = Response::reboot) {
        decide::AnswerRequest request;
        request.case_id = office.last_case().id;
        request.response = response;
        request.by = {Actor::Kind::person, who, "telegram", Role::approver};
        request.code = code;
        return office.desk.answer(request, office.now);
    }
    std::string refusal(const std::string& code, const std::string& who = "ana") {
        const auto outcome = answer(code, who);
        EXPECT_FALSE(outcome);
        return outcome ? "" : outcome.error().text;
    }
    std::string code_now() const { return std::to_string(PlainCodes::step_at(office.now)); }

    PlainCodes codes;
    decide::StepUp& options = office.options.step_up;
};

TEST_F(Codes, ADangerousAnswerWaitsForTheCode) {
    EXPECT_EQ(answer("")->kind, AnswerOutcome::Kind::code_wanted);
    EXPECT_EQ(office.last_case().state, CaseState::open);
    EXPECT_TRUE(office.actions(office.last_case()).empty());
    const auto done = answer(code_now());
    ASSERT_TRUE(done) << done.error().text;
    EXPECT_EQ(done->kind, AnswerOutcome::Kind::accepted);
    EXPECT_EQ(office.actions(office.last_case()).size(), 1U);
}

TEST_F(Codes, OrdinaryAnswersTakeNone) {
    EXPECT_EQ(answer("", "ana", Response::nothing)->kind, AnswerOutcome::Kind::accepted);
}

TEST_F(Codes, WhoHasNoSecretAnswersAsBeforeUnlessEverybodyNeedsOne) {
    options.whom = decide::StepUp::For::everybody;
    EXPECT_NE(refusal("1", "ben").find("garita people totp"), std::string::npos);
    options.whom = decide::StepUp::For::those_with_a_secret;
    EXPECT_EQ(answer("", "ben")->kind, AnswerOutcome::Kind::accepted);
}

TEST_F(Codes, ACodeIsUsedOncePerPerson) {
    decide::Policy two;
    two.two_persons.insert(Danger::reboot);
    office.options.policies = {two};
    const auto code = code_now();
    EXPECT_EQ(answer(code)->kind, AnswerOutcome::Kind::proposed);
    EXPECT_NE(refusal(code).find("used before"), std::string::npos);
    office.now += 29s;
    EXPECT_NE(refusal(code).find("used before"), std::string::npos) << "still of a step that counts";
    EXPECT_EQ(answer(std::to_string(PlainCodes::step_at(office.now)), "eva")->kind,
              AnswerOutcome::Kind::accepted)
        << "another person's code is another one";
}

TEST_F(Codes, AnOlderStepThanTheLastUsedOneIsOver) {
    EXPECT_EQ(answer(std::to_string(PlainCodes::step_at(office.now) + 1), "ana")->kind,
              AnswerOutcome::Kind::accepted);
    office.now += 2h;
    office.file(load_alert(Severity::critical));
    office.now -= 2h;
    EXPECT_NE(refusal(code_now()).find("used before"), std::string::npos);
}

TEST_F(Codes, FiveWrongOnesLockAndThatIsRemembered) {
    for (int i = 0; i < 4; ++i)
        EXPECT_EQ(refusal("wrong"), "the code is wrong");
    EXPECT_NE(refusal("wrong").find("not accepted for 15m"), std::string::npos);
    EXPECT_NE(refusal(code_now()).find("too many wrong codes"), std::string::npos) << "the right one neither";
    const auto verbs = office.verbs();
    EXPECT_EQ(std::count(verbs.begin(), verbs.end(), "codes_locked"), 1);
    EXPECT_EQ(std::count(verbs.begin(), verbs.end(), "decide_refused"), 6);
    EXPECT_EQ(answer(code_now(), "eva")->kind, AnswerOutcome::Kind::accepted) << "others are not locked";
}

TEST_F(Codes, TheLockEnds) {
    for (int i = 0; i < 5; ++i)
        (void)refusal("wrong");
    office.now += 15min;
    EXPECT_EQ(answer(code_now())->kind, AnswerOutcome::Kind::accepted);
}

TEST_F(Codes, SlipsLongAgoAreForgotten) {
    for (int i = 0; i < 12; ++i, office.now += 3min)
        EXPECT_EQ(refusal("wrong").find("not accepted"), std::string::npos) << i;
}

}  // namespace
}  // namespace garita::tests
