// Certificates of agents, the codes that let them in, and devices that were shut out.

#include "contract/store_contract.hpp"

namespace garita::store::contract {
namespace {

class StoreEnrolment : public StoreContract {
  protected:
    static AgentCertificate some_certificate(int n, const std::string& device) {
        AgentCertificate one;
        one.key = "sha256:" + std::to_string(n);
        one.device = device;
        one.serial = "0" + std::to_string(n);
        one.pem = "-----BEGIN " + std::to_string(n) + "\n";
        one.issued_at = at(n);
        one.expires_at = at(1000 + n);
        return one;
    }
    static EnrolmentCode some_code(int n, const std::string& device) {
        EnrolmentCode code;
        code.hash = "hash-" + std::to_string(n);
        code.device = device;
        code.author = "ana (cli)";
        code.created_at = at(n);
        code.expires_at = at(n + 900);
        return code;
    }
    std::vector<std::string> hashes() {
        std::vector<std::string> all;
        read([&](View& view) {
            for (const auto& code : view.enrolment_codes())
                all.push_back(code.hash);
        });
        return all;
    }
    Progress progress(CaseId id) {
        Progress found;
        read([&](View& view) { found = view.progress(id); });
        return found;
    }
};

TEST_P(StoreEnrolment, KeepsCertificatesByTheirKey) {
    auto used = some_certificate(2, "web1");
    used.first_used_at = at(3);
    used.revoked_at = at(4);
    used.revoked_because = "revoked by ana (cli)";
    write([&](Transaction& tx) {
        tx.put_certificate(some_certificate(1, "web1"));
        tx.put_certificate(some_certificate(2, "web1"));
        tx.put_certificate(some_certificate(3, "web2"));
        tx.put_certificate(used);
    });
    if (GetParam().durable) reopen();
    read([&](View& view) {
        EXPECT_EQ(view.find_certificate("sha256:9"), std::nullopt);
        const auto of = view.certificates_of("web1");
        ASSERT_EQ(of.size(), 2U);
        EXPECT_EQ(of[0].key, "sha256:2") << "the newest first";
        EXPECT_EQ(of[1].key, "sha256:1");
        EXPECT_EQ(view.certificates_of("web3").size(), 0U);
        EXPECT_EQ(view.find_certificate("sha256:2"), used);
        EXPECT_EQ(view.find_certificate("sha256:1"), some_certificate(1, "web1"));
    });
}

TEST_P(StoreEnrolment, KeepsCodesUntilTheyAreUsedOrOver) {
    auto used = some_code(1, "web1");
    used.used_at = at(5);
    used.used_by = "sha256:1";
    write([&](Transaction& tx) {
        tx.put_enrolment_code(some_code(3, "web2"));
        tx.put_enrolment_code(some_code(2, "web1"));
        tx.put_enrolment_code(some_code(1, "web1"));
        tx.put_enrolment_code(used);
    });
    EXPECT_EQ(hashes(), (std::vector<std::string>{"hash-1", "hash-2", "hash-3"}));
    read([&](View& view) { EXPECT_EQ(view.enrolment_codes()[0], used); });
    write([&](Transaction& tx) { tx.remove_enrolment_codes("web1", at(0)); });
    EXPECT_EQ(hashes(), (std::vector<std::string>{"hash-1", "hash-3"})) << "a used one stays";
    write([&](Transaction& tx) { tx.remove_enrolment_codes("nobody", at(902)); });
    EXPECT_EQ(hashes(), std::vector<std::string>{"hash-3"});
}

TEST_P(StoreEnrolment, ARevokedDeviceStaysSoWhateverElseIsWrittenOfIt) {
    Device device;
    device.name = "web1";
    write([&](Transaction& tx) {
        tx.put_device(device);
        tx.set_revoked("web1", at(7));
        tx.set_revoked("nobody", at(7));
    });
    device.version = "2";
    write([&](Transaction& tx) { tx.put_device(device); });
    read([&](View& view) {
        EXPECT_EQ(view.find_device("web1")->revoked_at, at(7));
        EXPECT_EQ(view.find_device("web1")->version, "2");
        EXPECT_EQ(view.devices().at(0).revoked_at, at(7));
        EXPECT_EQ(view.find_device("nobody"), std::nullopt);
    });
    write([&](Transaction& tx) { tx.set_revoked("web1", std::nullopt); });
    read([&](View& view) { EXPECT_EQ(view.find_device("web1")->revoked_at, std::nullopt); });
}

TEST_P(StoreEnrolment, RulesOfRevokedDevicesAreNotWaitedFor) {
    const auto id = add_case(some_case(1));
    write([&](Transaction& tx) {
        for (const auto* name : {"web1", "web2"}) {
            Device device;
            device.name = name;
            tx.put_device(device);
            auto change = block(name, "192.0.2.1");
            change.case_id = id;
            tx.change_rule(change, at(1));
        }
        tx.confirm_rules("web1", 1, {}, 0, at(2));
    });
    EXPECT_EQ(progress(id).wanted, 2);
    EXPECT_EQ(progress(id).done, 1);
    write([&](Transaction& tx) { tx.set_revoked("web2", at(3)); });
    EXPECT_EQ(progress(id).wanted, 1);
    EXPECT_EQ(progress(id).done, 1);
    write([&](Transaction& tx) { tx.set_revoked("web2", std::nullopt); });
    EXPECT_EQ(progress(id).wanted, 2);
}

INSTANTIATE_TEST_SUITE_P(Stores, StoreEnrolment, testing::ValuesIn(all_stores()), kind_name);

}  // namespace
}  // namespace garita::store::contract
