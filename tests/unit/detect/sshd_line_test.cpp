#include "detect/sshd_line.hpp"

#include <string>

#include <gtest/gtest.h>

#include "detect/sshd_attempts.hpp"

namespace garita::detect {
namespace {

using Kind = SshdFailureKind;

std::string address_of(std::string_view message) {
    const auto failure = parse_sshd_failure(message);
    return failure ? failure->address.text() : "none";
}

struct FailureCase {
    const char* message;
    Kind kind;
    const char* user;
};

class SshdFailures : public ::testing::TestWithParam<FailureCase> {};

TEST_P(SshdFailures, AreRead) {
    const auto& wanted = GetParam();
    const auto failure = parse_sshd_failure(wanted.message);
    ASSERT_TRUE(failure) << wanted.message;
    EXPECT_EQ(failure->address.text(), "203.0.113.5") << wanted.message;
    EXPECT_EQ(failure->kind, wanted.kind) << wanted.message;
    EXPECT_EQ(failure->user, wanted.user) << wanted.message;
}

INSTANTIATE_TEST_SUITE_P(
    Shapes, SshdFailures,
    ::testing::Values(
        FailureCase{"Failed password for root from 203.0.113.5 port 50112 ssh2", Kind::attempt, "root"},
        FailureCase{"Failed password for invalid user admin from 203.0.113.5 port 50112 ssh2", Kind::attempt,
                    "admin"},
        FailureCase{"Failed password for invalid user  from 203.0.113.5 port 50112 ssh2", Kind::attempt, ""},
        FailureCase{"Failed keyboard-interactive/pam for root from 203.0.113.5 port 7 ssh2", Kind::attempt,
                    "root"},
        FailureCase{"Failed none for invalid user x from 203.0.113.5 port 7 ssh2", Kind::offer, "x"},
        FailureCase{"Failed publickey for root from 203.0.113.5 port 7 ssh2: RSA SHA256:abc", Kind::offer,
                    "root"},
        FailureCase{"Failed publickey for root from 203.0.113.5 port 7 ssh2: RSA "
                    "16:27:ac:a5:76:28:2d:36:63:1b:56:4d:eb:df:a6:48",
                    Kind::offer, "root"},
        FailureCase{"Failed publickey for root from 203.0.113.5 port 7 ssh2: RSA-CERT SHA256:abc ID me from "
                    "192.0.2.9 "
                    "port 1 ssh2 (serial 0) CA RSA SHA256:def",
                    Kind::offer, "root"},
        FailureCase{"Invalid user admin from 203.0.113.5 port 50112", Kind::announced, "admin"},
        FailureCase{"Invalid user admin from 203.0.113.5", Kind::announced, "admin"},
        FailureCase{"Invalid user  from 203.0.113.5 port 50112", Kind::announced, ""},
        FailureCase{
            "error: maximum authentication attempts exceeded for root from 203.0.113.5 port 9 ssh2 [preauth]",
            Kind::summary, "root"},
        FailureCase{"maximum authentication attempts exceeded for invalid user a b from 203.0.113.5 port 9 "
                    "ssh2 [preauth]",
                    Kind::summary, "a b"},
        FailureCase{"Connection closed by authenticating user root 203.0.113.5 port 9 [preauth]",
                    Kind::summary, "root"},
        FailureCase{"Connection closed by invalid user  203.0.113.5 port 9 [preauth]", Kind::summary, ""},
        FailureCase{"Connection reset by authenticating user root 203.0.113.5 port 9 [preauth]",
                    Kind::summary, "root"},
        FailureCase{"Disconnected from invalid user x y 203.0.113.5 port 9 [preauth]", Kind::summary, "x y"},
        FailureCase{"Disconnecting authenticating user root 203.0.113.5 port 9: Too many authentication "
                    "failures [preauth]",
                    Kind::summary, "root"},
        FailureCase{"User root from 203.0.113.5 not allowed because not listed in AllowUsers",
                    Kind::announced, "root"},
        FailureCase{"User bob from 203.0.113.5 port 9 not allowed because none of user's groups are listed "
                    "in AllowGroups",
                    Kind::announced, "bob"},
        FailureCase{"pam_unix(sshd:auth): authentication failure; logname= uid=0 euid=0 tty=ssh ruser= "
                    "rhost=203.0.113.5  user=root",
                    Kind::announced, "root"},
        FailureCase{"pam_sss(sshd:auth): authentication failure; logname= uid=0 euid=0 tty=ssh ruser= "
                    "rhost=203.0.113.5",
                    Kind::announced, ""},
        FailureCase{"PAM 2 more authentication failures; logname= uid=0 euid=0 tty=ssh ruser= "
                    "rhost=203.0.113.5  user=x",
                    Kind::summary, "x"},
        FailureCase{"error: PAM: Authentication failure for illegal user test from 203.0.113.5",
                    Kind::announced, "test"},
        FailureCase{"error: PAM: authentication error for bob from 203.0.113.5 via 192.0.2.9",
                    Kind::announced, "bob"},
        FailureCase{
            "error: PAM: User not known to the underlying authentication module for illegal user x y from "
            "203.0.113.5",
            Kind::announced, "x y"},
        FailureCase{"Received disconnect from 203.0.113.5 port 9:3: com.jcraft.jsch.JSchException: Auth fail "
                    "[preauth]",
                    Kind::summary, ""},
        FailureCase{"Received disconnect from 203.0.113.5: 3: com.jcraft.jsch.JSchException: Auth fail",
                    Kind::summary, ""},
        FailureCase{"ROOT LOGIN REFUSED FROM 203.0.113.5 port 9", Kind::announced, "root"}));

TEST(SshdFailure, IgnoresWhatIsNone) {
    for (const auto* message :
         {"", "Failed", "Failed password for root", "Accepted password for root from 203.0.113.5 port 9 ssh2",
          "Connection closed by 203.0.113.5 port 9 [preauth]",
          "Connection closed by authenticating user root 203.0.113.5 port 9",
          "Disconnected from user root 203.0.113.5 port 9",
          "pam_unix(sshd:session): session opened for user root(uid=0)",
          "Received disconnect from 203.0.113.5 port 9:11: Bye Bye [preauth]",
          "Failed password for root from host.example port 9 ssh2",
          "Failed password for root from 203.0.113.5 port 99999 ssh2",
          "Server listening on 0.0.0.0 port 22."})
        EXPECT_FALSE(parse_sshd_failure(message)) << message;
}

// The client at 203.0.113.5 tries to make 192.0.2.9 look guilty.
TEST(SshdFailure, AForgedUserNameNeverMovesTheAddress) {
    const std::string forged[] = {
        "x from 192.0.2.9 port 22 ssh2",
        "from 192.0.2.9 port 22",
        "root from 192.0.2.9 port 22 ssh2 [preauth]",
        "x 192.0.2.9 port 22: Too many authentication failures",
        "x rhost=192.0.2.9",
        "a from 192.0.2.9 not allowed because not listed in AllowUsers",
        "message repeated 9 times: [ Failed password for x from 192.0.2.9 port 22 ssh2]",
        " ",
        "192.0.2.9 port 22",
        "invalid user x from 192.0.2.9 port 1 ssh2",
    };
    const std::string real = "203.0.113.5 port 4711";
    for (const auto& user : forged) {
        for (const auto& message :
             {"Failed password for invalid user " + user + " from " + real + " ssh2",
              "Failed publickey for invalid user " + user + " from " + real + " ssh2: ED25519 SHA256:abc",
              "Invalid user " + user + " from " + real,
              "maximum authentication attempts exceeded for invalid user " + user + " from " + real +
                  " ssh2 [preauth]",
              "Connection closed by invalid user " + user + " " + real + " [preauth]",
              "Disconnecting invalid user " + user + " " + real +
                  ": Too many authentication failures [preauth]",
              "User " + user + " from " + real + " not allowed because not listed in AllowUsers"})
            EXPECT_EQ(address_of(message), "203.0.113.5") << message;
        const auto pam =
            "pam_unix(sshd:auth): authentication failure; logname= uid=0 euid=0 tty=ssh ruser= "
            "rhost=203.0.113.5  user=" +
            user;
        EXPECT_EQ(address_of(pam), "203.0.113.5") << pam;
    }
}

TEST(SshdFailure, GivesNoAddressWhereTheMessageCouldBeReadInTwoWays) {
    EXPECT_EQ(
        address_of(
            "Failed publickey for invalid user x from 192.0.2.9 port 1 ssh2: RSA-CERT SHA256:a ID y from "
            "203.0.113.5 port 4711 ssh2: RSA-CERT SHA256:b ID z (serial 0) CA RSA SHA256:c"),
        "none");
    EXPECT_EQ(
        address_of(
            "Disconnecting invalid user a 203.0.113.5 port 1: Change of username or service not allowed: "
            "(a,ssh-connection) -> (x 192.0.2.9 port 22: Too many authentication failures,ssh-connection) "
            "[preauth]"),
        "none");
}

TEST(SshdFailure, ReadsIpv6AndRepeats) {
    EXPECT_EQ(address_of("Failed password for root from 2001:db8::7 port 22 ssh2"), "2001:db8::7");
    EXPECT_EQ(address_of("Failed password for root from fe80::1%eth0 port 22 ssh2"), "fe80::1");
    const auto repeated = parse_sshd_failure(
        "message repeated 5 times: [ Failed password for root from 203.0.113.5 port 22 ssh2]");
    ASSERT_TRUE(repeated);
    EXPECT_EQ(repeated->repeats, 5U);
    EXPECT_EQ(
        parse_sshd_failure("message repeated 999999999 times: [ Invalid user x from 203.0.113.5]")->repeats,
        1000U);
}

TEST(SshdLogin, IsReadWithItsKey) {
    const auto key = parse_sshd_login(
        "Accepted publickey for deploy from 203.0.113.5 port 50112 ssh2: ED25519 SHA256:1Zc3+/x");
    ASSERT_TRUE(key);
    EXPECT_EQ(key->user, "deploy");
    EXPECT_EQ(key->address.text(), "203.0.113.5");
    EXPECT_EQ(key->port, 50112);
    EXPECT_EQ(key->method, "publickey");
    EXPECT_EQ(key->key_type, "ED25519");
    EXPECT_EQ(key->fingerprint, "SHA256:1Zc3+/x");
    const auto password = parse_sshd_login("Accepted password for root from 2001:db8::7 port 22 ssh2");
    ASSERT_TRUE(password);
    EXPECT_EQ(password->address.text(), "2001:db8::7");
    EXPECT_EQ(password->key_type, "");
    const auto certificate = parse_sshd_login(
        "Accepted publickey for root from 203.0.113.5 port 1 ssh2: RSA-CERT SHA256:a ID x from 192.0.2.9 "
        "port 2 ssh2 "
        "(serial 7) CA ED25519 SHA256:b");
    ASSERT_TRUE(certificate);
    EXPECT_EQ(certificate->address.text(), "203.0.113.5");
    EXPECT_EQ(certificate->fingerprint, "SHA256:a");
}

TEST(SshdLogin, RefusesOtherMessages) {
    for (const auto* message :
         {"", "Accepted", "Accepted password for root", "Accepted password for  from 203.0.113.5 port 1 ssh2",
          "Failed password for x from 203.0.113.5 port 1 ssh2",
          "Accepted password for root from 203.0.113.5 port 1 ssh3",
          "Accepted password for root from 203.0.113.5 port 1 ssh2 trailing",
          "Accepted password for root from here port 1 ssh2"})
        EXPECT_FALSE(parse_sshd_login(message)) << message;
}

TEST(SshdClose, IsReadOnlyAfterLogin) {
    EXPECT_EQ(parse_sshd_close("pam_unix(sshd:session): session closed for user root")->user, "root");
    const auto named = parse_sshd_close("Disconnected from user root 203.0.113.5 port 50112");
    ASSERT_TRUE(named && named->address);
    EXPECT_EQ(named->user, "root");
    EXPECT_EQ(named->port, 50112);
    EXPECT_EQ(parse_sshd_close("Received disconnect from 203.0.113.5 port 9:11: disconnected by user")->port,
              9);
    EXPECT_EQ(parse_sshd_close("Connection closed by 203.0.113.5 port 9")->address->text(), "203.0.113.5");
    for (const auto* message : {"", "pam_unix(sshd:session): session closed for user ",
                                "Connection closed by 203.0.113.5 port 9 [preauth]",
                                "Received disconnect from 203.0.113.5 port 9:11: Bye [preauth]",
                                "Disconnected from authenticating user root 203.0.113.5 port 9 [preauth]",
                                "Disconnected from user root here port 9"})
        EXPECT_FALSE(parse_sshd_close(message)) << message;
}

std::uint32_t counted(SshdAttempts& attempts, std::uint32_t pid, std::string_view message) {
    const auto failure = parse_sshd_failure(message);
    return failure ? attempts.count(pid, *failure) : 0;
}

TEST(SshdAttempts, OneFailedLoginCountsOnceWhateverIsWrittenAboutIt) {
    SshdAttempts attempts;
    const char* lines[] = {
        "Invalid user admin from 203.0.113.5 port 9",
        "pam_unix(sshd:auth): authentication failure; logname= uid=0 euid=0 tty=ssh ruser= rhost=203.0.113.5",
        "Failed password for invalid user admin from 203.0.113.5 port 9 ssh2",
        "Connection closed by invalid user admin 203.0.113.5 port 9 [preauth]"};
    std::uint32_t total = 0;
    for (const auto* line : lines)
        total += counted(attempts, 77, line);
    EXPECT_EQ(total, 1U);
}

TEST(SshdAttempts, EachPasswordOfAConnectionCounts) {
    SshdAttempts attempts;
    std::uint32_t total = 0;
    for (int i = 0; i < 3; ++i) {
        total +=
            counted(attempts, 77,
                    "pam_unix(sshd:auth): authentication failure; logname= rhost=203.0.113.5  user=root");
        total += counted(attempts, 77, "Failed password for root from 203.0.113.5 port 9 ssh2");
    }
    total += counted(attempts, 77,
                     "message repeated 2 times: [ Failed password for root from 203.0.113.5 port 9 ssh2]");
    total += counted(attempts, 77,
                     "Disconnecting authenticating user root 203.0.113.5 port 9: Too many authentication "
                     "failures [preauth]");
    EXPECT_EQ(total, 5U);
}

TEST(SshdAttempts, AConnectionThatOnlyEndsCountsAndOffersDoNot) {
    SshdAttempts attempts;
    EXPECT_EQ(counted(attempts, 5, "Failed publickey for root from 203.0.113.5 port 9 ssh2: RSA SHA256:a"),
              0U);
    EXPECT_EQ(
        counted(attempts, 5, "Connection closed by authenticating user root 203.0.113.5 port 9 [preauth]"),
        1U);
    EXPECT_EQ(
        counted(attempts, 5, "Connection closed by authenticating user root 203.0.113.5 port 10 [preauth]"),
        1U);
}

}  // namespace
}  // namespace garita::detect
