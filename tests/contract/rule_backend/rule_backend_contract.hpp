#pragma once
// What every RuleBackend keeps. A backend's test gives a device to try it on and instantiates the suite.

#include <chrono>
#include <functional>
#include <map>
#include <memory>
#include <optional>
#include <random>
#include <string>
#include <vector>

#include <gtest/gtest.h>

#include "enforce/rule_backend.hpp"

namespace garita::contract {

/// A device, its backend and its time.
class RuleBackendDevice {
  public:
    virtual ~RuleBackendDevice() = default;
    virtual enforce::RuleBackend& backend() = 0;
    virtual Time now() = 0;
    /// Lets time pass on the device.
    virtual void pass(Duration span) = 0;
    /// As if another program had removed this network, or the whole structure.
    virtual void foreign_erase(const IpNetwork& network) = 0;
    virtual void foreign_drop_structure() = 0;
};

struct RuleBackendKind {
    std::string name;
    std::function<std::unique_ptr<RuleBackendDevice>()> make;
};

inline void PrintTo(const RuleBackendKind& kind, std::ostream* out) {
    *out << kind.name;
}

class RuleBackendContract : public ::testing::TestWithParam<RuleBackendKind> {
  protected:
    using Entries = std::map<IpNetwork, std::optional<Time>>;

    void SetUp() override {
        device_ = GetParam().make();
        if (!device_) GTEST_SKIP() << "no device: needs root and network namespaces";
        ASSERT_TRUE(backend().prepare());
    }

    enforce::RuleBackend& backend() { return device_->backend(); }
    Time now() { return device_->now(); }

    static IpNetwork net(std::string_view text) { return IpNetwork::parse(text).value(); }

    void add(const std::vector<enforce::BlockEntry>& entries) { change(entries, {}); }
    void remove(const std::vector<IpNetwork>& networks) { change({}, networks); }
    void change(const std::vector<enforce::BlockEntry>& entries, const std::vector<IpNetwork>& networks) {
        const auto result = backend().apply(entries, networks, now());
        ASSERT_TRUE(result) << result.error().text;
        ASSERT_TRUE(result->failed.empty()) << result->failed.front().error.text;
    }

    /// In force now; fails the test when it cannot be read.
    Entries in_force() {
        Entries all;
        const auto read = backend().read_back(now());
        EXPECT_TRUE(read) << (read ? "" : read.error().text);
        if (!read) return all;
        for (const auto& entry : *read)
            EXPECT_TRUE(all.emplace(entry.network, entry.expires_at).second);
        EXPECT_TRUE(std::is_sorted(read->begin(), read->end(),
                                   [](const auto& a, const auto& b) { return a.network < b.network; }));
        return all;
    }

    static void expect_same(const Entries& is, const Entries& should) {
        ASSERT_EQ(is.size(), should.size());
        for (auto a = is.begin(), b = should.begin(); a != is.end(); ++a, ++b) {
            ASSERT_EQ(a->first, b->first) << a->first.text() << " " << b->first.text();
            ASSERT_EQ(a->second.has_value(), b->second.has_value()) << a->first.text();
            if (a->second) {
                ASSERT_LT(std::chrono::abs(*a->second - *b->second), std::chrono::seconds(1))
                    << a->first.text();
            }
        }
    }

    std::unique_ptr<RuleBackendDevice> device_;
};

}  // namespace garita::contract
