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

}  // namespace garita::enforce
