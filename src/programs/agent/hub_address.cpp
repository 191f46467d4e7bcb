#include "programs/agent/hub_address.hpp"

#include <chrono>
#include <cstring>
#include <memory>
#include <netdb.h>

#include <netinet/in.h>

namespace garita::programs {
namespace {

constexpr std::int64_t ask_again_after = 60;

/// "https://[::1]:8443/x" → "::1"
std::string host_of(const std::string& url) {
    const auto scheme = url.find("://");
    const auto rest = scheme == std::string::npos ? url : url.substr(scheme + 3);
    if (rest.starts_with('[')) return rest.substr(1, rest.find(']') - 1);
    return rest.substr(0, rest.find_first_of(":/"));
}

std::optional<IpAddress> address_of(const sockaddr* address) {
    if (address->sa_family == AF_INET) {
        std::array<std::uint8_t, 4> bytes{};
        std::memcpy(bytes.data(), &reinterpret_cast<const sockaddr_in*>(address)->sin_addr, bytes.size());
        return IpAddress::from_v4(bytes);
    }
    if (address->sa_family == AF_INET6) {
        std::array<std::uint8_t, 16> bytes{};
        std::memcpy(bytes.data(), &reinterpret_cast<const sockaddr_in6*>(address)->sin6_addr, bytes.size());
        return IpAddress::from_v6(bytes);
    }
    return std::nullopt;
}

std::vector<IpAddress> resolve(const std::string& host) {
    if (const auto literal = IpAddress::parse(host)) return {*literal};
    addrinfo hints{};
    hints.ai_socktype = SOCK_STREAM;
    addrinfo* found = nullptr;
    if (getaddrinfo(host.c_str(), nullptr, &hints, &found) != 0) return {};
    const std::unique_ptr<addrinfo, decltype(&freeaddrinfo)> owner(found, freeaddrinfo);
    std::vector<IpAddress> addresses;
    for (const auto* one = found; one != nullptr; one = one->ai_next)
        if (const auto address = address_of(one->ai_addr)) addresses.push_back(*address);
    return addresses;
}

std::int64_t steady_seconds() {
    return std::chrono::duration_cast<std::chrono::seconds>(
               std::chrono::steady_clock::now().time_since_epoch())
        .count();
}

}  // namespace

HubNames::HubNames(const std::string& url) : host_(host_of(url)) {}

std::vector<IpAddress> HubNames::addresses() {
    const std::lock_guard lock(mutex_);
    if (known_.empty() && (asked_at_ == 0 || steady_seconds() - asked_at_ >= ask_again_after)) {
        asked_at_ = steady_seconds();
        known_ = resolve(host_);
    }
    return known_;
}

}  // namespace garita::programs
