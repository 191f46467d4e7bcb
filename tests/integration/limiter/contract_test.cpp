#include "contract/class_backend/class_backend_contract_tests.hpp"
#include "integration/limiter/few_capabilities.hpp"

namespace garita::contract {
namespace {

ClassBackendKind kind(const std::string& rules) {
    return {rules, [rules] { return LimiterDevice::make(rules); }};
}

std::unique_ptr<ClassDevice> with_few_capabilities() {
    auto device = LimiterDevice::make("shaping_in");
    if (!device) return nullptr;
    return std::make_unique<FewCapabilities>(std::move(device));
}

INSTANTIATE_TEST_SUITE_P(Limiter, ClassBackendContract,
                         ::testing::Values(kind("shaping_in"), kind("shaping_out")), class_backend_name);
INSTANTIATE_TEST_SUITE_P(LimiterWithFewCapabilities, ClassBackendContract,
                         ::testing::Values(ClassBackendKind{"few_capabilities", with_few_capabilities}),
                         class_backend_name);

}  // namespace
}  // namespace garita::contract
