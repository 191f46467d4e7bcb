#include "detect/forwarded_for.hpp"

#include <algorithm>

#include "detect/text_scan.hpp"

namespace garita::detect {

bool TrustedProxies::contains(const IpAddress& address) const {
    return std::any_of(networks_.begin(), networks_.end(),
                       [&](const IpNetwork& network) { return network.contains(address); });
}

std::optional<IpAddress> TrustedProxies::client(const IpAddress& peer, std::string_view forwarded_for) const {
    if (networks_.empty() || !contains(peer)) return peer;
    while (!forwarded_for.empty()) {
        const auto comma = forwarded_for.rfind(',');
        auto element = comma == std::string_view::npos ? forwarded_for : forwarded_for.substr(comma + 1);
        forwarded_for.remove_suffix(comma == std::string_view::npos ? forwarded_for.size()
                                                                    : forwarded_for.size() - comma);
        while (!element.empty() && (element.front() == ' ' || element.front() == '\t'))
            element.remove_prefix(1);
        while (!element.empty() && (element.back() == ' ' || element.back() == '\t'))
            element.remove_suffix(1);
        const auto address = scan_forwarded_address(element);
        if (!address) return std::nullopt;
        if (!contains(*address)) return address;
    }
    return std::nullopt;
}

std::optional<IpAddress> scan_forwarded_address(std::string_view text) {
    const auto port_or_nothing = [](std::string_view tail) {
        return tail.empty() || (tail.front() == ':' && decimal(tail.substr(1)).value_or(65536) < 65536);
    };
    if (!text.empty() && text.front() == '[') {
        const auto close = text.find(']');
        if (close == std::string_view::npos || !port_or_nothing(text.substr(close + 1))) return std::nullopt;
        return IpAddress::parse(text.substr(1, close - 1));
    }
    const auto colon = text.find(':');
    if (colon != std::string_view::npos && text.find('.') < colon) {
        if (!port_or_nothing(text.substr(colon))) return std::nullopt;
        text = text.substr(0, colon);
    }
    return scan_address(text);
}

}  // namespace garita::detect
