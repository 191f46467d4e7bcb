#include "fakes/memory_class_backend.hpp"

#include "contract/class_backend/class_backend_contract_tests.hpp"
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

INSTANTIATE_TEST_SUITE_P(
    Memory, ClassBackendContract,
    ::testing::Values(ClassBackendKind{"map", [] { return std::make_unique<MemoryClassDevice>(5); }},
                      ClassBackendKind{"set", [] { return std::make_unique<MemoryClassDevice>(1); }}),
    class_backend_name);

}  // namespace
}  // namespace garita::contract
