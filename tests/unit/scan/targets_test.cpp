#include "scan/targets.hpp"

#include <gtest/gtest.h>

namespace garita::scan {
namespace {

/// Knows what it was told.
class ListedNames final : public NameResolver {
  public:
    std::vector<Answer> resolve(const std::vector<std::string>& names) override {
        std::vector<Answer> answers;
        for (const auto& name : names) {
            asked.push_back(name);
            std::vector<IpAddress> addresses;
            const auto [from, to] = known.equal_range(name);
            for (auto at = from; at != to; ++at)
                addresses.push_back(*IpAddress::parse(at->second));
            if (addresses.empty())
                answers.emplace_back(fail(ErrorCode::not_found, "no such name"));
            else
                answers.emplace_back(addresses);
        }
        return answers;
    }
    std::multimap<std::string, std::string> known;
    std::vector<std::string> asked;
};

TargetText read(std::string_view text, Width width = Width::bounded) {
    TargetText targets;
    const auto done = read_targets(text, width, targets);
    EXPECT_TRUE(done) << text << ": " << (done ? "" : done.error().text);
    return targets;
}

std::string why_not(std::string_view text) {
    TargetText targets;
    const auto done = read_targets(text, Width::bounded, targets);
    EXPECT_FALSE(done) << text;
    EXPECT_TRUE(targets.addresses.empty());
    EXPECT_TRUE(targets.names.empty());
    return done ? "" : done.error().text;
}

std::string range(std::string_view text) {
    const auto targets = read(text);
    if (targets.addresses.size() != 1 || !targets.names.empty()) return "not one range";
    return targets.addresses[0].first.text() + " " + targets.addresses[0].last.text();
}

TEST(Targets, ReadEveryForm) {
    EXPECT_EQ(range("192.0.2.7"), "192.0.2.7 192.0.2.7");
    EXPECT_EQ(range("192.0.2.0/24"), "192.0.2.0 192.0.2.255");
    EXPECT_EQ(range("192.0.2.77/24"), "192.0.2.0 192.0.2.255");
    EXPECT_EQ(range("192.0.2.1-20"), "192.0.2.1 192.0.2.20");
    EXPECT_EQ(range("192.0.2.250-192.0.3.10"), "192.0.2.250 192.0.3.10");
    EXPECT_EQ(range("2001:db8::7"), "2001:db8::7 2001:db8::7");
    EXPECT_EQ(range("2001:db8::/120"), "2001:db8:: 2001:db8::ff");
    EXPECT_EQ(range("2001:db8::1-ff"), "2001:db8::1 2001:db8::ff");
    EXPECT_EQ(range("2001:db8::ff01-2001:db8::1:5"), "2001:db8::ff01 2001:db8::1:5");
    EXPECT_EQ(range("10.0.0.0/16"), "10.0.0.0 10.0.255.255");
}

TEST(Targets, KeepNamesApart) {
    const auto targets = read("192.0.2.7,Web-1.Example.org mail_in.example.org., localhost\n3com.example");
    EXPECT_EQ(targets.addresses.size(), 1U);
    EXPECT_EQ(targets.names, (std::vector<std::string>{"web-1.example.org", "mail_in.example.org.",
                                                       "localhost", "3com.example"}));
    EXPECT_TRUE(read(" ,, \n").addresses.empty());
}

TEST(Targets, RefuseWhatIsNone) {
    for (const auto* text : {"10.0.0.300",
                             "10.0.0",
                             "10.0.0.1/33",
                             "10.0.0.1/",
                             "10.0.0.1/x",
                             "10.0.0.1-",
                             "10.0.0.1-256",
                             "10.0.0.5-4",
                             "10.0.1.0-10.0.0.0",
                             "10.0.0.1-2001:db8::1",
                             "2001:db8::1-12345",
                             "2001:db8::/129",
                             "-a.example",
                             "a..b",
                             "a-",
                             "exa mple/24",
                             "name/24",
                             "fe80::1%eth0",
                             "[::1]",
                             "1234",
                             "http://example.org/",
                             "caf\xc3\xa9.example",
                             "a;b",
                             "$(reboot)",
                             "."})
        EXPECT_NE(why_not(text), "") << text;
    EXPECT_FALSE(why_not(std::string(300, 'a')).empty());
    EXPECT_FALSE(why_not(std::string(64, 'a') + ".example").empty());
    EXPECT_NE(why_not("good.example,10.0.0.300").find("'10.0.0.300'"), std::string::npos);
    EXPECT_EQ(why_not("a\x1b[31m").find('\x1b'), std::string::npos);
}

TEST(Targets, WideNetworksHaveToBeAskedFor) {
    for (const auto* text :
         {"10.0.0.0/15", "10.0.0.0-10.1.0.0", "2001:db8::/111", "0.0.0.0/0", "2001:db8::/32"}) {
        EXPECT_NE(why_not(text).find("--yes-large"), std::string::npos) << text;
        EXPECT_EQ(read(text, Width::wide).addresses.size(), 1U) << text;
    }
    EXPECT_NE(why_not("2001:db8::/64").find("/112"), std::string::npos);
    TargetText targets;
    EXPECT_FALSE(read_targets("::/0", Width::wide, targets));  // holds all of IPv4, too
}

TEST(Targets, AFileHasCommentsAndSaysTheLine) {
    TargetText targets;
    ASSERT_TRUE(
        read_target_file("# office\n10.0.0.1 10.0.0.2\r\n\n  web.example # the shop\n10.1.0.0/24,x.example",
                         "hosts.txt", Width::bounded, targets));
    EXPECT_EQ(targets.addresses.size(), 3U);
    EXPECT_EQ(targets.names.size(), 2U);
    const auto wrong = read_target_file("10.0.0.1\n\n10.0.0.300\n", "hosts.txt", Width::bounded, targets);
    ASSERT_FALSE(wrong);
    EXPECT_TRUE(wrong.error().text.starts_with("hosts.txt:3: '10.0.0.300'")) << wrong.error().text;
    EXPECT_EQ(targets.addresses.size(), 3U);
}

TEST(Targets, NamesBecomeAddresses) {
    ListedNames names;
    names.known = {{"web.example", "2001:db8::1"},
                   {"web.example", "10.0.0.9"},
                   {"web.example", "10.0.0.8"},
                   {"six.example", "2001:db8::2"}};
    const auto wanted = read("web.example,six.example,gone.example,web.example,10.0.0.9");
    const auto first = choose_targets(wanted, {}, names, PerName::first);
    ASSERT_TRUE(first);
    EXPECT_EQ(first->addresses.size(), 2U);
    EXPECT_TRUE(first->addresses.contains(*IpAddress::parse("10.0.0.9")));
    EXPECT_EQ(first->names.find(*IpAddress::parse("10.0.0.9"))->second, "web.example");
    EXPECT_EQ(first->names.size(), 2U);
    ASSERT_EQ(first->unresolved.size(), 1U);
    EXPECT_EQ(first->unresolved[0].name, "gone.example");
    EXPECT_EQ(first->unresolved[0].why, "no such name");
    EXPECT_EQ(names.asked.size(), 3U);
    const auto all = choose_targets(wanted, {}, names, PerName::all);
    ASSERT_TRUE(all);
    EXPECT_EQ(all->addresses.size(), 4U);
}

TEST(Targets, ExcludedOnesAreLeftOut) {
    ListedNames names;
    names.known = {{"printer.example", "10.0.0.7"}, {"printer.example", "10.0.0.8"}};
    const auto wanted = read("10.0.0.0/24,printer.example");
    const auto rest =
        choose_targets(wanted, read("10.0.0.128/25,printer.example,10.0.0.0-3"), names, PerName::first);
    ASSERT_TRUE(rest);
    EXPECT_EQ(rest->addresses.size(), 128U - 2U - 4U);
    EXPECT_FALSE(rest->addresses.contains(*IpAddress::parse("10.0.0.8")));
    EXPECT_TRUE(rest->names.empty());
    const auto unsure = choose_targets(wanted, read("gone.example"), names, PerName::first);
    ASSERT_FALSE(unsure);
    EXPECT_NE(unsure.error().text.find("gone.example is excluded"), std::string::npos);
}

}  // namespace
}  // namespace garita::scan
