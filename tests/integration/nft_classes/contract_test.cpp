#include "contract/class_backend/class_backend_contract_tests.hpp"
#include "integration/nft_classes/nft_class_device.hpp"

namespace garita::contract {
namespace {

using nft_classes::Effect;
using nft_classes::NftClass;

NftClass marks() {
    NftClass rules;
    rules.name = "ip_mark";
    rules.effect = Effect::mark;
    return rules;
}

NftClass bindings() {
    NftClass rules;
    rules.name = "mac_ip";
    rules.effect = Effect::bind;
    return rules;
}

NftClass without_effect() {
    NftClass rules = access_class(Effect::closed);
    rules.effect = Effect::none;
    return rules;
}

/// Has to grow again and again, into many sets.
NftClass small() {
    NftClass rules = access_class();
    rules.capacity = 256;
    return rules;
}

NftClass networks(Effect effect, const std::string& interface = {}) {
    NftClass rules = effect == Effect::mark ? marks() : access_class(effect);
    rules.name = "networks";
    rules.key = ParamType::network;
    rules.interface = interface;
    return rules;
}

/// A set, or a map to values of this type, that only rules of others look at.
NftClass kept_for_others(ParamType key, std::optional<ParamType> data = {}) {
    NftClass rules = without_effect();
    rules.name = "others";
    rules.key = key;
    rules.data = data;
    return rules;
}

ClassBackendKind kind(std::string name, NftClass rules) {
    return {std::move(name), [rules] { return NftClassDevice::make(rules); }};
}

ClassBackendKind old_kernel(std::string name, NftClass rules) {
    return {std::move(name),
            [rules] { return NftClassDevice::make(rules, nft_classes::NftTable::Destroy::unknown); }};
}

INSTANTIATE_TEST_SUITE_P(
    Nftables, ClassBackendContract,
    ::testing::Values(kind("open", access_class()), kind("closed", access_class(Effect::closed)),
                      kind("mark", marks()), kind("bind", bindings()), kind("none", without_effect()),
                      kind("small", small()), old_kernel("open_before_6_3", access_class()),
                      old_kernel("mark_before_6_3", marks()), old_kernel("bind_before_6_3", bindings())),
    class_backend_name);

INSTANTIATE_TEST_SUITE_P(NftNetworks, ClassBackendContract,
                         ::testing::Values(kind("open", networks(Effect::open)),
                                           kind("open_at", networks(Effect::open, "sub")),
                                           kind("closed", networks(Effect::closed)),
                                           kind("mark", networks(Effect::mark)),
                                           old_kernel("open_before_6_3", networks(Effect::open)),
                                           old_kernel("mark_before_6_3", networks(Effect::mark))),
                         class_backend_name);

INSTANTIATE_TEST_SUITE_P(
    NftTypes, ClassBackendContract,
    ::testing::Values(kind("ports", kept_for_others(ParamType::port)),
                      kind("macs", kept_for_others(ParamType::mac)),
                      kind("marks", kept_for_others(ParamType::mark)),
                      kind("interfaces", kept_for_others(ParamType::interface)),
                      kind("address_to_port", kept_for_others(ParamType::address, ParamType::port)),
                      kind("port_to_mark", kept_for_others(ParamType::port, ParamType::mark)),
                      kind("mac_to_interface", kept_for_others(ParamType::mac, ParamType::interface)),
                      kind("mark_to_mac", kept_for_others(ParamType::mark, ParamType::mac)),
                      kind("interface_to_mark", kept_for_others(ParamType::interface, ParamType::mark))),
    class_backend_name);

}  // namespace
}  // namespace garita::contract
