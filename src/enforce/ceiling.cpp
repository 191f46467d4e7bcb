#include "enforce/ceiling.hpp"

namespace garita::enforce {

std::string refused_by_ceiling(std::string_view why) {
    return "refused by this host's own ceiling: " + std::string(why);
}

std::optional<std::string> Ceiling::refuses(Response response) const {
    if (responses.contains(response)) return std::nullopt;
    return refused_by_ceiling(std::string(to_text(response)) +
                              " is not among `allow.responses` of this agent");
}

std::optional<std::string> Ceiling::refuses(const IpNetwork& network) const {
    if (auto why = refuses(Response::block)) return why;
    const unsigned widest = network.address().is_v4() ? widest_v4 : widest_v6;
    if (network.prefix() >= widest) return std::nullopt;
    return refused_by_ceiling(network.text() + " is wider than /" + std::to_string(widest) +
                              ", the widest that this agent blocks");
}

std::optional<std::string> refuse_block(const IpNetwork& network, const Ceiling& ceiling,
                                        const ProtectedSet& protected_networks) {
    if (auto why = ceiling.refuses(network)) return why;
    if (const auto hit = protected_networks.hit_by(network))
        return network.text() + " would hit " + hit->network.text() + ", which is protected (" + hit->why +
               ")";
    return std::nullopt;
}

}  // namespace garita::enforce
