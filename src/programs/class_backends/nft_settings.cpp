// What of the configured classes the kernel's sets and maps can hold, and what packets meet of them.

#include <algorithm>
#include <cctype>
#include <charconv>

#include "programs/class_backends/class_backends.hpp"
#include "programs/class_backends/class_options.hpp"

namespace garita::programs {
namespace {

using nft_classes::Effect;
using nft_classes::NftClass;
using runtime::DeviceClassConfig;

Result<std::uint32_t> capacity(const DeviceClassConfig& config, std::string_view name,
                               std::uint32_t otherwise) {
    const auto text = option(config, name);
    if (text.empty()) return otherwise;
    std::uint32_t number = 0;
    const auto [end, error] = std::from_chars(text.data(), text.data() + text.size(), number);
    if (error != std::errc{} || end != text.data() + text.size() || number < 256 || number > 64'000'000)
        return refuse(config, "option " + std::string(name) + ": a number from 256 to 64000000 is wanted");
    return number;
}

bool fits_nftables(const std::string& name) {
    return !name.empty() && name.size() <= 24 && std::isalpha(static_cast<unsigned char>(name[0])) != 0 &&
           std::all_of(name.begin(), name.end(),
                       [](unsigned char c) { return std::isalnum(c) != 0 || c == '_' || c == '-'; });
}

bool is_ip(ParamType key) {
    return key == ParamType::address || key == ParamType::network;
}

/// The one parameter that an element is found by.
Result<ParamType> key_of(const DeviceClassConfig& config) {
    const auto params = config.rules.params();
    if (params.size() != 1)
        return refuse(config, "nftables holds rules with one parameter, and these have " +
                                  std::to_string(params.size()) + "; backend command takes any number");
    const ParamType type = params[0].type;
    if (is_ip(type) || nft_classes::fixed_size(type) != 0) return type;
    return refuse(config, "packets have no " + std::string(to_text(type)) +
                              " that nftables could look up; it holds rules by address, network, port, mac, "
                              "mark or interface");
}

/// A map without rules of its own.
Result<void> fill_map(const DeviceClassConfig& config, NftClass& made) {
    const auto type = config.rules.value().type;
    if (made.key == ParamType::network)
        return refuse(config,
                      "networks lie in a map for each length, which rules of others cannot look "
                      "through; without a kind they set marks");
    if (nft_classes::fixed_size(type) == 0)
        return refuse(config, "a map of nftables leads to a port, mac, mark or interface, not to " +
                                  std::string(to_text(type)));
    made.data = type;
    return {};
}

/// Entries that are there or not.
Result<void> fill_set(const DeviceClassConfig& config, NftClass& made) {
    const auto word = config.rules.only_value();
    if (!word)
        return refuse(config,
                      "nftables holds ports, MAC addresses, marks, interfaces, and words of which "
                      "all but one mean that there is no entry");
    made.present = *word;
    const auto text = config.rules.value_text(*word);
    if (config.kind == "pass" || (config.kind.empty() && text == "open")) made.effect = Effect::open;
    if (config.kind == "drop" || (config.kind.empty() && text == "closed")) made.effect = Effect::closed;
    if (made.effect == Effect::none && made.key == ParamType::network)
        return refuse(config,
                      "networks lie in a set for each length, which rules of others cannot look "
                      "through: kind pass or drop is wanted");
    if (made.effect != Effect::none && !is_ip(made.key)) {
        if (!config.kind.empty())
            return refuse(config,
                          "only addresses and networks are let pass or dropped; of others the set "
                          "alone is kept, for rules of your own: kind set");
        made.effect = Effect::none;
    }
    return {};
}

Result<void> fill_effect(const DeviceClassConfig& config, NftClass& made) {
    const auto type = config.rules.value().type;
    const auto& kind = config.kind;
    if (!kind.empty() && kind != "pass" && kind != "drop" && kind != "set" && kind != "map")
        return refuse(config, "nftables knows the kinds pass, drop, set and map, and no " + kind);
    if (type == ParamType::word) {
        if (kind == "map") return refuse(config, "a map of nftables leads to no word: kind set");
        return fill_set(config, made);
    }
    if (!kind.empty() && kind != "map")
        return refuse(config,
                      "entries with a " + std::string(to_text(type)) + " are a map, not kind " + kind);
    if (kind == "map" || !is_ip(made.key)) return fill_map(config, made);
    if (type == ParamType::mark) {
        made.effect = Effect::mark;
        return {};
    }
    if (type == ParamType::mac && made.key == ParamType::address) {
        made.effect = Effect::bind;
        return {};
    }
    if (type == ParamType::mac)
        return refuse(config, "single addresses are bound to a MAC address, not networks");
    return fill_map(config, made);
}

}  // namespace

Result<NftClass> nft_class(const DeviceClassConfig& config) {
    if (auto known = only_known(config, {"interface", "capacity", "most"}); !known)
        return tl::unexpected(known.error());
    NftClass made;
    made.name = config.table.empty() ? config.name() : config.table;
    if (!fits_nftables(made.name))
        return refuse(config, "nftables needs a `table` of 1 to 24 letters, digits, '_' and '-'");
    const auto key = key_of(config);
    if (!key) return tl::unexpected(key.error());
    made.key = *key;
    if (auto filled = fill_effect(config, made); !filled) return tl::unexpected(filled.error());
    made.interface = option(config, "interface");
    if (!made.interface.empty() && !is_interface_name(made.interface))
        return refuse(config, "option interface: no interface is called so");
    if (!made.interface.empty() && made.effect == Effect::none)
        return refuse(config, "option interface: a set or map that rules of your own look up has none");
    const auto first = capacity(config, "capacity", made.capacity);
    const auto most = capacity(config, "most", made.most);
    if (!first) return tl::unexpected(first.error());
    if (!most) return tl::unexpected(most.error());
    made.capacity = *first;
    made.most = std::max(*most, *first);
    return made;
}

}  // namespace garita::programs
