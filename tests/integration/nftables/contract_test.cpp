#include "contract/rule_backend/rule_backend_contract_tests.hpp"
#include "integration/nftables/nft_device.hpp"

namespace garita::contract {
namespace {

INSTANTIATE_TEST_SUITE_P(Nftables, RuleBackendContract,
                         ::testing::Values(RuleBackendKind{"nftables", [] { return NftDevice::make(); }}));

}  // namespace
}  // namespace garita::contract
