// Letters signed by gpg, and what others have made of them.

#include "adapters/mail_proof/openpgp.hpp"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "model/mail_identity.hpp"
#include "support/genuine_mail.hpp"

namespace garita::mail_proof {
namespace {

using namespace std::chrono_literals;
using testing::HasSubstr;

class OpenPgpTest : public ::testing::Test {
  protected:
    static void SetUpTestSuite() {
        if (!std::filesystem::exists("/usr/bin/gpg")) return;
        shop = std::make_unique<Workshop>();
        shop->run("mkdir -m 700 home");
        for (const auto* name : {"ana", "eva"})
            shop->run(gpg + "--quick-gen-key " + name + "@example.org ed25519 sign 30d && " + gpg +
                      "--armor --export " + name + "@example.org >" + name + ".asc && " + gpg +
                      "--list-keys --with-colons " + name +
                      "@example.org | grep ^fpr | head -1 | cut -d: -f10 | tr -d '\\n' >" + name + ".print");
        shop->run(gpg + "--quick-add-key $(cat ana.print) ed25519 sign 30d && " + gpg +
                  "--armor --export ana@example.org >ana.asc");
    }
    static void TearDownTestSuite() {
        if (shop) shop->run("gpgconf --homedir home --kill all");
        shop.reset();
    }
    void SetUp() override {
        if (!shop) GTEST_SKIP() << "needs gpg";
    }
    static std::string key_of(const std::string& name) {
        return parse_key_fingerprint("openpgp:" + shop->read(name + ".print")).value_or("");
    }
    std::string signed_letter(const std::string& who = "ana", const std::string& more = "") const {
        const std::string part = "Content-Type: text/plain\r\n\r\napproved: aabb.ccdd.eeff\r\n";
        shop->write("part", part);
        shop->run("rm -f sig && " + gpg + more + " --local-user " + who +
                  "@example.org --armor --detach-sign -o sig part");
        return sample.head() +
               "Content-Type: multipart/signed; micalg=pgp-sha256; protocol=\"application/pgp-signature\"; "
               "boundary=b\r\n\r\n"
               "--b\r\n" +
               part + "\r\n--b\r\nContent-Type: application/pgp-signature\r\n\r\n" + shop->read("sig") +
               "\r\n--b--\r\n";
    }
    static const OpenPgpVerifier& verifier() {
        static const auto opened = OpenPgpVerifier::open(
            shop->folder / "verifier", {shop->folder / "ana.asc", shop->folder / "eva.asc"});
        if (!opened) throw std::runtime_error(opened.error().text);
        return *opened;
    }
    Result<access::Proof> verify(const std::string& raw, const std::string& who = "ana",
                                 Time at = the_time()) const {
        return verifier().verify(raw, {"smime:00", key_of(who)}, {}, at);
    }
    std::string why_not(const std::string& raw, const std::string& who = "ana") const {
        const auto proof = verify(raw, who);
        EXPECT_FALSE(proof);
        return proof ? "" : proof.error().text;
    }
    static inline const std::string gpg =
        "gpg --homedir home --batch --yes --quiet --pinentry-mode loopback --passphrase '' ";
    static inline std::unique_ptr<Workshop> shop;
    Sample sample;
};

TEST_F(OpenPgpTest, AGenuineLetterProvesItsWriter) {
    const auto proof = verify(signed_letter());
    ASSERT_TRUE(proof) << proof.error().text;
    EXPECT_EQ(proof->kind, access::Proof::Kind::openpgp);
    EXPECT_EQ(proof->by, key_of("ana")) << "also where a subkey signed";
    EXPECT_TRUE(proof->is_of_person());
    EXPECT_THAT(proof->signed_part, HasSubstr("approved: aabb.ccdd.eeff"));
    EXPECT_FALSE(proof->once.empty());
}

TEST_F(OpenPgpTest, AChangedLetterProvesNothing) {
    EXPECT_THAT(why_not(replaced(signed_letter(), "aabb.ccdd.eeff", "001b.2c3d.4e5f")), HasSubstr("wrong"));
    EXPECT_THAT(why_not(replaced(signed_letter(), "approved", "approve")), HasSubstr("wrong"));
    EXPECT_THAT(why_not(replaced(signed_letter(), "--b\r\n", "--b\r\n\r\nx\r\n--b\r\n")),
                HasSubstr("as a whole"));
    EXPECT_THAT(why_not(sample.head() + "\r\nx"), HasSubstr("as a whole"));
}

TEST_F(OpenPgpTest, OtherKeysProveNothing) {
    EXPECT_THAT(why_not(signed_letter("eva"), "ana"), HasSubstr("nobody who is known"));
    EXPECT_TRUE(verify(signed_letter("eva"), "eva"));
    EXPECT_THAT(why_not(signed_letter("ana", "--digest-algo SHA1")), HasSubstr("OpenPGP"));
}

TEST_F(OpenPgpTest, OldLettersProveNothing) {
    const auto genuine = signed_letter();
    EXPECT_TRUE(verify(genuine, "ana", the_time() + 23h));
    EXPECT_FALSE(verify(genuine, "ana", the_time() + 25h));
}

TEST_F(OpenPgpTest, KeysThatAreNoneAreToldAtTheStart) {
    shop->write("nonsense.asc", "nonsense");
    EXPECT_FALSE(OpenPgpVerifier::open(shop->folder / "other", {shop->folder / "nonsense.asc"}));
    EXPECT_FALSE(OpenPgpVerifier::open(shop->folder / "other", {shop->folder / "absent.asc"}));
}

}  // namespace
}  // namespace garita::mail_proof
