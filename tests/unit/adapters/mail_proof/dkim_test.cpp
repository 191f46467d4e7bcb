// Letters signed as OpenDKIM signs them, and what others have made of them.

#include "adapters/mail_proof/dkim.hpp"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "access/letter_fields.hpp"
#include "adapters/mail_proof/dkim_tags.hpp"
#include "support/dkim_signer.hpp"
#include "support/genuine_mail.hpp"

namespace garita::mail_proof {
namespace {

using namespace std::chrono_literals;
using testing::HasSubstr;

class DkimTest : public ::testing::Test {
  protected:
    static void SetUpTestSuite() {
        shop = std::make_unique<Workshop>();
        shop->run(
            "openssl genrsa -out key 2048 && openssl rsa -in key -pubout -outform DER | openssl base64 -A "
            ">public "
            "&& openssl genrsa -out other 2048 && chmod 600 key other");
        shop->write("keys",
                    "sel._domainkey.example.org v=DKIM1; k=rsa; p=" + shop->read("public") +
                        "\ntest._domainkey.example.org v=DKIM1; k=rsa; t=y; p=" + shop->read("public") +
                        "\nsel._domainkey.example.com v=DKIM1; k=rsa; p=" + shop->read("public") +
                        "\nrevoked._domainkey.example.org v=DKIM1; k=rsa; p=\n");
    }
    static void TearDownTestSuite() { shop.reset(); }
    std::string signed_letter(DkimSigner signer = {}) const {
        signer.key = shop->read(signer.key);
        return signer.sign(sample.head() + "\r\napproved: aabb.ccdd.eeff\r\n");
    }
    std::string signed_by(const std::string& domain, const std::string& selector = "sel",
                          const std::string& key = "key") const {
        DkimSigner signer;
        signer.domain = domain;
        signer.selector = selector;
        signer.key = key;
        return signed_letter(signer);
    }
    Result<access::Proof> verify(const std::string& raw, std::vector<std::string> parents = {}) const {
        DkimSettings settings;
        settings.key_file = shop->folder / "keys";
        settings.parents = std::move(parents);
        const auto verifier = DkimVerifier::open(settings);
        EXPECT_TRUE(verifier) << (verifier ? "" : verifier.error().text);
        return verifier->verify(raw, sample.letter(), the_time());
    }
    std::string why_not(const std::string& raw) const {
        const auto proof = verify(raw);
        EXPECT_FALSE(proof);
        return proof ? "" : proof.error().text;
    }
    static inline std::unique_ptr<Workshop> shop;
    Sample sample;
};

TEST_F(DkimTest, AGenuineLetterProvesItsDomain) {
    const auto proof = verify(signed_letter());
    ASSERT_TRUE(proof) << proof.error().text;
    EXPECT_EQ(proof->kind, access::Proof::Kind::dkim);
    EXPECT_EQ(proof->by, "example.org");
    EXPECT_EQ(proof->once, "one@example.org");
    EXPECT_FALSE(proof->is_of_person());
    EXPECT_TRUE(verify("Received: from relay\r\n" + signed_letter())) << "as servers add to it";
}

TEST_F(DkimTest, AChangedLetterProvesNothing) {
    const auto genuine = signed_letter();
    EXPECT_THAT(why_not(replaced(genuine, "aabb.ccdd.eeff", "001b.2c3d.4e5f")), HasSubstr("DKIM"));
    EXPECT_THAT(why_not(genuine + "more\r\n"), HasSubstr("DKIM"));
    EXPECT_THAT(why_not(replaced(genuine, "Subject: access", "Subject: another")), HasSubstr("DKIM"));
    EXPECT_THAT(why_not(replaced(genuine, "From: Ana", "From: Eva")), HasSubstr("DKIM"));
    EXPECT_THAT(why_not(replaced(genuine, "Message-ID: <one@", "Message-ID: <two@")), HasSubstr("DKIM"));
}

TEST_F(DkimTest, ASecondFieldProvesNothing) {
    const auto genuine = signed_letter();
    EXPECT_THAT(why_not("Subject: another\r\n" + genuine), HasSubstr("exactly one subject"));
    EXPECT_THAT(why_not("From: mallory@example.net\r\n" + genuine), HasSubstr("exactly one from"));
    EXPECT_THAT(why_not(replaced(genuine, "\r\n\r\n", "\r\nDate: Mon, 23 Nov 2026 01:30:00 +0000\r\n\r\n")),
                HasSubstr("exactly one date"));
}

TEST_F(DkimTest, OtherDomainsAndKeysProveNothing) {
    EXPECT_THAT(why_not(signed_by("example.com")), HasSubstr("does not answer for"));
    EXPECT_THAT(why_not(signed_by("example.org", "sel", "other")), HasSubstr("DKIM"));
    EXPECT_THAT(why_not(signed_by("example.org", "nobody")), HasSubstr("DKIM"));
    EXPECT_THAT(why_not(signed_by("example.org", "test")), HasSubstr("tests its key"));
    EXPECT_THAT(why_not(signed_by("example.org", "revoked")), HasSubstr("DKIM"));
    EXPECT_THAT(why_not(sample.head() + "\r\nx"), HasSubstr("nobody signed"));
    sample.from = "ana@mail.example.org";
    EXPECT_FALSE(verify(signed_letter()));
    EXPECT_TRUE(verify(signed_letter(), {"example.org"})) << "where the operator says so";
}

TEST_F(DkimTest, APartialOrBareSignatureProvesNothing) {
    DkimSigner signer;
    signer.length = 10;
    EXPECT_THAT(why_not(signed_letter(signer)), HasSubstr("l="));
    signer = {};
    signer.skipped = "Date";
    EXPECT_THAT(why_not(signed_letter(signer)), HasSubstr("date is not signed"));
    signer.skipped = "Subject";
    EXPECT_THAT(why_not(signed_letter(signer)), HasSubstr("subject is not signed"));
    const auto genuine = signed_letter();
    EXPECT_THAT(why_not(replaced(genuine, "d=example.org", "d=example.org; d=example.org")),
                HasSubstr("twice"));
    std::string many;
    for (int i = 0; i < 20; ++i)
        many += "DKIM-Signature: x\r\n";
    EXPECT_THAT(why_not(many + genuine), HasSubstr("too many"));
    EXPECT_TRUE(verify("DKIM-Signature: nonsense\r\n" + genuine)) << "another one does no harm";
}

TEST_F(DkimTest, AnOldDigestProvesNothing) {
    if (!std::filesystem::exists("/usr/sbin/opendkim-testmsg")) GTEST_SKIP() << "needs opendkim-tools";
    shop->write("letter", sample.head() + "\r\nx\r\n");
    shop->run("/usr/sbin/opendkim-testmsg -C -d example.org -k key -s sel <letter >signed");
    EXPECT_THAT(why_not(access::with_mail_line_ends(shop->read("signed"))), HasSubstr("counts no more"));
}

TEST_F(DkimTest, AnExpiredSignatureProvesNothing) {
    DkimSigner signer;
    signer.at =
        std::chrono::duration_cast<std::chrono::seconds>(the_time().time_since_epoch()).count() - 7200;
    EXPECT_TRUE(verify(signed_letter(signer)));
    signer.life = 3600;
    EXPECT_THAT(why_not(signed_letter(signer)), HasSubstr("expired"));
    signer.life = 0;
    signer.at -= 2 * 86400;
    EXPECT_THAT(why_not(signed_letter(signer)), HasSubstr("just now"));
}

TEST_F(DkimTest, AnOldLetterProvesNothing) {
    const auto genuine = signed_letter();
    DkimSettings settings;
    settings.key_file = shop->folder / "keys";
    const auto verifier = DkimVerifier::open(settings);
    ASSERT_TRUE(verifier);
    EXPECT_TRUE(verifier->verify(genuine, sample.letter(), the_time() + 23h));
    EXPECT_FALSE(verifier->verify(genuine, sample.letter(), the_time() + 25h));
    EXPECT_FALSE(verifier->verify(genuine, sample.letter(), the_time() - 1h));
}

TEST_F(DkimTest, AMissingKeyFileIsToldAtTheStart) {
    DkimSettings settings;
    settings.key_file = shop->folder / "absent";
    EXPECT_FALSE(DkimVerifier::open(settings));
}

TEST(DkimTags, SayWhatIsSigned) {
    const auto tags = parse_dkim_tags(
        "v=1; a=rsa-sha256; d=Example.org; s=s; t=100;\t h=From : Subject:date; bh=x; b=y z;");
    ASSERT_TRUE(tags) << tags.error().text;
    EXPECT_EQ(tags->domain, "example.org");
    EXPECT_THAT(tags->signed_fields, testing::ElementsAre("from", "subject", "date"));
    EXPECT_EQ(tags->signed_at, Time{100s});
    const std::string text = "From: a@b.org\r\nSubject: x\r\nDate: x\r\nMessage-ID: <x>\r\n\r\n";
    const auto letter = access::split_letter(text);
    EXPECT_THAT(shortcoming(*tags, *letter).value_or(""), HasSubstr("message-id is not signed"));
    for (const auto* value :
         {"", "x", "v=1", "a=b; d=; h=x; s=x; b=x; bh=x", "=x; a=b", "a=b; d=c; h=x; s=x; b=x; bh=x; t=-1",
          "a=b; d=c; h=x; s=x; b=x; bh=x; t=99999999999999999"})
        EXPECT_FALSE(parse_dkim_tags(value)) << value;
    EXPECT_TRUE(may_sign_for("example.org", "a@example.org", {}));
    EXPECT_FALSE(may_sign_for("org", "a@example.org", {}));
    EXPECT_FALSE(may_sign_for("example.org", "a@badexample.org", {"example.org"}));
    EXPECT_FALSE(may_sign_for("", "a@", {}));
}

}  // namespace
}  // namespace garita::mail_proof
