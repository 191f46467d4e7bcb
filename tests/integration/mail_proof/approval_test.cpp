// From the bytes of an approver's letter to the MAC address that it proves: the parts that a desk puts
// together.

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "access/mac_grammar.hpp"
#include "adapters/mail_proof/confirmation_code.hpp"
#include "adapters/mail_proof/dkim.hpp"
#include "adapters/mail_proof/smime.hpp"
#include "adapters/mailbox/letter_reader.hpp"
#include "model/mail_identity.hpp"
#include "support/dkim_signer.hpp"
#include "support/genuine_mail.hpp"

namespace garita::mail_proof {
namespace {

using namespace std::chrono_literals;

const mailbox::ReadingRules rules{{"garita@example.org"}, 1U << 20U};

TEST(Approval, ByDomainAndCode) {
    const Workshop shop;
    shop.run(
        "openssl genrsa -out key 2048 && openssl rsa -in key -pubout -outform DER | openssl base64 -A "
        ">public");
    shop.write("keys", "sel._domainkey.example.org v=DKIM1; k=rsa; p=" + shop.read("public") + "\n");
    DkimSettings settings;
    settings.key_file = shop.folder / "keys";
    const auto verifier = DkimVerifier::open(settings);
    ASSERT_TRUE(verifier);
    DkimSigner signer;
    signer.key = shop.read("key");
    Sample sample;
    const auto believed = [&](const std::string& text) -> std::optional<std::string> {
        const auto raw = "Return-Path: <ana@example.org>\r\n" + signer.sign(sample.head() + "\r\n" + text);
        const auto letter = mailbox::read_letter(raw, rules);
        if (!letter || letter->automatic || !verifier->verify(raw, *letter, the_time())) return std::nullopt;
        return letter->words;
    };
    const auto asked =
        believed("Одобрено: 001b.2c3d.4e5f\r\n\r\nOn Mon, 23 Nov 2026, Eva wrote:\r\n> aabb.ccdd.eeff?\r\n");
    ASSERT_TRUE(asked);
    EXPECT_EQ(access::the_one_mac(*asked).value_or(access::ApprovedMac{}).address.text(),
              "00:1b:2c:3d:4e:5f");
    auto fresh = make_code("A-17", sample.from, the_time(), 1h);
    sample.id = "two@example.org";
    const auto quoted = believed("yes\r\n\r\n> " + std::string(fresh.code.reveal()) + "\r\n");
    ASSERT_TRUE(quoted);
    EXPECT_EQ(try_code(fresh.kept, *quoted, "A-17", sample.from, the_time()), CodeVerdict::missing)
        << "that it is quoted does not say that anybody has read it";
    const auto answered = believed(std::string(fresh.code.reveal()) + "\r\n\r\n> the code\r\n");
    ASSERT_TRUE(answered);
    EXPECT_EQ(try_code(fresh.kept, *answered, "A-17", sample.from, the_time()), CodeVerdict::right);
}

TEST(Approval, BySignatureOfAPerson) {
    const Workshop shop;
    shop.run(
        "openssl req -x509 -newkey ec -pkeyopt ec_paramgen_curve:P-256 -nodes -days 2 -subj /CN=ana -addext "
        "subjectAltName=email:ana@example.org -addext extendedKeyUsage=emailProtection -keyout key -out pem "
        "&& "
        "openssl x509 -in pem -noout -fingerprint -sha256 | cut -d= -f2 | tr -d '\\n' >print");
    const auto key = parse_key_fingerprint("smime:" + shop.read("print")).value_or("");
    shop.write("part",
               "Content-Type: text/html; charset=utf-8\r\n\r\n<p>approved:&nbsp;001b.2c3d.4e5f</p>"
               "<blockquote>aabb.ccdd.eeff</blockquote>\r\n");
    for (const auto* more : {"", "-nodetach"}) {
        shop.run("openssl cms -sign -binary -in part -signer pem -inkey key -out signed " +
                 std::string(more));
        // what stands in the head is signed by nobody
        const auto head =
            replaced(replaced(Sample().head(), "MIME-Version: 1.0\r\n", ""), "access", "aabb.ccdd.eeff");
        const auto raw = head + shop.read("signed");
        const auto letter = mailbox::read_letter(raw, rules);
        ASSERT_TRUE(letter) << letter.error().text;
        const auto proof = verify_smime(raw, *letter, {key}, {}, the_time());
        ASSERT_TRUE(proof) << proof.error().text;
        const auto words = mailbox::read_words(proof->signed_part, rules);
        ASSERT_TRUE(words);
        EXPECT_EQ(words->own, "approved: 001b.2c3d.4e5f");
        EXPECT_TRUE(access::the_one_mac(words->own));
    }
}

}  // namespace
}  // namespace garita::mail_proof
