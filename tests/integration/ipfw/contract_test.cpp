#include "contract/class_backend/class_backend_contract_tests.hpp"
#include "integration/ipfw/ipfw_device.hpp"

namespace garita::contract {
namespace {

using Where = IpfwDevice::Where;

ClassBackendKind kind(const std::string& name, const IpfwDevice::Kind& of) {
    return {name, [of] { return IpfwDevice::make(of); }};
}

INSTANTIATE_TEST_SUITE_P(Ipfw, ClassBackendContract,
                         ::testing::Values(kind("access", {"inet_access", "new"}),
                                           kind("access_on_an_old_kernel", {"inet_access", "old"}),
                                           kind("marks", {"ip_mark", "new"}),
                                           kind("pipes", {"shaping_in", "new"}),
                                           kind("access_by_ssh", {"inet_access", "new", Where::by_ssh})),
                         class_backend_name);

}  // namespace
}  // namespace garita::contract
