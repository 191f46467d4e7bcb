#include "contract/class_backend/class_backend_contract_tests.hpp"
#include "integration/iptables/iptables_device.hpp"

namespace garita::contract {
namespace {

ParamSpec param(std::string name, ParamType type, std::vector<std::string> words = {}) {
    ParamSpec spec;
    spec.name = std::move(name);
    spec.type = type;
    spec.words = std::move(words);
    return spec;
}

RuleClass networks() {
    return {"vip",
            {param("net", ParamType::network)},
            param("value", ParamType::word, {"open", "closed"}),
            "closed"};
}

ClassBackendKind kind(const std::string& name, const std::string& program, const RuleClass& rules) {
    return {name, [program, rules] { return IptablesDevice::make(program, rules); }};
}

INSTANTIATE_TEST_SUITE_P(
    Iptables, ClassBackendContract,
    ::testing::Values(kind("networks_nft", "iptables-nft", networks()),
                      kind("networks_legacy", "iptables-legacy", networks()),
                      kind("marks_nft", "iptables-nft", ready_class("ip_mark").value()),
                      kind("marks_legacy", "iptables-legacy", ready_class("ip_mark").value()),
                      kind("bindings_nft", "iptables-nft", ready_class("mac_ip").value()),
                      kind("bindings_legacy", "iptables-legacy", ready_class("mac_ip").value())),
    class_backend_name);

}  // namespace
}  // namespace garita::contract
