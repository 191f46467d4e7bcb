#include "fakes/memory_rule_backend.hpp"

#include "contract/rule_backend/rule_backend_contract_tests.hpp"

namespace garita::contract {
namespace {

class MemoryDevice final : public RuleBackendDevice {
  public:
    enforce::RuleBackend& backend() override { return backend_; }
    Time now() override { return now_; }
    void pass(Duration span) override { now_ += span; }
    void foreign_erase(const IpNetwork& network) override { backend_.tamper_erase(network); }
    void foreign_drop_structure() override { backend_.tamper_drop_structure(); }

  private:
    fakes::MemoryRuleBackend backend_;
    Time now_ = from_micros(1'790'000'000'000'000);
};

INSTANTIATE_TEST_SUITE_P(Memory, RuleBackendContract,
                         ::testing::Values(RuleBackendKind{"memory",
                                                           [] { return std::make_unique<MemoryDevice>(); }}));

}  // namespace
}  // namespace garita::contract
