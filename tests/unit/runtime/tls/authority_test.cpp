#include "runtime/tls/authority.hpp"

#include <array>
#include <cstdio>

#include <gtest/gtest.h>
#include <sys/stat.h>

#include "runtime/tls/client_key.hpp"
#include "runtime/tls/private_file.hpp"
#include "support/temporary_directory.hpp"

namespace garita::runtime::tls {
namespace {

using namespace std::chrono_literals;
const Time now = from_micros(1'800'000'000'000'000);

class Authorities : public testing::Test {
  protected:
    [[nodiscard]] KeyPaths paths(const std::string& name = "agents-ca") const {
        return {folder() / (name + ".crt"), folder() / (name + ".key")};
    }
    [[nodiscard]] std::filesystem::path folder() const { return folder_.path(); }
    /// What the openssl program says to this, exit code first.
    [[nodiscard]] std::string openssl(const std::string& arguments) const {
        const auto command = "cd " + folder().string() + " && openssl " + arguments + " 2>&1; echo exit $?";
        FILE* const pipe = popen(command.c_str(), "r");
        std::string output;
        std::array<char, 4096> piece{};
        while (std::fgets(piece.data(), piece.size(), pipe) != nullptr)
            output += piece.data();
        pclose(pipe);
        return output;
    }
    static CertificateRequest request(const std::string& name = "") {
        const auto key = make_client_key().value();
        return CertificateRequest::parse(make_certificate_request(key, name).value()).value();
    }
    support::TemporaryDirectory folder_;
};

TEST_F(Authorities, AreMadeOnceAndPrivate) {
    const auto made = Authority::open(paths());
    ASSERT_TRUE(made) << made.error().text;
    for (const auto& file : {paths().certificate, paths().key}) {
        struct stat status {};
        ASSERT_EQ(stat(file.c_str(), &status), 0);
        EXPECT_EQ(status.st_mode & 07777U, 0600U) << file;
    }
    EXPECT_EQ(Authority::open(paths())->pem(), made->pem());
    EXPECT_NE(Authority::open(paths("other"))->pem(), made->pem());
}

TEST_F(Authorities, AKeyWithoutItsCertificateIsWhatACrashLeaves) {
    ASSERT_TRUE(write_private_file(paths().key, "half"));
    EXPECT_TRUE(Authority::open(paths())) << "nothing was signed with it: made anew";
    std::filesystem::remove(paths().key);
    const auto opened = Authority::open(paths());
    ASSERT_FALSE(opened) << "agents rely on it: never replaced by itself";
    EXPECT_NE(opened.error().text.find("agents-ca.key"), std::string::npos);
}

TEST_F(Authorities, WhatTheyIssueIsForAClientOfThisNameAlone) {
    const auto authority = Authority::open(paths()).value();
    const auto asked = request("somebody-else");
    const auto issued = authority.issue(asked, "web1", now, 24h);
    ASSERT_TRUE(issued) << issued.error().text;
    EXPECT_EQ(issued->key, asked.key());
    EXPECT_EQ(issued->expires_at, now + 24h);
    ASSERT_TRUE(write_private_file(folder() / "web1.crt", issued->pem));
    EXPECT_EQ(fingerprint_sha256(folder() / "web1.crt").value(), asked.key());
    const auto shown =
        openssl("x509 -in web1.crt -noout -subject -serial -ext extendedKeyUsage,basicConstraints");
    EXPECT_NE(shown.find("subject=CN = web1\n"), std::string::npos) << shown;
    EXPECT_NE(shown.find("serial=" + issued->serial), std::string::npos) << shown;
    EXPECT_NE(shown.find("TLS Web Client Authentication\n"), std::string::npos) << shown;
    EXPECT_NE(shown.find("CA:FALSE"), std::string::npos) << shown;
    const auto at = " -attime " + std::to_string(to_micros(now) / 1'000'000);
    const auto verify = "verify -CAfile agents-ca.crt" + at;
    EXPECT_NE(openssl(verify + " -purpose sslclient web1.crt").find("exit 0"), std::string::npos);
    EXPECT_EQ(openssl(verify + " -purpose sslserver web1.crt").find("exit 0"), std::string::npos);
    ASSERT_TRUE(Authority::open(paths("other")));
    EXPECT_EQ(openssl("verify -CAfile other.crt" + at + " web1.crt").find("exit 0"), std::string::npos);
}

TEST_F(Authorities, SerialsDiffer) {
    const auto authority = Authority::open(paths()).value();
    const auto asked = request();
    EXPECT_NE(authority.issue(asked, "a", now, 1h)->serial, authority.issue(asked, "a", now, 1h)->serial);
}

TEST_F(Authorities, RequestsWithoutAProofOfTheKeyAreRefused) {
    const auto good = make_certificate_request(make_client_key().value(), "web1").value();
    EXPECT_TRUE(CertificateRequest::parse(good));
    auto forged = good;
    forged[forged.size() - 60] = forged[forged.size() - 60] == 'A' ? 'B' : 'A';  // within the signature
    for (const auto& text : {std::string(), std::string("garbage"), forged, std::string(9000, 'x'),
                             Authority::open(paths())->pem()}) {
        const auto parsed = CertificateRequest::parse(text);
        ASSERT_FALSE(parsed) << text;
        EXPECT_EQ(parsed.error().code, ErrorCode::invalid);
    }
}

TEST_F(Authorities, OnlyOneKindOfKeyIsCertified) {
    for (const std::string kind : {"rsa:2048", "ec -pkeyopt ec_paramgen_curve:secp384r1", "ed25519"}) {
        const auto made =
            openssl("req -new -newkey " + kind + " -nodes -keyout k.pem -subj /CN=web1 -out r.pem");
        ASSERT_NE(made.find("exit 0"), std::string::npos) << made;
        const auto parsed = CertificateRequest::parse(read_small_file(folder() / "r.pem", 8000).value());
        ASSERT_FALSE(parsed) << kind;
        EXPECT_NE(parsed.error().text.find("P-256"), std::string::npos);
    }
}

}  // namespace
}  // namespace garita::runtime::tls
