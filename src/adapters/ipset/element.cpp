#include "adapters/ipset/element.hpp"

#include <array>
#include <cstring>
#include <endian.h>

#include <libmnl/libmnl.h>
#include <linux/netfilter/ipset/ip_set.h>

namespace garita::ipset {
namespace {

constexpr std::size_t mac_size = 6;
constexpr std::size_t mark_size = 4;

std::span<const std::uint8_t> as_bytes(std::span<const std::byte> bytes) {
    return {reinterpret_cast<const std::uint8_t*>(bytes.data()), bytes.size()};
}

std::size_t address_size(std::uint8_t family) {
    return family == 4 ? 4 : 16;
}

std::optional<Shape::Kind> kind_of(std::span<const ParamSpec> params) {
    if (params.size() == 1 && params[0].type == ParamType::address) return Shape::Kind::ip;
    if (params.size() == 1 && params[0].type == ParamType::network) return Shape::Kind::net;
    if (params.size() == 1 && params[0].type == ParamType::mac) return Shape::Kind::mac;
    if (params.size() == 2 && params[0].type == ParamType::address && params[1].type == ParamType::mac)
        return Shape::Kind::ip_mac;
    return std::nullopt;
}

bool append_address(const runtime::NetlinkAttribute& nest, RuleKey& key) {
    runtime::NetlinkAttributes inside(nest);
    while (const auto address = inside.next()) {
        const std::uint8_t family = address->type == IPSET_ATTR_IPADDR_IPV4 ? 4 : 6;
        const auto bytes = as_bytes(address->payload);
        if (address->type != IPSET_ATTR_IPADDR_IPV4 && address->type != IPSET_ATTR_IPADDR_IPV6) continue;
        return bytes.size() == address_size(family) && key.append(std::span(&family, 1)) && key.append(bytes);
    }
    return false;
}

}  // namespace

Result<Shape> Shape::of(const RuleClass& rules) {
    const auto wrong = [&](const std::string& what) {
        return fail(ErrorCode::invalid, "ipset for " + rules.name() + ": " + what);
    };
    const auto kind = kind_of(rules.params());
    if (!kind)
        return wrong(
            "its parameters have to be an address, a network, a MAC address, or an address and a MAC "
            "address");
    if (rules.value().type == ParamType::mark) return Shape{*kind, Value::mark, {}};
    auto present = rules.only_value();
    if (rules.value().type != ParamType::word || !present)
        return wrong("its value has to be a mark, or words of which all but one mean that there is no entry");
    return Shape{*kind, Value::presence, present};
}

const char* Shape::type_name() const {
    switch (kind) {
        case Kind::ip:
            return "hash:ip";
        case Kind::net:
            return "hash:net";
        case Kind::ip_mac:
            return "hash:ip,mac";
        case Kind::mac:
            break;
    }
    return "hash:mac";
}

bool Shape::holds(const RuleKey& key) const {
    const auto bytes = key.bytes();
    if (kind == Kind::mac) return bytes.size() == mac_size;
    if (bytes.empty() || (bytes[0] != 4 && bytes[0] != 6)) return false;
    const auto size = 1 + address_size(bytes[0]);
    if (kind == Kind::net) return bytes.size() == size + 1 && bytes[size] <= 8 * address_size(bytes[0]);
    return bytes.size() == size + (kind == Kind::ip_mac ? mac_size : 0);
}

unsigned family_of(const Shape& shape, const RuleKey& key) {
    return shape.by_family() ? key.bytes()[0] : 0;
}

void put_element(nlmsghdr& message, const Shape& shape, const RuleKey& key, const RuleValue* value) {
    auto bytes = key.bytes();
    if (shape.by_family()) {
        const auto size = address_size(bytes[0]);
        nlattr* ip = mnl_attr_nest_start(&message, IPSET_ATTR_IP);
        mnl_attr_put(
            &message,
            static_cast<std::uint16_t>((bytes[0] == 4 ? IPSET_ATTR_IPADDR_IPV4 : IPSET_ATTR_IPADDR_IPV6) |
                                       NLA_F_NET_BYTEORDER),
            size, &bytes[1]);
        mnl_attr_nest_end(&message, ip);
        bytes = bytes.subspan(1 + size);
    }
    if (shape.kind == Shape::Kind::net)
        mnl_attr_put_u8(&message, IPSET_ATTR_CIDR, bytes[0]);
    else if (!bytes.empty())
        mnl_attr_put(&message, IPSET_ATTR_ETHER, bytes.size(), bytes.data());
    if (shape.value == Shape::Value::mark && value != nullptr && value->size() == mark_size) {
        std::uint32_t mark = 0;
        std::memcpy(&mark, value->bytes().data(), sizeof mark);
        const std::uint64_t with_mask = htobe64(std::uint64_t{be32toh(mark)} << 32U | 0xffffffffU);
        mnl_attr_put_u64(&message, IPSET_ATTR_SKBMARK | NLA_F_NET_BYTEORDER, with_mask);
    }
}

std::optional<std::pair<RuleKey, RuleValue>> parse_element(const runtime::NetlinkAttribute& data,
                                                           const Shape& shape) {
    const runtime::NetlinkAttributes attributes(data);
    RuleKey key;
    if (shape.by_family()) {
        const auto ip = attributes.find(IPSET_ATTR_IP);
        if (!ip || !append_address(*ip, key)) return std::nullopt;
    }
    if (shape.kind == Shape::Kind::net) {
        // left out where it is the whole address
        const auto cidr = attributes.find(IPSET_ATTR_CIDR);
        const auto prefix =
            cidr ? cidr->value<std::uint8_t>() : static_cast<std::uint8_t>(8 * (key.bytes().size() - 1));
        if (!prefix || !key.append(std::span(&*prefix, 1))) return std::nullopt;
    }
    if (shape.kind == Shape::Kind::mac || shape.kind == Shape::Kind::ip_mac) {
        const auto mac = attributes.find(IPSET_ATTR_ETHER);
        if (!mac || !key.append(as_bytes(mac->payload))) return std::nullopt;
    }
    if (!shape.holds(key)) return std::nullopt;
    if (shape.value == Shape::Value::presence) return std::pair(key, *shape.present);
    const auto mark = attributes.find(IPSET_ATTR_SKBMARK);
    const auto number = mark ? mark->value<std::uint64_t>() : std::optional<std::uint64_t>(0);
    if (!number) return std::nullopt;
    const std::uint32_t bare = htobe32(static_cast<std::uint32_t>(be64toh(*number) >> 32U));
    std::array<std::uint8_t, mark_size> packed{};
    std::memcpy(packed.data(), &bare, packed.size());
    RuleValue value;
    (void)value.append(packed);
    return std::pair(key, value);
}

}  // namespace garita::ipset
