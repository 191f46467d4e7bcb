#include "contract/class_backend/class_backend_contract_tests.hpp"
#include "integration/tc/tc_device.hpp"

namespace garita::contract {
namespace {

ClassBackendKind kind(const std::string& rules) {
    return {rules, [rules] { return TcDevice::make(rules); }};
}

INSTANTIATE_TEST_SUITE_P(Tc, ClassBackendContract, ::testing::Values(kind("shaping_in"), kind("shaping_out")),
                         class_backend_name);

}  // namespace
}  // namespace garita::contract
