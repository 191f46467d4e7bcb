// What may stand under `mail`, and what it becomes.

#include <filesystem>
#include <fstream>
#include <unistd.h>

#include <gmock/gmock.h>

#include "runtime/config/document.hpp"
#include "runtime/config/hub_config.hpp"
#include "runtime/config/mail_config.hpp"

namespace garita::runtime {
namespace {

using testing::AllOf;
using testing::ElementsAre;
using testing::HasSubstr;
using testing::IsEmpty;
using testing::SizeIs;

const std::string least = "hub:\nmail:\n  server: mail.example.org\n  from: garita@example.org\n";
const std::string somebody = "  to: [{address: ana@example.org}]\n";

std::vector<std::string> problems(const std::string& rest, Problem::Weight weight) {
    return Document::parse(least + rest, "f.yml", Outside::ignore).texts(weight);
}
std::vector<std::string> errors(const std::string& rest) {
    return problems(rest + somebody, Problem::Weight::error);
}
std::vector<std::string> warnings(const std::string& rest) {
    return problems(rest + somebody, Problem::Weight::warning);
}

TEST(MailSettings, TheLeastIsFine) {
    EXPECT_THAT(errors(""), IsEmpty());
    EXPECT_THAT(warnings(""), IsEmpty());
}

TEST(MailSettings, PortsThatDoNotGoWithTheirSecurity) {
    EXPECT_THAT(
        errors("  security: tls\n  port: 25\n"),
        ElementsAre(AllOf(HasSubstr("mail.port: servers do not speak TLS from the first byte on port 25"),
                          HasSubstr("security: starttls"))));
    EXPECT_THAT(errors("  security: tls\n  port: 587\n"), SizeIs(1));
    EXPECT_THAT(errors("  port: 465\n"), ElementsAre(HasSubstr("security: tls")));
    EXPECT_THAT(errors("  port: 0\n"), ElementsAre(HasSubstr("mail.port: '0' is out of range")));
    EXPECT_THAT(errors("  security: tls\n  port: 10465\n"), IsEmpty());
    EXPECT_THAT(errors("  port: 25\n"), IsEmpty()) << "a relay that knows STARTTLS";
}

TEST(MailSettings, NoTlsOnlyWhereItIsSaidTwice) {
    EXPECT_THAT(errors("  security: none\n"), ElementsAre(HasSubstr("say `insecure: yes` too")));
    EXPECT_THAT(errors("  security: none\n  insecure: yes\n"), IsEmpty());
    EXPECT_THAT(warnings("  insecure: yes\n"), ElementsAre(HasSubstr("mail.insecure: has no effect")));
    const std::string pin = "  pin: sha256:" + std::string(64, 'a') + "\n";
    EXPECT_THAT(errors("  security: none\n  insecure: yes\n" + pin),
                ElementsAre(HasSubstr("mail.pin: there is no certificate without TLS")));
    EXPECT_THAT(warnings("  security: none\n  insecure: yes\n  user: u\n  password: secret-word\n"),
                ElementsAre(HasSubstr("the password is readable on the way")));
}

TEST(MailSettings, UserAndPasswordGoTogether) {
    EXPECT_THAT(errors("  user: garita\n"), ElementsAre(HasSubstr("mail.user: `user` needs a `password`")));
    EXPECT_THAT(
        errors("  password: secret-word\n"),
        ElementsAre(AllOf(HasSubstr("`password` needs a `user`"), testing::Not(HasSubstr("secret-word")))));
    EXPECT_THAT(errors("  user: garita\n  password: {env: MAIL_PASSWORD}\n"), IsEmpty());
}

TEST(MailSettings, AddressesAndNames) {
    EXPECT_THAT(
        problems("  to: [{address: ana}, {address: 'x@y.org, z@y.org'}]\n", Problem::Weight::error),
        ElementsAre(HasSubstr("mail.to[0].address: 'ana' does not fit"), HasSubstr("mail.to[1].address: ")));
    EXPECT_THAT(
        problems("  to: [{address: ana@example.org}, {address: Ana@Example.org}]\n", Problem::Weight::error),
        ElementsAre(HasSubstr("mail.to[1].address: this address is already to[0]")));
    EXPECT_THAT(problems("", Problem::Weight::warning), ElementsAre(HasSubstr("nobody gets a letter")));
    EXPECT_THAT(problems("  to: [{address: a@b.org, kinds: [ssh_logn]}]\n", Problem::Weight::error),
                ElementsAre(AllOf(HasSubstr("mail.to[0].kinds[0]"), HasSubstr("did you mean 'ssh_login'?"))));
    EXPECT_THAT(problems("  to: [{address: a@b.org, kinds: [ssh_login, fraud]}]\n", Problem::Weight::error),
                IsEmpty())
        << "a REST source may have a word of its own";
    EXPECT_THAT(Document::parse("hub:\nmail: {server: 'mail.example.org:25', from: a@b.org}\n", "f.yml",
                                Outside::ignore)
                    .texts(Problem::Weight::error),
                ElementsAre(HasSubstr("mail.server: 'mail.example.org:25' is neither")));
}

TEST(MailSettings, WhatAServerMayBeCalled) {
    for (const auto* fine : {"mail.example.org", "localhost", "192.0.2.1", "2001:db8::1", "mx_1.example.org"})
        EXPECT_TRUE(is_mail_server(fine)) << fine;
    for (const auto* wrong :
         {"", "a b", "mail.example.org/x", "user@host", "-a.org", "a..b", "a:25", "[::1]"})
        EXPECT_FALSE(is_mail_server(wrong)) << wrong;
}

TEST(MailSettings, AreReadAsTheyStand) {
    std::string name = (std::filesystem::temp_directory_path() / "garita-XXXXXX").string();
    ::close(::mkstemp(name.data()));
    std::ofstream(name) << least
                        << "  security: tls\n  user: garita\n  password: secret-word\n  limit: 3\n  per: 1m\n"
                           "  to:\n    - {address: Ana@Example.org, language: es, time_zone: Europe/Madrid, "
                           "severity: critical, kinds: [ssh_login], devices: [web1]}\n";
    const auto hub = load_hub_config(name);
    std::filesystem::remove(name);
    ASSERT_TRUE(hub) << hub.error().text;
    ASSERT_TRUE(hub->mail);
    const auto& mail = *hub->mail;
    EXPECT_EQ(mail.port, 465);
    EXPECT_EQ(mail.security, MailConfig::Security::tls);
    EXPECT_TRUE(mail.password.matches("secret-word"));
    EXPECT_EQ(mail.limit, 3);
    EXPECT_EQ(mail.per, std::chrono::minutes(1));
    ASSERT_THAT(mail.to, SizeIs(1));
    EXPECT_EQ(mail.to[0].address, "ana@example.org");
    EXPECT_EQ(mail.to[0].language, "es");
    EXPECT_EQ(mail.to[0].time_zone, "Europe/Madrid");
    EXPECT_EQ(mail.to[0].severity, Severity::critical);
    EXPECT_THAT(mail.to[0].kinds, ElementsAre("ssh_login"));
    EXPECT_THAT(mail.to[0].devices, ElementsAre("web1"));
}

TEST(MailSettings, DefaultsAreThoseOfTheStruct) {
    std::string name = (std::filesystem::temp_directory_path() / "garita-XXXXXX").string();
    ::close(::mkstemp(name.data()));
    std::ofstream(name) << least;
    const auto hub = load_hub_config(name);
    std::filesystem::remove(name);
    ASSERT_TRUE(hub && hub->mail);
    const MailConfig plain;
    EXPECT_EQ(hub->mail->port, plain.port);
    EXPECT_EQ(hub->mail->security, plain.security);
    EXPECT_EQ(hub->mail->timeout, plain.timeout);
    EXPECT_EQ(hub->mail->limit, plain.limit);
    EXPECT_EQ(hub->mail->per, plain.per);
}

}  // namespace
}  // namespace garita::runtime
