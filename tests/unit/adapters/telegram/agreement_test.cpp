// Two persons and one-time codes, as they look in Telegram.

#include "channel_test.hpp"

namespace garita::telegram {
namespace {

/// Ana's only code is 123456, always of this step.
class OneCode final : public decide::CodeBook {
  public:
    [[nodiscard]] bool knows(std::string_view name) const override { return name == "ana"; }
    [[nodiscard]] std::optional<std::int64_t> step_of(std::string_view, std::string_view code,
                                                      Time now) const override {
        return code == "123456" ? std::optional(to_micros(now) / 30'000'000) : std::nullopt;
    }
};

class AgreementInTelegram : public ChannelTest {
  protected:
    AgreementInTelegram() {
        settings.people.clear();
        add_person("ana", ana, Role::approver);
        add_person("ben", ben, Role::approver);
        office.options.people = settings.people;
        settings.chats.push_back({{group, std::nullopt}, "ru"});
    }
    CaseId ask() {
        start();
        office.file(tests::load_alert());
        send_for(5s);
        return office.last_case().id;
    }
    static constexpr std::int64_t ben = 78;
    static constexpr std::size_t reboot = 1;  ///< the second button
    OneCode codes;
};

TEST_F(AgreementInTelegram, EveryCopyShowsTheProposalAndKeepsItsButtons) {
    decide::Policy two;
    two.two_persons.insert(Danger::reboot);
    office.options.policies = {two};
    const auto id = ask();
    hear({press(10, ana, reboot)});
    EXPECT_EQ(api.toasts.at(0).text, "Kept as a proposal: Reboot. More persons must agree: 1");
    send_for(5s);
    EXPECT_THAT(api.in(chat).back().text,
                HasSubstr("ana (telegram) proposes: Reboot. More persons must agree: 1"));
    EXPECT_THAT(api.in(group).back().text, HasSubstr("ana (telegram) предлагает: "));
    EXPECT_FALSE(api.in(group).back().keyboard.empty());

    hear({press(11, ana, reboot, group)});
    EXPECT_FALSE(find(id).decision) << "the same person in another chat";
    hear({press(12, ben, reboot, group)});
    ASSERT_TRUE(find(id).decision);
    send_for(5s);
    EXPECT_THAT(api.in(chat).back().text, HasSubstr("Reboot: decided by ben (telegram)"));
    EXPECT_THAT(api.in(chat).back().text, HasSubstr("As proposed by ana (telegram)"));
    EXPECT_TRUE(api.in(chat).back().keyboard.empty());
}

class CodesInTelegram : public AgreementInTelegram {
  protected:
    CodesInTelegram() {
        office.options.step_up.codes = &codes;
        office.options.step_up.dangers.insert(Danger::reboot);
    }
    Update with_id(Update update, std::int64_t message) {
        std::get<TextMessage>(update.what).id = message;
        return update;
    }
};

TEST_F(CodesInTelegram, APressWaitsForTheCodeInThePrivateChat) {
    const auto id = ask();
    hear({press(10, ana, reboot, group)});
    EXPECT_THAT(api.toasts.at(0).text, HasSubstr("/code 123456"));
    EXPECT_FALSE(find(id).decision);
    ASSERT_EQ(api.in(ana).size(), 1U) << "asked for in private";
    EXPECT_THAT(api.in(ana)[0].text, HasSubstr("Reboot"));

    start();  // a restart in between forgets nothing
    hear({with_id(say(11, ana, "/code 123456", ana), 4711)});
    ASSERT_TRUE(find(id).decision);
    EXPECT_EQ(find(id).decision->response, Response::reboot);
    EXPECT_EQ(api.removed, (std::vector<std::pair<std::int64_t, std::int64_t>>{{ana, 4711}}));
}

TEST_F(CodesInTelegram, ACodeInAGroupIsDeletedAndNotUsed) {
    const auto id = ask();
    hear({press(10, ana, reboot, group)});
    hear({with_id(say(11, ana, "/code 123456", group), 4712)});
    EXPECT_FALSE(find(id).decision);
    EXPECT_EQ(api.removed.size(), 1U);
    hear({with_id(say(12, ana, "/code 123456", ana), 4713)});
    EXPECT_TRUE(find(id).decision);
}

TEST_F(CodesInTelegram, ACodeIsForOnesOwnAnswerAndForAMoment) {
    const auto id = ask();
    hear({press(10, ana, reboot)});
    hear({say(11, ben, "/code 123456", ben)});
    EXPECT_FALSE(find(id).decision) << "ben has pressed nothing";
    EXPECT_THAT(api.in(ben).back().text, HasSubstr("No answer of yours waits for a code"));
    office.now += 2min;
    hear({say(12, ana, "/code 123456", ana)});
    EXPECT_FALSE(find(id).decision) << "too late";
    hear({press(13, ana, reboot)});
    hear({say(14, ana, "/code 654321", ana)});
    EXPECT_THAT(api.in(ana).back().text, HasSubstr("the code is wrong"));
    hear({say(15, ana, "/code", ana)});
    EXPECT_FALSE(find(id).decision);
    hear({say(16, ana, "/code 123456", ana)});
    EXPECT_TRUE(find(id).decision);
}

TEST_F(CodesInTelegram, ATypedAnswerWaitsForItToo) {
    const auto id = ask();
    hear({say(10, ana, "/reboot " + std::to_string(id.value))});
    EXPECT_FALSE(find(id).decision);
    hear({say(11, ana, "/code 123456", ana)});
    EXPECT_TRUE(find(id).decision);
}

}  // namespace
}  // namespace garita::telegram
