#include "model/mail_identity.hpp"

#include <string>

#include <gtest/gtest.h>

namespace garita {
namespace {

TEST(MailAddress, HasOneSpelling) {
    EXPECT_EQ(parse_mail_address("Ana.Ruiz+Garita@Example.ORG"), "ana.ruiz+garita@example.org");
    EXPECT_EQ(parse_mail_address("o'neill@sub.xn--bcher-kva.example"), "o'neill@sub.xn--bcher-kva.example");
}

TEST(MailAddress, IsAnAddressAndNothingElse) {
    for (const auto* text : {"",
                             "@",
                             "ana",
                             "ana@",
                             "@example.org",
                             "ana@example",
                             "ana@@example.org",
                             "ana@example.org@example.com",
                             ".ana@example.org",
                             "ana.@example.org",
                             "a..a@example.org",
                             "ana@example..org",
                             "ana@example.org.",
                             "ana@-example.org",
                             "ana@example-.org",
                             "ana@exa_mple.org",
                             "Ana <ana@example.org>",
                             "\"ana\"@example.org",
                             "ana@[192.0.2.1]",
                             "ana @example.org",
                             "ana@example.org\n",
                             "an\xc3\xa1@example.org",
                             "ana@ex\xc3\xa1mple.org"})
        EXPECT_FALSE(parse_mail_address(text)) << text;
}

TEST(MailAddress, IsNoLongerThanMailAllows) {
    EXPECT_TRUE(parse_mail_address(std::string(64, 'a') + "@example.org"));
    EXPECT_FALSE(parse_mail_address(std::string(65, 'a') + "@example.org"));
    EXPECT_TRUE(parse_mail_address("ana@" + std::string(63, 'a') + ".org"));
    EXPECT_FALSE(parse_mail_address("ana@" + std::string(64, 'a') + ".org"));
    std::string domain = "org";
    while (domain.size() + 2 <= 250)
        domain = "a." + domain;
    EXPECT_TRUE(parse_mail_address("ana@" + domain));
    EXPECT_FALSE(parse_mail_address("anabel@" + domain));
}

TEST(KeyFingerprint, HasOneSpelling) {
    const std::string digits = "0123456789abcdef0123456789abcdef01234567";
    EXPECT_EQ(parse_key_fingerprint("openpgp:0123 4567 89AB CDEF 0123  4567 89AB CDEF 0123 4567"),
              "openpgp:" + digits);
    const std::string sha256 = digits + "89abcdef0123456789abcdef";
    EXPECT_EQ(parse_key_fingerprint("openpgp:" + sha256), "openpgp:" + sha256);
    EXPECT_EQ(parse_key_fingerprint("smime:01:23:45:67:89:AB:CD:EF" + sha256.substr(16)), "smime:" + sha256);
}

TEST(KeyFingerprint, IsWholeAndOfAKnownKind) {
    const std::string digits(40, 'a');
    for (const auto& text : {std::string(), std::string("openpgp:"), digits, "openpgp:" + digits.substr(24),
                             "openpgp:" + digits.substr(1), "openpgp:" + digits + "a", "smime:" + digits,
                             "ssh:" + digits, "openpgp:" + digits.substr(1) + "g", "OPENPGP:" + digits})
        EXPECT_FALSE(parse_key_fingerprint(text)) << text;
}

}  // namespace
}  // namespace garita
