// Letters signed by openssl, and what others have made of them.

#include "adapters/mail_proof/smime.hpp"

#include <map>

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "access/letter_fields.hpp"
#include "model/mail_identity.hpp"
#include "support/genuine_mail.hpp"

namespace garita::mail_proof {
namespace {

using namespace std::chrono_literals;
using testing::HasSubstr;

class SmimeTest : public ::testing::Test {
  protected:
    static void SetUpTestSuite() {
        shop = std::make_unique<Workshop>();
        certify("ana", "email:ana@example.org", "emailProtection");
        certify("eva", "email:ana@example.org", "emailProtection");
        certify("web", "email:ana@example.org", "serverAuth");
        certify("bob", "email:bob@example.org", "emailProtection");
    }
    static void TearDownTestSuite() { shop.reset(); }
    static void certify(const std::string& name, const std::string& subject, const std::string& purpose) {
        shop->run("openssl req -x509 -newkey ec -pkeyopt ec_paramgen_curve:P-256 -nodes -days 30 -subj /CN=" +
                  name + " -addext subjectAltName=" + subject + " -addext extendedKeyUsage=" + purpose +
                  " -addext keyUsage=digitalSignature -keyout " + name + ".key -out " + name + ".pem");
    }
    static std::string key_of(const std::string& name) {
        static std::map<std::string, std::string> keys;
        auto& key = keys[name];
        if (!key.empty()) return key;
        shop->run("openssl x509 -in " + name +
                  ".pem -noout -fingerprint -sha256 | cut -d= -f2 | tr -d '\\n' >print");
        return key = parse_key_fingerprint("smime:" + shop->read("print")).value_or("");
    }
    std::string signed_letter(const std::string& who = "ana", const std::string& more = "") const {
        shop->write("part", "Content-Type: text/plain\r\n\r\napproved: aabb.ccdd.eeff\r\n");
        shop->run("openssl cms -sign -binary -in part -signer " + who + ".pem -inkey " + who +
                  ".key -out signed " + more);
        return access::with_mail_line_ends(replaced(sample.head(), "MIME-Version: 1.0\r\n", "") +
                                           shop->read("signed"));
    }
    Result<access::Proof> verify(const std::string& raw, const std::string& who = "ana") const {
        return verify_smime(raw, sample.letter(), {"openpgp:00", key_of(who)}, {}, the_time());
    }
    std::string why_not(const std::string& raw, const std::string& who = "ana") const {
        const auto proof = verify(raw, who);
        EXPECT_FALSE(proof);
        return proof ? "" : proof.error().text;
    }
    static inline std::unique_ptr<Workshop> shop;
    Sample sample;
};

TEST_F(SmimeTest, AGenuineLetterProvesItsWriter) {
    for (const auto* more : {"", "-nodetach"}) {
        const auto proof = verify(signed_letter("ana", more));
        ASSERT_TRUE(proof) << more << proof.error().text;
        EXPECT_EQ(proof->kind, access::Proof::Kind::smime);
        EXPECT_EQ(proof->by, key_of("ana"));
        EXPECT_TRUE(proof->is_of_person());
        EXPECT_THAT(proof->signed_part, HasSubstr("approved: aabb.ccdd.eeff"));
        EXPECT_TRUE(proof->signed_at);
        EXPECT_FALSE(proof->once.empty());
    }
}

TEST_F(SmimeTest, AChangedLetterProvesNothing) {
    const auto genuine = signed_letter();
    EXPECT_THAT(why_not(replaced(genuine, "aabb.ccdd.eeff", "001b.2c3d.4e5f")), HasSubstr("wrong"));
    EXPECT_THAT(why_not(replaced(genuine, "approved", "Approved")), HasSubstr("wrong"));
}

TEST_F(SmimeTest, WordsAroundTheSignedPartAreNotTaken) {
    const auto genuine = signed_letter();
    const auto boundary =
        genuine.substr(genuine.find("boundary=\"") + 10, genuine.find('"', genuine.find("boundary=\"") + 10) -
                                                             genuine.find("boundary=\"") - 10);
    const auto more = replaced(genuine, "--" + boundary + "\r\n",
                               "--" + boundary + "\r\n\r\n001b.2c3d.4e5f\r\n--" + boundary + "\r\n");
    EXPECT_THAT(why_not(more), HasSubstr("as a whole"));
    const auto head = genuine.find("Content-Type: multipart/signed");
    ASSERT_NE(head, std::string::npos);
    const auto wrapped =
        sample.head() +
        "Content-Type: multipart/mixed; boundary=outer\r\n\r\n--outer\r\n\r\n001b.2c3d.4e5f\r\n--outer\r\n" +
        genuine.substr(head) + "\r\n--outer--\r\n";
    EXPECT_THAT(why_not(wrapped), HasSubstr("as a whole"));
}

TEST_F(SmimeTest, OtherCertificatesProveNothing) {
    EXPECT_THAT(why_not(signed_letter("eva")), HasSubstr("nobody who is known"))
        << "the same name, another key";
    EXPECT_THAT(why_not(signed_letter("web"), "web"), HasSubstr("not for signing mail"));
    EXPECT_THAT(why_not(signed_letter("bob"), "bob"), HasSubstr("does not name ana@example.org"));
    EXPECT_THAT(why_not(sample.head() + "\r\nx"), HasSubstr("not signed"));
    EXPECT_THAT(why_not(signed_letter("ana", "-md sha1")), HasSubstr("counts no more"));
}

TEST_F(SmimeTest, OldLettersAndCertificatesProveNothing) {
    const auto genuine = signed_letter();
    const std::vector<std::string> keys{key_of("ana")};
    EXPECT_TRUE(verify_smime(genuine, sample.letter(), keys, {}, the_time() + 23h));
    EXPECT_THAT(verify_smime(genuine, sample.letter(), keys, {}, the_time() + 25h).error().text,
                HasSubstr("just now"));
    EXPECT_THAT(verify_smime(genuine, sample.letter(), keys, {}, the_time() + 24h * 40).error().text,
                HasSubstr("not in force"));
    EXPECT_THAT(why_not(signed_letter("ana", "-noattr")), HasSubstr("just now")) << "no time is signed";
}

TEST_F(SmimeTest, BrokenSignaturesProveNothingElse) {
    const auto genuine = signed_letter();
    const auto right = verify(genuine);
    const auto at = genuine.find("\r\n\r\nMII");
    ASSERT_TRUE(right && at != std::string::npos);
    int refused = 0;
    for (std::size_t i = 0; i < 200; ++i) {
        EXPECT_FALSE(verify(genuine.substr(0, at + i)));
        auto broken = genuine;
        broken[at + 10 + i * 3] ^= 3;
        const auto proof = verify(broken);
        refused += proof ? 0 : 1;
        if (!proof) continue;
        // some bytes are signed by nobody and say nothing; what is proved stays the same, and is known again
        EXPECT_EQ(proof->signed_part, right->signed_part);
        EXPECT_EQ(proof->once, right->once);
    }
    EXPECT_GT(refused, 150);
}

}  // namespace
}  // namespace garita::mail_proof
