#include "adapters/nftables/layer.hpp"

#include <charconv>

namespace garita::nftables {

std::string set_name(const Layer& layer) {
    std::string name = layer.family == IpFamily::v4 ? "blocked4" : "blocked6";
    if (!layer.is_hosts()) name += "_net" + std::to_string(layer.prefix);
    return name;
}

std::optional<Layer> layer_of_set(std::string_view name) {
    constexpr std::string_view stem = "blocked";
    constexpr std::string_view infix = "_net";
    if (!name.starts_with(stem) || name.size() == stem.size()) return std::nullopt;
    const char digit = name[stem.size()];
    if (digit != '4' && digit != '6') return std::nullopt;
    Layer layer{digit == '4' ? IpFamily::v4 : IpFamily::v6, digit == '4' ? 32U : 128U};
    name.remove_prefix(stem.size() + 1);
    if (name.empty()) return layer;
    if (!name.starts_with(infix)) return std::nullopt;
    name.remove_prefix(infix.size());
    unsigned prefix = 0;
    const auto [end, error] = std::from_chars(name.data(), name.data() + name.size(), prefix);
    if (error != std::errc{} || end != name.data() + name.size() || prefix >= layer.prefix)
        return std::nullopt;
    if (name.size() > 1 && name.front() == '0') return std::nullopt;
    layer.prefix = prefix;
    return layer;
}

}  // namespace garita::nftables
