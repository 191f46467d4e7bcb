#pragma once
// What requests to nftables and answers from it have in common.

#include <cstddef>
#include <cstdint>
#include <optional>
#include <span>
#include <string>
#include <string_view>
#include <vector>

#include <arpa/inet.h>
#include <linux/netfilter/nfnetlink.h>

#include "runtime/netlink/attributes.hpp"
#include "runtime/netlink/netlink_socket.hpp"

namespace garita::runtime::nft {

/// Begins a message to nftables outside of a transaction, in a buffer of at least 512 bytes.
[[nodiscard]] nlmsghdr* put_request(std::span<std::byte> buffer, std::uint16_t type, std::uint16_t flags);

/// Appends the question whether this key, of at most some dozen bytes, is in the set.
void put_question(std::vector<std::byte>& questions, const std::string& table, const std::string& set,
                  std::span<const std::uint8_t> key, std::uint32_t sequence);

/// The number of the last transaction of anybody in this network namespace.
[[nodiscard]] Result<std::uint32_t> generation(NetlinkSocket& socket);

/// An errno of the kernel as an error. `what` as in "to list set x".
[[nodiscard]] tl::unexpected<Error> refused(std::string_view what, int error);

[[nodiscard]] inline NetlinkAttributes attributes_of(const nlmsghdr& message) {
    return {message, sizeof(nfgenmsg)};
}

[[nodiscard]] inline std::string_view text_in(const nlmsghdr& message, std::uint16_t type) {
    const auto attribute = attributes_of(message).find(type);
    return attribute ? attribute->text() : std::string_view{};
}

/// A number that the kernel sends in network order.
[[nodiscard]] inline std::optional<std::uint32_t> number_of(const NetlinkAttribute& attribute) {
    const auto value = attribute.value<std::uint32_t>();
    return value ? std::optional(ntohl(*value)) : std::nullopt;
}
[[nodiscard]] inline std::optional<std::uint32_t> number_in(const nlmsghdr& message, std::uint16_t type) {
    const auto attribute = attributes_of(message).find(type);
    return attribute ? number_of(*attribute) : std::nullopt;
}

/// The comment in a rule's user data, as the nft program writes it; perhaps empty.
[[nodiscard]] inline std::string_view comment_in(const NetlinkAttribute& user_data) {
    if (user_data.payload.size() < 3 || user_data.payload[0] != std::byte{0}) return {};
    const NetlinkAttribute text{0, user_data.payload.subspan(2)};
    return text.text();
}

}  // namespace garita::runtime::nft
