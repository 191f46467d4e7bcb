#include "decide/people.hpp"

#include "support/office.hpp"

namespace garita::tests {
namespace {

const std::string fingerprint = "openpgp:0123456789abcdef0123456789abcdef01234567";

decide::People directory() {
    Person ana;
    ana.name = "ana";
    ana.role = Role::approver;
    ana.mail = {"ana@example.org", "ana.ruiz@example.com"};
    ana.keys = {fingerprint};
    Person eva;
    eva.name = "eva";
    eva.mail = {"eva@example.org"};
    return decide::People({ana, eva});
}

TEST(People, AreKnownByEachOfTheirAddressesHoweverWritten) {
    const auto people = directory();
    EXPECT_EQ(people.by_mail("Ana@Example.org")->name, "ana");
    EXPECT_EQ(people.by_mail("ana.ruiz@example.com")->name, "ana");
    EXPECT_EQ(people.by_mail("eva@example.org")->name, "eva");
}

TEST(People, AreNotKnownByWhatOnlyLooksLikeTheirAddress) {
    const auto people = directory();
    for (const auto* text : {"", "ana@example.com", "ana@example.org.evil.example", "Ana <ana@example.org>",
                             "ana@example.org,eva@example.org", "ana@ex\xd0\xb0mple.org"})
        EXPECT_FALSE(people.by_mail(text)) << text;
}

TEST(People, AreKnownByTheKeyThatSigns) {
    const auto people = directory();
    EXPECT_EQ(people.by_key("openpgp:0123 4567 89AB CDEF 0123  4567 89AB CDEF 0123 4567")->name, "ana");
    EXPECT_FALSE(people.by_key("openpgp:89abcdef01234567"));  // a short id
    EXPECT_FALSE(people.by_key(""));
}

class AnswerByMail : public DeskTest {};

TEST_F(AnswerByMail, IsThePersonsWithThePersonsRights) {
    office.file(flood_alert("203.0.113.9"));
    const auto about = office.last_case();
    const auto people = directory();
    const auto refused =
        office.answer(about, Response::block, decide::actor_of(*people.by_mail("eva@example.org"), "mail"));
    EXPECT_FALSE(refused) << "a viewer answers nothing";
    const auto outcome =
        office.answer(about, Response::block, decide::actor_of(*people.by_key(fingerprint), "mail"));
    ASSERT_TRUE(outcome) << outcome.error().text;
    EXPECT_EQ(outcome->current.decision->by.text(), "ana (mail)");
    ASSERT_FALSE(office.rules_now().empty());
    EXPECT_EQ(office.rules_now().front().author, "ana (mail)");
}

}  // namespace
}  // namespace garita::tests
