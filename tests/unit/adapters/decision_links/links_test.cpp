// A link is good for one person, one question and a time; whatever is changed in it makes it none.

#include "adapters/decision_links/links.hpp"

#include <gtest/gtest.h>

namespace garita::decision_links {
namespace {

using namespace std::chrono_literals;

const Time now{std::chrono::seconds{1'795'327'705}};

Case open_case(std::int64_t id = 12) {
    Case about;
    about.id = CaseId{id};
    about.responses = {Response::block, Response::allow};
    return about;
}

Links links_of(std::vector<Holder> holders, const std::string& key = std::string(32, 'k')) {
    return Links(runtime::Secret(key), {"https://garita.example.org", 24h, std::move(holders)});
}

Holder holder(const std::string& name) {
    Holder one;
    one.address = name + "@example.org";
    one.person.name = name;
    one.person.role = Role::operator_;
    return one;
}

std::string token_of(const Links& links, const Case& about, const std::string& address) {
    const auto written = links.write(about, address, now);
    EXPECT_TRUE(written);
    const std::string begin = "https://garita.example.org/decide/";
    EXPECT_TRUE(written->url.starts_with(begin)) << written->url;
    return written->url.substr(begin.size());
}

TEST(DecisionLinks, SayWhoseTheyAreAboutWhatAndUntilWhen) {
    const auto links = links_of({holder("ana"), holder("ben")});
    const auto written = links.write(open_case(), "ben@example.org", now);
    ASSERT_TRUE(written);
    EXPECT_GE(written->until, now + 24h);
    EXPECT_LT(written->until, now + 25h);
    const auto link = links.read(token_of(links, open_case(), "ben@example.org"));
    ASSERT_TRUE(link);
    EXPECT_EQ(link->about.value, 12);
    EXPECT_EQ(link->decision, 0);
    EXPECT_EQ(link->until, written->until);
    EXPECT_EQ(link->holder->person.name, "ben");
    EXPECT_EQ(token_of(links, open_case(), "ben@example.org"),
              token_of(links, open_case(), "ben@example.org"))
        << "the same letter again has the same link";
}

TEST(DecisionLinks, AreForThoseWhoHoldThemAndForOpenCases) {
    const auto links = links_of({holder("ana")});
    EXPECT_FALSE(links.write(open_case(), "eve@example.org", now));
    auto over = open_case();
    for (const auto state :
         {CaseState::decided, CaseState::closed, CaseState::expired, CaseState::observed}) {
        over.state = state;
        EXPECT_FALSE(links.write(over, "ana@example.org", now));
    }
}

TEST(DecisionLinks, AreSpentByTheDecision) {
    const auto links = links_of({holder("ana")});
    auto about = open_case();
    const auto link = links.read(token_of(links, about, "ana@example.org"));
    ASSERT_TRUE(link);
    EXPECT_TRUE(is_fresh(*link, about));
    about.state = CaseState::decided;
    about.decision = Decision{};
    about.decision->id.value = 7;
    EXPECT_FALSE(is_fresh(*link, about));
    about.state = CaseState::open;  // asked anew
    EXPECT_FALSE(is_fresh(*link, about)) << "that is another question";
    const auto next = links.read(token_of(links, about, "ana@example.org"));
    ASSERT_TRUE(next);
    EXPECT_TRUE(is_fresh(*next, about));
}

TEST(DecisionLinks, NoByteOfThemCanBeChanged) {
    const auto links = links_of({holder("ana")});
    const auto token = token_of(links, open_case(), "ana@example.org");
    for (std::size_t i = 0; i < token.size(); ++i)
        for (const char other : {'0', '1', 'A', '-', '_', ' ', '\0'}) {
            if (token[i] == other) continue;
            auto changed = token;
            changed[i] = other;
            EXPECT_FALSE(links.read(changed)) << changed;
        }
    EXPECT_FALSE(links.read(token + "A"));
    EXPECT_FALSE(links.read("0" + token));
    EXPECT_FALSE(links.read(token.substr(0, token.size() - 1)));
    for (const auto* none : {"", "-", "---", "12", "12-0", "12-0-1795327705", "12-0-1795327705-", "-1-0-1-x",
                             "99999999999999999999-0-0-x", "12-0-9223372036854775807-x"})
        EXPECT_FALSE(links.read(none)) << none;
    EXPECT_FALSE(links.read(std::string(100'000, '1')));
}

TEST(DecisionLinks, EndWithTheirHolderOrTheirKey) {
    const auto token = token_of(links_of({holder("ana")}), open_case(), "ana@example.org");
    EXPECT_FALSE(links_of({}).read(token));
    EXPECT_FALSE(links_of({holder("ben")}).read(token));
    auto renamed = holder("ana");
    renamed.person.name = "anne";
    EXPECT_FALSE(links_of({renamed}).read(token)) << "the address belongs to somebody else now";
    EXPECT_FALSE(links_of({holder("ana")}, std::string(32, 'x')).read(token));
    auto promoted = holder("ana");
    promoted.person.role = Role::viewer;
    const auto later = links_of({promoted});
    ASSERT_TRUE(later.read(token));
    EXPECT_EQ(later.read(token)->holder->person.role, Role::viewer) << "the role counts as it is now";
}

}  // namespace
}  // namespace garita::decision_links
