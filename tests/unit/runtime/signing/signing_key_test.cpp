#include "runtime/signing/signing_key.hpp"

#include <gtest/gtest.h>
#include <sys/stat.h>

#include "runtime/tls/private_file.hpp"
#include "support/temporary_directory.hpp"

namespace garita::runtime {
namespace {

class SigningKeys : public testing::Test {
  protected:
    support::TemporaryDirectory folder_;
    std::filesystem::path file_ = std::filesystem::path(folder_.path()) / "orders.key";
};

TEST_F(SigningKeys, AreMadeOnceAndPrivate) {
    const auto made = SigningKey::open(file_);
    ASSERT_TRUE(made) << made.error().text;
    struct stat status {};
    ASSERT_EQ(stat(file_.c_str(), &status), 0);
    EXPECT_EQ(status.st_mode & 07777U, 0600U);
    const auto again = SigningKey::open(file_);
    ASSERT_TRUE(again) << again.error().text;
    EXPECT_EQ(again->verifying(), made->verifying());
    EXPECT_EQ(VerifyingKey::parse(made->verifying().text()).value(), made->verifying());
}

TEST_F(SigningKeys, ASignatureIsGoodForItsMessageAndKeyOnly) {
    const auto key = SigningKey::open(file_).value();
    const auto other = SigningKey::open(file_.string() + "2").value();
    auto signature = key.sign("block 192.0.2.1");
    EXPECT_TRUE(key.verifying().accepts("block 192.0.2.1", signature));
    EXPECT_FALSE(key.verifying().accepts("block 192.0.2.2", signature));
    EXPECT_FALSE(key.verifying().accepts("", signature));
    EXPECT_FALSE(other.verifying().accepts("block 192.0.2.1", signature));
    for (std::size_t i = 0; i < signature.size(); ++i) {
        signature[i] ^= 1;
        EXPECT_FALSE(key.verifying().accepts("block 192.0.2.1", signature)) << "byte " << i;
        signature[i] ^= 1;
    }
}

TEST_F(SigningKeys, ADamagedFileIsAnErrorAndNeverReplaced) {
    for (const std::string text : {"", "ed25519-secret:", "ed25519-secret:AAAA", "garbage\n"}) {
        ASSERT_TRUE(tls::write_private_file(file_, text));
        const auto opened = SigningKey::open(file_);
        ASSERT_FALSE(opened) << text;
        EXPECT_NE(opened.error().text.find("orders.key"), std::string::npos);
        EXPECT_EQ(tls::read_small_file(file_, 100).value(), text);
    }
}

TEST(VerifyingKeys, AreReadStrictly) {
    for (const auto* text : {"", "ed25519:", "ed25519:AAAA", "sha256:AAAA",
                             "ed25519:AAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAA=",
                             "ed25519:AAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAA+"})
        EXPECT_FALSE(VerifyingKey::parse(text)) << text;
    EXPECT_TRUE(VerifyingKey::parse("ed25519:AAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAA"));
}

TEST(Base64url, GoesThereAndBack) {
    for (const std::string bytes : {"", "a", "ab", "abc", "\xff\xfe\xfd"})
        EXPECT_EQ(from_base64url(to_base64url(bytes)), bytes);
    EXPECT_EQ(to_base64url("\xff\xff\xff"), "____");
    for (const auto* text : {"a", "a b", "abc=", "ab\n", "____ ", "ab\xac\x81"})
        EXPECT_EQ(from_base64url(text), std::nullopt) << text;
}

}  // namespace
}  // namespace garita::runtime
