#pragma once
// A class on a router between subscribers and a server.

#include <gtest/gtest.h>

#include "integration/nft_classes/nft_class_device.hpp"
#include "integration/nft_classes/router.hpp"
#include "support/rebuild_under_packets.hpp"

namespace garita::nft_classes {

using contract::access_class;
using testing_support::RoutedHosts;
using Changes = std::vector<enforce::ClassChange>;

class NftClassPackets : public ::testing::Test {
  protected:
    void SetUp() override {
        hosts_ = RoutedHosts::make();
        if (!hosts_) GTEST_SKIP() << "needs root to make network namespaces";
    }

    void enforce_class(const NftClass& rules) {
        rules_ = rules;
        hosts_->router().run([&] {
            auto table = NftTable::open();
            ASSERT_TRUE(table) << table.error().text;
            backend_ = std::make_unique<NftClassBackend>(*table, rules);
        });
        const auto ready = backend_->prepare();
        ASSERT_TRUE(ready) << ready.error().text;
    }

    void put(const std::string& address, const std::optional<RuleValue>& value) {
        put(testing_support::key_of(address), value);
    }
    void put(const RuleKey& key, const std::optional<RuleValue>& value) {
        const auto failed = backend_->apply(Changes{{key, std::nullopt, value}});
        ASSERT_TRUE(failed) << failed.error().text;
        ASSERT_TRUE(failed->empty()) << failed->front().error.text;
    }

    [[nodiscard]] testing_support::PacketPath path() const {
        const auto open = IpAddress::parse("100.64.0.1").value();
        return {hosts_->subscribers(), hosts_->server(), open, IpAddress::parse("100.64.0.2").value(),
                RoutedHosts::server_address(open)};
    }

    std::unique_ptr<RoutedHosts> hosts_;
    std::unique_ptr<NftClassBackend> backend_;
    NftClass rules_;
};

}  // namespace garita::nft_classes
