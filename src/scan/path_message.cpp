#include "scan/path_message.hpp"

namespace garita::scan {
namespace {

enum class Told { nothing, port, prohibited, net, host, expired };

// Numbers: RFC 792, RFC 1122 3.2.2.1, RFC 1812 5.2.7.1.
Told told_v4(const PathMessage& message) {
    constexpr std::uint8_t unreachable = 3;
    constexpr std::uint8_t time_exceeded = 11;
    if (message.type == time_exceeded) return Told::expired;
    if (message.type != unreachable) return Told::nothing;
    switch (message.code) {
        case 0:   // net unreachable
        case 5:   // source route failed
        case 6:   // net unknown
        case 11:  // net unreachable for this type of service
            return Told::net;
        case 1:   // host unreachable
        case 7:   // host unknown
        case 8:   // source host isolated
        case 12:  // host unreachable for this type of service
            return Told::host;
        case 3:
            return Told::port;
        case 2:   // protocol
        case 9:   // net prohibited
        case 10:  // host prohibited
        case 13:  // communication prohibited
            return Told::prohibited;
        default:
            return Told::nothing;  // 4: too large, which a probe never is
    }
}

// Numbers: RFC 4443 3.1.
Told told_v6(const PathMessage& message) {
    constexpr std::uint8_t unreachable = 1;
    constexpr std::uint8_t time_exceeded = 3;
    if (message.type == time_exceeded) return Told::expired;
    if (message.type != unreachable) return Told::nothing;
    switch (message.code) {
        case 0:  // no route
        case 2:  // beyond the scope of the source
            return Told::net;
        case 3:
            return Told::host;
        case 4:
            return Told::port;
        case 1:  // prohibited
        case 5:  // refused by a policy
        case 6:  // reject route
            return Told::prohibited;
        default:
            return Told::nothing;
    }
}

PathMeaning unclear(const PathMessage& message, const char* what) {
    return {PathMeaning::Kind::unclear, message.sender.text() + " says: " + what};
}

}  // namespace

PathMeaning meaning_of(const PathMessage& message, const IpAddress& target, Transport transport) {
    const auto told = message.family == IpFamily::v4 ? told_v4(message) : told_v6(message);
    const PathMeaning forbidden{PathMeaning::Kind::forbidden, {}};
    const bool reached = message.sender == target;
    switch (told) {
        case Told::nothing:
            return {};
        case Told::port:
            if (transport == Transport::udp && reached) return {PathMeaning::Kind::closed, {}};
            return forbidden;
        case Told::prohibited:
            return forbidden;
        case Told::net:
            return reached ? forbidden : unclear(message, "network unreachable");
        case Told::host:
            return reached ? forbidden : unclear(message, "host unreachable");
        case Told::expired:
            return unclear(message, "too many hops to the host");
    }
    return {};
}

}  // namespace garita::scan
