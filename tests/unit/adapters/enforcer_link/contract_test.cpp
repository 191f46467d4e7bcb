// What holds for every backend holds through the link, too.

#include "contract/rule_backend/rule_backend_contract_tests.hpp"
#include "fakes/memory_rule_backend.hpp"
#include "unit/adapters/enforcer_link/link_world.hpp"

namespace garita::contract {
namespace {

class LinkedDevice final : public RuleBackendDevice {
  public:
    enforce::RuleBackend& backend() override { return client_; }
    Time now() override { return now_; }
    void pass(Duration span) override { now_ += span; }
    void foreign_erase(const IpNetwork& network) override { memory_.tamper_erase(network); }
    void foreign_drop_structure() override { memory_.tamper_drop_structure(); }

  private:
    fakes::MemoryRuleBackend memory_;
    enforcer_link::Linked link_{enforcer_link::Offer{&memory_, nullptr, nullptr}};
    enforcer_link::RuleClient client_{link_.caller};
    Time now_ = from_micros(1'790'000'000'000'000);
};

INSTANTIATE_TEST_SUITE_P(Linked, RuleBackendContract,
                         ::testing::Values(RuleBackendKind{"linked",
                                                           [] { return std::make_unique<LinkedDevice>(); }}));

}  // namespace
}  // namespace garita::contract
