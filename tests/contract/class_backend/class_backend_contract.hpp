#pragma once
// What every ClassBackend keeps. A backend's test gives a device to try it on and instantiates the suite.

#include <functional>
#include <map>
#include <memory>
#include <optional>
#include <ostream>
#include <random>
#include <set>
#include <string>
#include <vector>

#include <gtest/gtest.h>

#include "enforce/class_backend.hpp"

namespace garita::contract {

/// A device with one class of rules on it.
class ClassDevice {
  public:
    ClassDevice() = default;
    ClassDevice(const ClassDevice&) = delete;
    ClassDevice& operator=(const ClassDevice&) = delete;
    virtual ~ClassDevice() = default;

    virtual enforce::ClassBackend& backend() = 0;
    /// Different keys for different numbers below 100 000.
    virtual RuleKey key(unsigned number) = 0;
    /// Different values for different numbers below `values()`.
    virtual RuleValue value(unsigned number) = 0;
    /// How many values an entry may have: 1 for a set, whose entries are there or not.
    [[nodiscard]] virtual unsigned values() const = 0;
    /// A key that the device, or the backend for it, refuses; nothing: there is none.
    virtual std::optional<RuleKey> refused_key() { return std::nullopt; }
    /// As if another program had done it. False: there is no way to do that here.
    virtual bool foreign_add(const RuleKey&, const RuleValue&) { return false; }
    virtual bool foreign_erase(const RuleKey&) { return false; }
    virtual bool foreign_drop_structure() { return false; }
    /// Whether check() can tell that somebody was there.
    [[nodiscard]] virtual bool sees_drift() const { return true; }
    /// How many entries the test of many shall try: fewer where each costs a process.
    [[nodiscard]] virtual unsigned many() const { return 12'000; }
};

struct ClassBackendKind {
    std::string name;
    std::function<std::unique_ptr<ClassDevice>()> make;
};

inline void PrintTo(const ClassBackendKind& kind, std::ostream* out) {
    *out << kind.name;
}

inline std::string class_backend_name(const ::testing::TestParamInfo<ClassBackendKind>& info) {
    return info.param.name;
}

class ClassBackendContract : public ::testing::TestWithParam<ClassBackendKind> {
  protected:
    using Entries = std::map<RuleKey, RuleValue>;
    using Changes = std::vector<enforce::ClassChange>;

    void SetUp() override {
        device_ = GetParam().make();
        if (!device_) GTEST_SKIP() << "no device: needs root and network namespaces, or a program";
        const auto ready = backend().prepare();
        ASSERT_TRUE(ready) << ready.error().text;
    }

    ClassDevice& device() { return *device_; }
    enforce::ClassBackend& backend() { return device_->backend(); }
    RuleKey key(unsigned number) { return device_->key(number); }
    RuleValue value(unsigned number) { return device_->value(number % device_->values()); }

    /// From what `model_` says to these; nothing: away.
    void bring(const std::vector<std::pair<RuleKey, std::optional<RuleValue>>>& wanted) {
        Changes changes;
        for (const auto& [key, want] : wanted) {
            const auto found = model_.find(key);
            changes.push_back(
                {key, found == model_.end() ? std::nullopt : std::optional(found->second), want});
            if (want)
                model_[key] = *want;
            else
                model_.erase(key);
        }
        carry_out(changes);
    }

    void carry_out(const Changes& changes) {
        const auto failed = backend().apply(changes);
        ASSERT_TRUE(failed) << failed.error().text;
        ASSERT_TRUE(failed->empty()) << failed->front().error.text;
    }

    /// Read back now; fails the test when it cannot be, or when a key has two values.
    Entries there() {
        Entries all;
        const auto read = backend().read_back([&](const RuleKey& key, const RuleValue& value) {
            const auto [at, is_new] = all.emplace(key, value);
            EXPECT_TRUE(is_new || at->second == value) << "one key with two values";
        });
        EXPECT_TRUE(read) << (read ? "" : read.error().text);
        return all;
    }

    void expect_there(const Entries& should) {
        const auto is = there();
        ASSERT_EQ(is.size(), should.size());
        EXPECT_TRUE(is == should);
    }

    void expect_drift(enforce::Drift drift, std::size_t count) {
        const auto is = backend().check(count);
        ASSERT_TRUE(is) << is.error().text;
        EXPECT_EQ(*is, drift);
    }

    std::vector<enforce::ChangeFailure> rebuild(const Entries& all) {
        auto failed = backend().rebuild(
            [&](const enforce::EntrySink& sink) {
                for (const auto& [key, value] : all)
                    sink(key, value);
            },
            all.size());
        EXPECT_TRUE(failed) << (failed ? "" : failed.error().text);
        model_ = all;
        return failed ? std::move(*failed) : std::vector<enforce::ChangeFailure>{};
    }

    Entries model_;

  private:
    std::unique_ptr<ClassDevice> device_;
};

}  // namespace garita::contract
