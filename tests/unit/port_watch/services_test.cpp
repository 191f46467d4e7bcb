// What answers at an open port is not what is expected there.

#include "watch_fixture.hpp"

namespace garita::tests {
namespace {

const std::string digest_a(64, 'a');
const std::string digest_b(64, 'b');

scan::Certificate certificate(const std::string& digest, Time until) {
    scan::Certificate one;
    one.subject = "CN=www.example.org,O=Example";
    one.issuer = "CN=R11,O=Let's Encrypt,C=US";
    one.names = {"www.example.org", "Shop.Example.org"};
    one.not_before = until - std::chrono::days{90};
    one.not_after = until;
    one.sha256 = digest;
    return one;
}

class Services : public PortWatchTest {
  protected:
    Services() {
        auto& one = host("www.example.org", "22,443");
        one.services[22].banner = "SSH-2.0-OpenSSH*";
        auto& expected = one.services[443].certificate.emplace();
        expected.names = {"www.example.org"};
        expected.issuer = "*Let's Encrypt*";
        world.name("www.example.org", {"192.0.2.1"});
        machine.open = ports("22,443");
        machine.services[22].banner = "SSH-2.0-OpenSSH_9.2p1 Debian-2\r\nmore";
        shows(certificate(digest_a, office.now + std::chrono::days{60}));
    }
    void shows(scan::Certificate one) { machine.services[443].certificate = std::move(one); }
    void says(const std::string& banner) { machine.services[22].banner = banner; }
    ExpectedCertificate& expected() { return *text.hosts[0].second.services[443].certificate; }
    Facts facts() { return office.last_case().facts; }
    fakes::PortWorld::Address& machine = world.at("192.0.2.1");
};

TEST_F(Services, AsExpectedIsNoCaseAndIsShown) {
    start();
    look_twice();
    EXPECT_TRUE(office.cases().empty());
    ASSERT_EQ(services.asked.size(), 2U);
    EXPECT_EQ(services.asked[1].name, "www.example.org");
    const auto seen = status("www.example.org").ports.services;
    EXPECT_EQ(seen.at(22), "banner SSH-2.0-OpenSSH_9.2p1 Debian-2");
    EXPECT_TRUE(seen.at(443).starts_with("certificate CN=www.example.org,O=Example, by CN=R11"));
    EXPECT_TRUE(seen.at(443).ends_with("sha256 " + digest_a));
}

TEST_F(Services, AnotherBannerIsTheHostsDriftAfterASecondLookAndEndsByItself) {
    start();
    settle();
    says("SSH-2.0-dropbear_2020.81\r\n");
    pass(67min);
    EXPECT_TRUE(office.cases().empty());
    const auto before = services.asked.size();
    pass(31s);
    EXPECT_EQ(services.asked.size(), before + 1) << "the second look is at that service only";
    EXPECT_EQ(tcp.asked("192.0.2.1"), "22");
    ASSERT_EQ(office.cases().size(), 1U);
    EXPECT_EQ(office.last_case().kind, "ports_drift");
    EXPECT_EQ(office.last_case().severity, Severity::warning);
    EXPECT_EQ(facts().at("change"), "~22");
    EXPECT_EQ(facts().at("found"), "22: banner SSH-2.0-dropbear_2020.81");
    EXPECT_EQ(facts().at("expected"), "22: banner SSH-2.0-OpenSSH*");
    EXPECT_TRUE(facts().contains("since"));
    for (int i = 0; i < 3; ++i)
        next_round();
    EXPECT_EQ(office.cases().size(), 1U);
    says("SSH-2.0-OpenSSH_9.9\n");
    next_round();
    ASSERT_EQ(office.cases().size(), 1U);
    EXPECT_EQ(office.last_case().state, CaseState::closed);
    EXPECT_EQ(history("www.example.org"),
              (std::vector<std::string>{"drift began: ~22; 22: banner SSH-2.0-dropbear_2020.81",
                                        "as specified again"}));
}

TEST_F(Services, WhatTheSecondLookFindsFineIsNoDrift) {
    start();
    settle();
    says("421 too busy\r\n");
    pass(67min);
    says("SSH-2.0-OpenSSH_9.2\r\n");
    pass(31s);
    next_round();
    EXPECT_TRUE(office.cases().empty());
}

TEST_F(Services, WithoutAnAnswerNobodyKnows) {
    start();
    settle();
    says("");
    machine.services[443].certificate.reset();
    for (const auto end = office.now + 3h; office.now < end;)
        pass(30s);
    EXPECT_TRUE(of_kind("ports_drift").empty());
    ASSERT_EQ(of_kind("ports_unknown").size(), 1U);
    EXPECT_EQ(facts().at("why"), "192.0.2.1: what answers at port 22 did not tell what it is");
}

TEST_F(Services, AClosedPortIsMissingAndNoMatterOfItsService) {
    start();
    says("SSH-2.0-dropbear\r\n");
    look_twice();
    machine.open = ports("443");
    next_round();
    ASSERT_EQ(office.cases().size(), 1U);
    EXPECT_EQ(facts().at("change"), "-22");
    EXPECT_FALSE(status("www.example.org").ports.services.contains(22));
}

TEST_F(Services, ABannerThatChangesEachTimeIsToldOnce) {
    start();
    int minute = 10;
    const auto look = [&] {
        says("220 mail Mon " + std::to_string(++minute) + ":00\r\n");
        next_round();
    };
    settle();
    says("220 mail Mon 10:00\r\n");
    pass(67min);
    says("220 mail Mon 11:00\r\n");
    pass(31s);
    ASSERT_EQ(office.cases().size(), 1U);
    const auto version = office.last_case().version;
    for (int i = 0; i < 4; ++i)
        look();
    EXPECT_EQ(office.cases().size(), 1U);
    EXPECT_EQ(office.last_case().version, version);
    EXPECT_EQ(status("www.example.org").ports.drift.services.at(22), "banner: 220 mail Mon 1*");
}

TEST_F(Services, AnotherCertificateIsADriftByNameIssuerAndDigest) {
    start();
    settle();
    auto other = certificate(digest_b, office.now + std::chrono::days{60});
    shows(other);
    next_round();
    EXPECT_TRUE(office.cases().empty()) << "renewed by the same issuer for the same name";
    other.issuer = "CN=Evil\x1b[31m";
    shows(other);
    next_round();
    ASSERT_EQ(office.cases().size(), 1U);
    EXPECT_NE(facts().at("found").find("by CN=Evil?[31m, for www.example.org"), std::string::npos)
        << facts().at("found");
    EXPECT_EQ(facts().at("expected"),
              "443: certificate for www.example.org, issuer *Let's Encrypt*, valid 14 days");
    expected().issuer.clear();
    expected().names = {"*.example.net"};
    start();
    next_round();
    EXPECT_EQ(office.last_case().state, CaseState::open);
    expected().sha256 = digest_b;
    start();
    next_round();
    EXPECT_EQ(office.last_case().state, CaseState::closed) << "the digest says all";
    shows(certificate(digest_a, office.now + std::chrono::days{60}));
    next_round();
    EXPECT_EQ(office.cases().size(), 2U);
}

TEST_F(Services, ACertificateThatEndsSoonIsToldAndAgainWhenItHasEnded) {
    shows(certificate(digest_a, office.now + std::chrono::days{14} + 3h));
    start();
    look_twice();
    EXPECT_TRUE(office.cases().empty());
    for (int i = 0; i < 4; ++i)
        next_round();
    ASSERT_EQ(office.cases().size(), 1U);
    EXPECT_EQ(status("www.example.org").ports.drift.services.at(443), "ends: " + digest_a);
    const auto version = office.last_case().version;
    office.now += std::chrono::days{14};
    next_round();
    ASSERT_EQ(office.cases().size(), 1U);
    EXPECT_GT(office.last_case().version, version);
    EXPECT_EQ(status("www.example.org").ports.drift.services.at(443), "over: " + digest_a);
    shows(certificate(digest_b, office.now + std::chrono::days{90}));
    next_round();
    EXPECT_EQ(office.last_case().state, CaseState::closed);
}

TEST_F(Services, AcceptedIsWrittenAsALiteralAndADigest) {
    editor = &paper;
    start();
    settle();
    says("SSH-2.0-dropbear*\r\n");
    auto other = certificate(digest_b, office.now + std::chrono::days{60});
    other.names = {"other.example.org"};
    shows(other);
    next_round();
    ASSERT_EQ(office.cases().size(), 1U);
    EXPECT_EQ(facts().at("change"), "~22,443");
    ASSERT_TRUE(office.answer(office.last_case(), Response::accept));
    settle();
    EXPECT_EQ(paper.last.banners, (std::map<Port, std::string>{{22, "SSH-2.0-dropbear?"}}));
    EXPECT_EQ(paper.last.certificates, (std::map<Port, std::string>{{443, digest_b}}));
    EXPECT_FALSE(paper.last.must);
    next_round();
    EXPECT_EQ(office.cases().size(), 1U);
    EXPECT_TRUE(status("www.example.org").ports.drift.empty());
    shows(certificate(digest_a, office.now + std::chrono::days{60}));
    next_round();
    EXPECT_EQ(office.cases().size(), 2U) << "the old one is another now";
}

TEST_F(Services, AnEndIsAcceptedIntoTheStoreAndForThatCertificateOnly) {
    editor = &paper;
    shows(certificate(digest_a, office.now + std::chrono::days{3}));
    start();
    look_twice();
    ASSERT_TRUE(office.answer(office.last_case(), Response::accept));
    settle();
    EXPECT_EQ(facts().at("accepted_into"),
              "the hub's store: that a certificate ends is no matter of the specification");
    start();
    next_round();
    EXPECT_EQ(office.cases().size(), 1U);
    shows(certificate(digest_b, office.now + std::chrono::days{3}));
    next_round();
    EXPECT_EQ(office.cases().size(), 2U);
}

TEST_F(Services, APlainAnswerWhereTlsIsExpectedIsADriftAndCanBeAccepted) {
    editor = &paper;
    start();
    settle();
    machine.services[443].certificate.reset();
    machine.services[443].plain = "HTTP/1.1 400 Bad Request\r\nDate: now";
    next_round();
    ASSERT_EQ(office.cases().size(), 1U);
    EXPECT_EQ(facts().at("change"), "~443");
    EXPECT_EQ(facts().at("found"), "443: no TLS, but HTTP/1.1 400 Bad Request");
    for (int i = 0; i < 3; ++i)
        next_round();
    EXPECT_EQ(office.cases().size(), 1U);
    ASSERT_TRUE(office.answer(office.last_case(), Response::accept));
    settle();
    EXPECT_EQ(facts().at("accepted_into"),
              "the hub's store: what is expected at a port without TLS has to be written");
    machine.services[443].plain.clear();
    machine.services[443].banner = "HTTP/1.1 200 OK\r\n";
    next_round();
    EXPECT_TRUE(status("www.example.org").ports.drift.empty());
}

TEST_F(Services, OneAddressOfSeveralIsNamed) {
    text.hosts[0].second.ipv6 = true;
    world.name("www.example.org", {"192.0.2.1", "2001:db8::1"});
    auto& other = world.at("2001:db8::1");
    other = machine;
    other.services[22].banner = "SSH-2.0-dropbear\r\n";
    start();
    look_twice();
    ASSERT_EQ(office.cases().size(), 1U);
    EXPECT_EQ(facts().at("where"), "2001:db8::1: ~22");
    EXPECT_EQ(facts().at("found"), "22: banner SSH-2.0-dropbear");
}

TEST_F(Services, APortThatNeedNotBeOpenIsAMistake) {
    text.hosts[0].second.services[25].banner = "220*";
    const auto made = scan::Specification::make(text);
    ASSERT_FALSE(made);
    EXPECT_EQ(
        made.error().text,
        "ports.yml:10: host www.example.org expects a service at port 25, which is neither in `must` nor "
        "in `may`");
}

TEST(BannerLine, IsCleanBoundedAndMatchesItself) {
    for (const auto& banner :
         {std::string("plain"), std::string("a*b"), std::string("\x1b]0;x\x07 \xff\xe2\x80\xae", 12),
          std::string(5000, 'x'), std::string("\r\n"), std::string("\xc3\xa9t\xc3\xa9  \r\nsecond")}) {
        const auto line = scan::banner_line(banner);
        EXPECT_LE(line.size(), 200U);
        EXPECT_EQ(line.find_first_of("\r\n\x1b\x07"), std::string::npos);
        EXPECT_TRUE(matches_glob(line, line));
    }
    EXPECT_EQ(scan::banner_line("a*b \r\n"), "a?b");
    EXPECT_TRUE(scan::banner_line(std::string(5000, 'x')).ends_with("x*"));
}

TEST(Glob, MatchesAsPeopleExpect) {
    EXPECT_TRUE(matches_glob("", ""));
    EXPECT_TRUE(matches_glob("*", ""));
    EXPECT_TRUE(matches_glob("a*c?e", "abbbcde"));
    EXPECT_TRUE(matches_glob("*.example.org", "www.example.org"));
    EXPECT_FALSE(matches_glob("a*c", "abcd"));
    EXPECT_FALSE(matches_glob("?", ""));
    EXPECT_FALSE(matches_glob("a", "ab"));
    EXPECT_FALSE(matches_glob(std::string(50, '*') + "b", std::string(5000, 'a')));
}

}  // namespace
}  // namespace garita::tests
