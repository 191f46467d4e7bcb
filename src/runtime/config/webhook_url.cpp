#include "runtime/config/webhook_url.hpp"

#include <algorithm>
#include <array>

#include "model/forbidden_target.hpp"
#include "model/ip.hpp"

namespace garita::runtime {

namespace {

constexpr std::size_t longest_url = 4000;

tl::unexpected<Error> refused(std::string text) {
    return fail(ErrorCode::invalid, std::move(text));
}

std::string lower(std::string_view text) {
    std::string out(text);
    std::transform(out.begin(), out.end(), out.begin(),
                   [](char c) { return c >= 'A' && c <= 'Z' ? static_cast<char>(c - 'A' + 'a') : c; });
    return out;
}

bool is_host_name(std::string_view host) {
    return !host.empty() && host.size() <= 253 && std::all_of(host.begin(), host.end(), [](char c) {
        return (c >= 'a' && c <= 'z') || (c >= '0' && c <= '9') || c == '-' || c == '.' || c == '_';
    });
}

/// libcurl reads "2852039166", "0xa9fe.1" and "169.254.1" as addresses too; nobody writes them in good faith.
bool is_odd_number(std::string_view host) {
    const auto last = host.substr(host.rfind('.') + 1);
    return last.starts_with("0x") || last.find_first_not_of("0123456789") == std::string_view::npos;
}

bool is_port(std::string_view port) {
    return !port.empty() && port.size() <= 5 &&
           port.find_first_not_of("0123456789") == std::string_view::npos && port != "0";
}

/// Cuts the port off; empty: there is something else behind the host.
std::string_view host_of(std::string_view place) {
    std::string_view host = place;
    std::string_view behind;
    if (place.starts_with('[')) {
        const auto end = place.find(']');
        if (end == std::string_view::npos) return {};
        host = place.substr(1, end - 1);
        behind = place.substr(end + 1);
        if (!IpAddress::parse(host)) return {};
    } else if (const auto colon = place.find(':'); colon != std::string_view::npos) {
        host = place.substr(0, colon);
        behind = place.substr(colon);
    }
    if (!behind.empty() && (!behind.starts_with(':') || !is_port(behind.substr(1)))) return {};
    return host;
}

Result<void> check_host(std::string_view host, std::string_view scheme, Plain plain) {
    constexpr std::array<std::string_view, 3> metadata = {"metadata.google.internal", "metadata",
                                                          "instance-data"};
    const auto address = IpAddress::parse(host);
    if (!address && (!is_host_name(host) || is_odd_number(host)))
        return refused("the host of this URL is neither a name nor an address");
    const auto name = host.ends_with('.') ? host.substr(0, host.size() - 1) : host;
    if ((address && is_forbidden_target(*address)) ||
        std::find(metadata.begin(), metadata.end(), name) != metadata.end())
        return refused("link-local addresses and metadata services of clouds are never called");
    const bool loopback = name == "localhost" || (address && address->is_loopback());
    if (scheme == "http" && !loopback && plain == Plain::loopback)
        return refused(
            "plain http is readable and forgeable on the way; where that is wanted, say `insecure: yes` too");
    return {};
}

}  // namespace

Result<WebhookUrl> parse_webhook_url(std::string_view text, Plain plain) {
    const bool clean = std::all_of(text.begin(), text.end(),
                                   [](char c) { return c > ' ' && c <= '~' && c != '\\' && c != '#'; });
    const auto colon = text.find("://");
    const auto scheme = lower(text.substr(0, std::min(colon, text.size())));
    if (!clean || text.size() > longest_url || (scheme != "http" && scheme != "https"))
        return refused("a URL with https:// belongs here");
    const auto rest = text.substr(colon + 3);
    const auto end = std::min(rest.find_first_of("/?"), rest.size());
    auto place = rest.substr(0, end);
    WebhookUrl url;
    if (const auto at = place.rfind('@'); at != std::string_view::npos) {
        url.user = place.substr(0, at);
        place.remove_prefix(at + 1);
    }
    url.host = lower(host_of(place));
    if (auto fine = check_host(url.host, scheme, plain); !fine) return tl::unexpected(fine.error());
    url.origin = scheme + "://" + (url.user.empty() ? "" : url.user + '@') + lower(place);
    url.target = rest.substr(end);
    if (!url.target.starts_with('/')) url.target.insert(0, 1, '/');
    return url;
}

}  // namespace garita::runtime
