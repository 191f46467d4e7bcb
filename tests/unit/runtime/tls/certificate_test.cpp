#include <filesystem>
#include <fstream>
#include <stdlib.h>

#include <gtest/gtest.h>
#include <sys/stat.h>

#include "runtime/tls/fingerprint.hpp"
#include "runtime/tls/self_signed.hpp"
#include "runtime/tls/server_context.hpp"

namespace garita::runtime::tls {
namespace {

class Certificates : public ::testing::Test {
  protected:
    Certificates() {
        std::string name = (std::filesystem::temp_directory_path() / "garita-tls-XXXXXX").string();
        folder_ = mkdtemp(name.data());
    }
    ~Certificates() override { std::filesystem::remove_all(folder_); }

    std::filesystem::path folder_;
    KeyPaths paths() const { return {folder_ / "c.pem", folder_ / "k.pem"}; }
};

TEST_F(Certificates, AreMadePrivateAndLoadable) {
    ASSERT_TRUE(make_self_signed(paths(), {"hub.example", "192.0.2.1", "2001:db8::1"}));
    for (const auto& file : {paths().certificate, paths().key}) {
        struct stat status {};
        ASSERT_EQ(stat(file.c_str(), &status), 0);
        EXPECT_EQ(status.st_mode & 07777U, 0600U) << file;
    }
    const auto context =
        make_server_context({.files = paths(), .clients = {}, .client_ca = {}, .on_peer_certificate = {}});
    EXPECT_TRUE(context) << context.error().text;
}

TEST_F(Certificates, HaveAFingerprintOfTheirKey) {
    ASSERT_TRUE(make_self_signed(paths(), {"hub"}));
    const auto first = fingerprint_sha256(paths().certificate);
    ASSERT_TRUE(first) << first.error().text;
    EXPECT_EQ(parse_fingerprint(to_text(*first)).value(), *first);
    ASSERT_TRUE(make_self_signed(paths(), {"hub"}));
    EXPECT_NE(fingerprint_sha256(paths().certificate).value(), *first) << "a new key has another";
}

TEST_F(Certificates, RefuseNamesThatAreNone) {
    for (const std::vector<std::string>& names :
         {std::vector<std::string>{}, {""}, {"a,DNS:b"}, {"a b"}, {"host:80"}, {"ok", "no\n"}}) {
        const auto made = make_self_signed(paths(), names);
        ASSERT_FALSE(made);
        EXPECT_EQ(made.error().code, ErrorCode::invalid);
    }
    EXPECT_FALSE(std::filesystem::exists(paths().key));
}

TEST_F(Certificates, ErrorsNameTheFile) {
    const auto absent = fingerprint_sha256(folder_ / "absent.pem");
    ASSERT_FALSE(absent);
    EXPECT_NE(absent.error().text.find("absent.pem"), std::string::npos);
    std::ofstream(folder_ / "text.pem") << "hello\n";
    EXPECT_FALSE(fingerprint_sha256(folder_ / "text.pem"));
    ASSERT_TRUE(make_self_signed(paths(), {"hub"}));
    const KeyPaths other{folder_ / "c2.pem", folder_ / "k2.pem"};
    ASSERT_TRUE(make_self_signed(other, {"hub"}));
    const auto mixed = make_server_context({.files = {paths().certificate, other.key},
                                            .clients = {},
                                            .client_ca = {},
                                            .on_peer_certificate = {}});
    EXPECT_FALSE(mixed);
    EXPECT_FALSE(make_self_signed({folder_ / "no" / "c.pem", folder_ / "no" / "k.pem"}, {"hub"}));
}

TEST(Fingerprint, HasOneTextFormAndReadsSome) {
    Fingerprint fingerprint;
    for (std::size_t i = 0; i < 32; ++i)
        fingerprint.sha256[i] = static_cast<unsigned char>(i * 8);
    const std::string text = "sha256:0008101820283038404850586068707880889098a0a8b0b8c0c8d0d8e0e8f0f8";
    EXPECT_EQ(to_text(fingerprint), text);
    EXPECT_EQ(to_curl_pin(fingerprint), "sha256//AAgQGCAoMDhASFBYYGhweICIkJigqLC4wMjQ2ODo8Pg=");
    EXPECT_EQ(parse_fingerprint("sha256:00:08:10:18202830384048505860687078:80889098A0A8B0B8C0C8D0D8E0E8F0F8")
                  .value(),
              fingerprint);
    for (const std::string& bad : {std::string(), std::string("sha256:"), text + "0", text.substr(0, 70),
                                   "sha1" + text, text.substr(0, 69) + "gg", text + ":"}) {
        EXPECT_FALSE(parse_fingerprint(bad)) << bad;
    }
}

}  // namespace
}  // namespace garita::runtime::tls
