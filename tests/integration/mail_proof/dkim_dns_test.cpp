// Keys of DKIM from a real name server, asked as the machine's resolver is set.

#include <sched.h>

#include <gmock/gmock.h>
#include <gtest/gtest.h>
#include <sys/mount.h>

#include "adapters/mail_proof/dkim.hpp"
#include "support/child_process.hpp"
#include "support/dkim_signer.hpp"
#include "support/genuine_mail.hpp"
#include "support/net_namespace.hpp"

namespace garita::mail_proof {
namespace {

using testing::HasSubstr;

class DkimDnsTest : public ::testing::Test {
  protected:
    void SetUp() override {
        space = testing_support::NetNamespace::make();
        if (!space || !std::filesystem::exists("/usr/sbin/dnsmasq")) GTEST_SKIP() << "needs root and dnsmasq";
        shop.run(
            "openssl genrsa -out key 2048 && openssl rsa -in key -pubout -outform DER | openssl base64 -A "
            ">public");
        shop.write("resolv.conf", "nameserver 127.0.0.1\noptions timeout:1 attempts:1\n");
    }
    /// In a thread whose machine seems to ask that name server only.
    void run(const std::function<void()>& action) const {
        space->run([&] {
            const auto file = shop.folder / "resolv.conf";
            const bool ready = ::unshare(CLONE_NEWNS) == 0 &&
                               ::mount(nullptr, "/", nullptr, MS_REC | MS_PRIVATE, nullptr) == 0 &&
                               ::mount(file.c_str(), "/etc/resolv.conf", nullptr, MS_BIND, nullptr) == 0;
            ASSERT_TRUE(ready);
            action();
        });
    }
    Result<access::Proof> verify(const std::string& selector) const {
        DkimSigner signer;
        signer.key = shop.read("key");
        signer.selector = selector;
        const auto raw = signer.sign(sample.head() + "\r\napproved: aabb.ccdd.eeff\r\n");
        const auto verifier = DkimVerifier::open({});
        return verifier->verify(raw, sample.letter(), the_time());
    }
    std::unique_ptr<testing_support::NetNamespace> space;
    Workshop shop;
    Sample sample;
};

TEST_F(DkimDnsTest, KeysAreAskedFor) {
    const auto key = shop.read("public");
    run([&] {
        testing_support::ChildProcess server(
            {"/usr/sbin/dnsmasq", "--keep-in-foreground", "--conf-file=/dev/null", "--no-resolv",
             "--no-hosts", "--user=root", "--listen-address=127.0.0.1", "--bind-interfaces", "--local=/org/",
             "--pid-file=",
             "--txt-record=sel._domainkey.example.org,v=DKIM1; k=rsa; p=" + key.substr(0, 200) + ',' +
                 key.substr(200)});
        std::string last;
        // until the server is there, keys cannot be asked for
        const bool proved = testing_support::eventually(
            [&] {
                const auto proof = verify("sel");
                if (!proof) last = proof.error().text;
                return proof.has_value();
            },
            std::chrono::seconds(60));
        EXPECT_TRUE(proved) << last;
        const auto unknown = verify("other");
        ASSERT_FALSE(unknown);
        EXPECT_EQ(unknown.error().code, ErrorCode::forbidden) << unknown.error().text;
    });
}

TEST_F(DkimDnsTest, WhoCannotAskForKeysTriesAgain) {
    run([&] {
        const auto proof = verify("sel");  // nobody listens
        ASSERT_FALSE(proof);
        EXPECT_EQ(proof.error().code, ErrorCode::unavailable) << proof.error().text;
        EXPECT_EQ(proof.error().retry, Retry::later);
    });
}

}  // namespace
}  // namespace garita::mail_proof
