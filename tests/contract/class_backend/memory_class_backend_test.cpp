#include "fakes/memory_class_backend.hpp"

#include "contract/class_backend/class_backend_contract_tests.hpp"
#include "enforce/traced_backend.hpp"
#include "support/packed.hpp"

namespace garita::contract {
namespace {

class MemoryClassDevice final : public ClassDevice {
  public:
    explicit MemoryClassDevice(unsigned values) : values_(values) { backend_.refused.insert(key(66'666)); }
    enforce::ClassBackend& backend() override { return backend_; }
    RuleKey key(unsigned number) override { return testing_support::numbered_key(number); }
    RuleValue value(unsigned number) override { return testing_support::mark_of(number); }
    [[nodiscard]] unsigned values() const override { return values_; }
    std::optional<RuleKey> refused_key() override { return key(66'666); }
    bool foreign_add(const RuleKey& key, const RuleValue& value) override {
        backend_.tamper(key, value);
        return true;
    }
    bool foreign_erase(const RuleKey& key) override {
        backend_.tamper(key, std::nullopt);
        return true;
    }
    bool foreign_drop_structure() override {
        backend_.tamper_drop_structure();
        return true;
    }

  private:
    fakes::MemoryClassBackend backend_;
    unsigned values_;
};

/// The same, listened to: nothing is lost on the way, and every call is told once.
class ListenedDevice final : public ClassDevice {
  public:
    enforce::ClassBackend& backend() override { return traced_; }
    RuleKey key(unsigned number) override { return testing_support::numbered_key(number); }
    RuleValue value(unsigned number) override { return testing_support::mark_of(number); }
    [[nodiscard]] unsigned values() const override { return 5; }
    std::optional<RuleKey> refused_key() override { return key(66'666); }
    bool foreign_add(const RuleKey& key, const RuleValue& value) override {
        memory_->tamper(key, value);
        return true;
    }
    bool foreign_erase(const RuleKey& key) override {
        memory_->tamper(key, std::nullopt);
        return true;
    }
    bool foreign_drop_structure() override {
        memory_->tamper_drop_structure();
        return true;
    }

  private:
    std::unique_ptr<fakes::MemoryClassBackend> made() {
        auto backend = std::make_unique<fakes::MemoryClassBackend>();
        backend->refused.insert(key(66'666));
        memory_ = backend.get();
        return backend;
    }
    static void hear(const enforce::BackendCall& call) {
        EXPECT_EQ(call.took, Duration(0));
        EXPECT_TRUE(call.error == nullptr || call.failures.empty());
        for (const auto& failure : call.failures)
            if (call.what == enforce::BackendCall::What::apply) {
                EXPECT_LT(failure.change, call.changes.size());
            }
    }

    fakes::MemoryClassBackend* memory_ = nullptr;
    enforce::TracedBackend traced_{made(), hear, [] { return Time{}; }};
};

INSTANTIATE_TEST_SUITE_P(
    Memory, ClassBackendContract,
    ::testing::Values(ClassBackendKind{"map", [] { return std::make_unique<MemoryClassDevice>(5); }},
                      ClassBackendKind{"set", [] { return std::make_unique<MemoryClassDevice>(1); }},
                      ClassBackendKind{"listened_to", [] { return std::make_unique<ListenedDevice>(); }}),
    class_backend_name);

}  // namespace
}  // namespace garita::contract
