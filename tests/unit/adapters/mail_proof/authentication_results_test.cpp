#include "adapters/mail_proof/authentication_results.hpp"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

namespace garita::mail_proof {
namespace {

using namespace std::chrono_literals;
using testing::HasSubstr;

const Time now{std::chrono::seconds{1'795'386'600}};
const TrustedServer server{"mx.example.org", {}};

access::Letter letter() {
    access::Letter claimed;
    claimed.from = "ana@example.org";
    claimed.id = "one@example.org";
    claimed.sent = now - 1min;
    return claimed;
}

Result<access::Proof> judged(const std::string& fields, const access::Letter& claimed = letter()) {
    return trusted_results(fields + "From: ana@example.org\r\n\r\nx", claimed, server, now);
}

const std::string field = "Authentication-Results: ";

TEST(AuthenticationResults, OfTheTrustedServerCount) {
    for (const auto* value :
         {"mx.example.org; dkim=pass header.d=example.org",
          "mx.example.org; spf=fail; dmarc=pass header.from=example.org",
          "mx.example.org 1; dkim=pass (2048-bit key) header.d=example.org header.s=a",
          "MX.example.org;\r\n dkim=fail header.d=x.org;\r\n dkim=pass header.i=@example.org "
          "header.d=Example.org",
          "(hello; dkim) mx.example.org; dkim = pass reason=\"a;b\" header.d = \"example.org\""}) {
        const auto proof = judged(field + value + "\r\n");
        ASSERT_TRUE(proof) << value << proof.error().text;
        EXPECT_EQ(proof->kind, access::Proof::Kind::authentication_results);
        EXPECT_EQ(proof->by, "example.org");
        EXPECT_EQ(proof->once, "one@example.org");
        EXPECT_FALSE(proof->is_of_person());
    }
}

TEST(AuthenticationResults, OfAnythingElseDoNot) {
    for (const auto* value :
         {"", "mx.example.org", "mx.example.org; none", "mx.example.org; dkim=fail header.d=example.org",
          "mx.example.org; dkim=pass header.d=example.com",
          "mx.example.org; dkim=pass header.d=mallory.example.org",
          "mx.example.org; spf=pass smtp.mailfrom=example.org", "mx.example.org; dkim=pass",
          "mx.example.org; x=pass header.d=example.org", "mx.example.net; dkim=pass header.d=example.org",
          "mx.example.org.evil.net; dkim=pass header.d=example.org",
          "mx.example.org (; dkim=pass header.d=example.org",
          "mx.example.org; dkim=fail (dkim=pass header.d=example.org)",
          "mx.example.org; dkim=fail reason=\"; dkim=pass header.d=example.org\"",
          "mx.example.org x; dkim=pass header.d=example.org", "; dkim=pass header.d=example.org",
          "mx.example.org; dkim=pass header.d=example.org\""})
        EXPECT_FALSE(judged(field + value + "\r\n")) << value;
    EXPECT_FALSE(judged(""));
}

TEST(AuthenticationResults, OnlyTheTopmostCounts) {
    const std::string good = field + "mx.example.org; dkim=pass header.d=example.org\r\n";
    const std::string bad = field + "mx.example.org; dkim=fail header.d=example.org\r\n";
    const std::string others = field + "mx.example.net; dkim=pass header.d=example.org\r\n";
    EXPECT_TRUE(judged(good + bad));
    EXPECT_FALSE(judged(bad + good)) << "the lower one came with the letter";
    EXPECT_FALSE(judged(others + good));
}

TEST(AuthenticationResults, OldLettersProveNothing) {
    const std::string good = field + "mx.example.org; dkim=pass header.d=example.org\r\n";
    auto claimed = letter();
    claimed.sent = now - 25h;
    EXPECT_THAT(judged(good, claimed).error().text, HasSubstr("just now"));
    claimed.sent = now + 1h;
    EXPECT_FALSE(judged(good, claimed));
    claimed.sent.reset();
    EXPECT_FALSE(judged(good, claimed));
    claimed = letter();
    claimed.id.clear();
    EXPECT_FALSE(judged(good, claimed));
}

}  // namespace
}  // namespace garita::mail_proof
