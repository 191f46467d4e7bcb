#include "contract/class_backend/class_backend_contract_tests.hpp"
#include "contract/class_backend/compared_device.hpp"
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

INSTANTIATE_TEST_SUITE_P(
    ComparedIpfw, ClassBackendContract,
    ::testing::Values(
        ClassBackendKind{"access",
                         [] {
                             return ComparedDevice::make(IpfwDevice::make({"inet_access", "new"}));
                         }},
        ClassBackendKind{"pipes",
                         [] {
                             return ComparedDevice::make(IpfwDevice::make({"shaping_in", "new"}));
                         }}),
    class_backend_name);

}  // namespace
}  // namespace garita::contract
