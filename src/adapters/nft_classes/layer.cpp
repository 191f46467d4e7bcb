#include "adapters/nft_classes/layer.hpp"

namespace garita::nft_classes {

std::vector<Layer> possible_layers(const NftClass& of) {
    if (of.key == ParamType::address) return {Layer::hosts(IpFamily::v4), Layer::hosts(IpFamily::v6)};
    if (of.key != ParamType::network) return {Layer::of_type(of.key)};
    std::vector<Layer> layers;
    for (unsigned prefix = 0; prefix <= 32; ++prefix)
        layers.push_back(Layer::of(IpFamily::v4, prefix));
    for (unsigned prefix = 0; prefix <= 128; ++prefix)
        layers.push_back(Layer::of(IpFamily::v6, prefix));
    return layers;
}

std::string layer_name(const NftClass& of, const Layer& layer) {
    if (!layer.is_ip()) return of.name + ".k";
    std::string name = of.name + (layer.family() == IpFamily::v4 ? ".4" : ".6");
    if (of.key == ParamType::network) name += 'n' + std::to_string(layer.prefix);
    return name;
}

}  // namespace garita::nft_classes
