#include "contract/class_backend/class_backend_contract_tests.hpp"
#include "contract/class_backend/compared_device.hpp"
#include "integration/ipset/ipset_device.hpp"

namespace garita::contract {
namespace {

using Keys = IpsetDevice::Keys;
using Values = IpsetDevice::Values;

ClassBackendKind kind(const std::string& name, Keys keys, Values values) {
    return {name, [keys, values] { return IpsetDevice::make(keys, values); }};
}

INSTANTIATE_TEST_SUITE_P(Ipset, ClassBackendContract,
                         ::testing::Values(kind("addresses", Keys::address, Values::presence),
                                           kind("marks_of_addresses", Keys::address, Values::marks),
                                           kind("networks", Keys::network, Values::presence),
                                           kind("marks_of_networks", Keys::network, Values::marks),
                                           kind("addresses_with_macs", Keys::address_and_mac,
                                                Values::presence),
                                           kind("macs", Keys::mac, Values::presence)),
                         class_backend_name);

INSTANTIATE_TEST_SUITE_P(ComparedIpset, ClassBackendContract,
                         ::testing::Values(ClassBackendKind{"addresses",
                                                            [] {
                                                                return ComparedDevice::make(IpsetDevice::make(
                                                                    Keys::address, Values::presence));
                                                            }},
                                           ClassBackendKind{"marks_of_networks",
                                                            [] {
                                                                return ComparedDevice::make(IpsetDevice::make(
                                                                    Keys::network, Values::marks));
                                                            }}),
                         class_backend_name);

}  // namespace
}  // namespace garita::contract
