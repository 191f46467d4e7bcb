#include "contract/class_backend/class_backend_contract_tests.hpp"
#include "integration/limiter/limiter_device.hpp"

namespace garita::contract {
namespace {

ClassBackendKind kind(const std::string& rules) {
    return {rules, [rules] { return LimiterDevice::make(rules); }};
}

INSTANTIATE_TEST_SUITE_P(Limiter, ClassBackendContract,
                         ::testing::Values(kind("shaping_in"), kind("shaping_out")), class_backend_name);

}  // namespace
}  // namespace garita::contract
