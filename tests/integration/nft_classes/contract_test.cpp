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

}  // namespace
}  // namespace garita::contract
