#pragma once
// Walking netlink messages and attributes with every length checked against the bytes that are there.

#include <cstddef>
#include <cstdint>
#include <cstring>
#include <optional>
#include <span>
#include <string_view>

#include <linux/netlink.h>

namespace garita::runtime {

/// One attribute; the payload lives as long as the message.
struct NetlinkAttribute {
    std::uint16_t type = 0;
    std::span<const std::byte> payload;

    [[nodiscard]] std::string_view text() const {
        const std::string_view all(reinterpret_cast<const char*>(payload.data()), payload.size());
        return all.substr(0, all.find('\0'));
    }
    /// Nothing when the payload has another size. In the byte order in which it came.
    template <typename Value>
    [[nodiscard]] std::optional<Value> value() const {
        if (payload.size() != sizeof(Value)) return std::nullopt;
        Value value{};
        std::memcpy(&value, payload.data(), sizeof value);
        return value;
    }
};

/// The attributes in these bytes, one after the other; ends at the first that does not fit.
class NetlinkAttributes {
  public:
    explicit NetlinkAttributes(std::span<const std::byte> bytes) : rest_(bytes) {}
    explicit NetlinkAttributes(const NetlinkAttribute& nest) : rest_(nest.payload) {}
    /// Those of a message, behind its own header and one of `header_size` bytes.
    NetlinkAttributes(const nlmsghdr& message, std::size_t header_size) {
        const std::size_t skip = NLMSG_HDRLEN + NLMSG_ALIGN(header_size);
        if (message.nlmsg_len > skip)
            rest_ = {reinterpret_cast<const std::byte*>(&message) + skip, message.nlmsg_len - skip};
    }

    /// The next one, or nothing at the end.
    [[nodiscard]] std::optional<NetlinkAttribute> next() {
        nlattr header{};
        if (rest_.size() < sizeof header) return std::nullopt;
        std::memcpy(&header, rest_.data(), sizeof header);
        if (header.nla_len < sizeof header || header.nla_len > rest_.size()) return std::nullopt;
        NetlinkAttribute attribute{static_cast<std::uint16_t>(header.nla_type & NLA_TYPE_MASK),
                                   rest_.subspan(sizeof header, header.nla_len - sizeof header)};
        const std::size_t step = NLA_ALIGN(std::size_t{header.nla_len});
        rest_ = step < rest_.size() ? rest_.subspan(step) : std::span<const std::byte>{};
        return attribute;
    }

    /// The first one of this type; leaves the walk where it stands.
    [[nodiscard]] std::optional<NetlinkAttribute> find(std::uint16_t type) const {
        NetlinkAttributes walk = *this;
        while (auto attribute = walk.next())
            if (attribute->type == type) return attribute;
        return std::nullopt;
    }

  private:
    std::span<const std::byte> rest_;
};

/// The messages of one datagram, one after the other; ends at the first that does not fit. libmnl's own walk
/// compares lengths as signed numbers and takes one of two gibibytes for fitting.
class NetlinkMessages {
  public:
    /// The bytes must be aligned for a header, as a buffer is that was allocated.
    explicit NetlinkMessages(std::span<const std::byte> datagram) : rest_(datagram) {}

    /// The next one, or null at the end.
    [[nodiscard]] const nlmsghdr* next() {
        nlmsghdr header{};
        if (rest_.size() < sizeof header) return nullptr;
        std::memcpy(&header, rest_.data(), sizeof header);
        if (header.nlmsg_len < sizeof header || header.nlmsg_len > rest_.size()) return nullptr;
        const auto* message = reinterpret_cast<const nlmsghdr*>(rest_.data());
        const std::size_t step = NLMSG_ALIGN(std::size_t{header.nlmsg_len});
        rest_ = step < rest_.size() ? rest_.subspan(step) : std::span<const std::byte>{};
        return message;
    }

  private:
    std::span<const std::byte> rest_;
};

}  // namespace garita::runtime
