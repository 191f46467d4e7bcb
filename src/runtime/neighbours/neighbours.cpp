#include "runtime/neighbours/neighbours.hpp"

#include <array>
#include <cstddef>
#include <cstring>
#include <optional>

#include <libmnl/libmnl.h>
#include <linux/neighbour.h>
#include <linux/rtnetlink.h>

#include "runtime/netlink/attributes.hpp"
#include "runtime/netlink/netlink_socket.hpp"

namespace garita::runtime {
namespace {

using State = Neighbour::State;

std::optional<State> state_of(unsigned kernels) {
    if ((kernels & NUD_INCOMPLETE) != 0) return State::asked_for;
    if ((kernels & NUD_FAILED) != 0) return State::absent;
    if ((kernels & (NUD_REACHABLE | NUD_STALE | NUD_DELAY | NUD_PROBE | NUD_PERMANENT)) != 0)
        return State::there;
    return std::nullopt;
}

std::optional<Neighbour> neighbour_in(const nlmsghdr& message) {
    ndmsg header{};
    if (message.nlmsg_type != RTM_NEWNEIGH || message.nlmsg_len < NLMSG_LENGTH(sizeof header))
        return std::nullopt;
    std::memcpy(&header, NLMSG_DATA(&message), sizeof header);
    const auto state = state_of(header.ndm_state);
    if (!state) return std::nullopt;
    const auto address = NetlinkAttributes(message, sizeof header).find(NDA_DST);
    if (!address) return std::nullopt;
    if (const auto v4 = address->value<std::array<std::uint8_t, 4>>())
        return Neighbour{IpAddress::from_v4(*v4), *state};
    if (const auto v6 = address->value<std::array<std::uint8_t, 16>>())
        return Neighbour{IpAddress::from_v6(*v6), *state};
    return std::nullopt;
}

}  // namespace

Result<std::vector<Neighbour>> neighbours() {
    auto socket = NetlinkSocket::open(NETLINK_ROUTE, "neighbours");
    if (!socket) return tl::unexpected<Error>(socket.error());
    alignas(nlmsghdr) std::array<std::byte, 256> buffer{};
    nlmsghdr* const message = mnl_nlmsg_put_header(buffer.data());
    message->nlmsg_type = RTM_GETNEIGH;
    message->nlmsg_flags = NLM_F_REQUEST | NLM_F_DUMP;
    mnl_nlmsg_put_extra_header(message, sizeof(ndmsg));
    std::vector<Neighbour> found;
    const auto ack = socket->dump(
        *message,
        [&](const nlmsghdr& answer) {
            if (const auto neighbour = neighbour_in(answer)) found.push_back(*neighbour);
        },
        [&] { found.clear(); });
    if (!ack) return tl::unexpected<Error>(ack.error());
    if (ack->error != 0)
        return fail(ErrorCode::io,
                    std::string("neighbours: the kernel refuses: ") + std::strerror(ack->error));
    return found;
}

std::vector<IpAddress> NeighbourWatch::given_up(Time now) {
    constexpr Duration between = std::chrono::seconds{1};
    constexpr Duration patience = std::chrono::seconds{3};  // the kernel asks three times, a second apart
    std::vector<IpAddress> found;
    if (now - looked_ < between) return found;
    look(now);
    for (const auto& address : last_) {
        auto& away = away_[address];
        if (away.told || now - away.since < patience) continue;
        away.told = true;
        found.push_back(address);
    }
    return found;
}

void NeighbourWatch::look(Time now) {
    looked_ = now;
    last_.clear();
    came_.clear();
    asked_for_ = 0;
    for (const auto& neighbour : neighbours().value_or(std::vector<Neighbour>())) {
        if (neighbour.state == State::there) {
            if (away_.contains(neighbour.address)) came_.insert(neighbour.address);
            continue;
        }
        asked_for_ += neighbour.state == State::asked_for ? 1U : 0U;
        last_.insert(neighbour.address);
        away_.try_emplace(neighbour.address, Away{now});
    }
}

}  // namespace garita::runtime
