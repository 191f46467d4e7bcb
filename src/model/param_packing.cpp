#include "model/param_packing.hpp"

#include <algorithm>

namespace garita {
namespace {

using Bytes = std::span<const std::uint8_t>;

void append_number(std::vector<std::uint8_t>& bytes, std::uint64_t number, unsigned size) {
    for (unsigned i = size; i > 0; --i)
        bytes.push_back(static_cast<std::uint8_t>(number >> (8 * (i - 1))));
}

void append_address(std::vector<std::uint8_t>& bytes, const IpAddress& address) {
    bytes.push_back(static_cast<std::uint8_t>(address.family()));
    bytes.insert(bytes.end(), address.bytes().begin(),
                 address.bytes().begin() + static_cast<std::ptrdiff_t>(address.size()));
}

struct Appending {
    std::vector<std::uint8_t>& bytes;
    ParamType type;

    void operator()(const IpAddress& address) const { append_address(bytes, address); }
    void operator()(const IpNetwork& network) const {
        append_address(bytes, network.address());
        bytes.push_back(static_cast<std::uint8_t>(network.prefix()));
    }
    void operator()(const MacAddress& mac) const {
        bytes.insert(bytes.end(), mac.bytes.begin(), mac.bytes.end());
    }
    void operator()(const BitRate& rate) const { append_number(bytes, rate.bits_per_second, 8); }
    void operator()(std::uint32_t number) const {
        append_number(bytes, number, type == ParamType::port ? 2 : 4);
    }
    void operator()(const std::string& text) const {
        // what is longer than its length can say is longer than any key, and refused there
        bytes.push_back(static_cast<std::uint8_t>(std::min<std::size_t>(text.size(), 255)));
        bytes.insert(bytes.end(), text.begin(), text.end());
    }
};

std::optional<Bytes> take(Bytes& from, std::size_t count) {
    if (from.size() < count) return std::nullopt;
    const auto taken = from.first(count);
    from = from.subspan(count);
    return taken;
}

std::optional<std::uint64_t> take_number(Bytes& from, std::size_t size) {
    const auto bytes = take(from, size);
    if (!bytes) return std::nullopt;
    std::uint64_t number = 0;
    for (const std::uint8_t byte : *bytes)
        number = number << 8U | byte;
    return number;
}

std::optional<IpAddress> take_address(Bytes& from) {
    const auto family = take(from, 1);
    if (!family) return std::nullopt;
    if ((*family)[0] == 4) {
        std::array<std::uint8_t, 4> v4{};
        const auto bytes = take(from, v4.size());
        if (!bytes) return std::nullopt;
        std::copy(bytes->begin(), bytes->end(), v4.begin());
        return IpAddress::from_v4(v4);
    }
    std::array<std::uint8_t, 16> v6{};
    const auto bytes = (*family)[0] == 6 ? take(from, v6.size()) : std::nullopt;
    if (!bytes) return std::nullopt;
    std::copy(bytes->begin(), bytes->end(), v6.begin());
    const auto address = IpAddress::from_v6(v6);
    // one that is mapped is kept as IPv4
    return address.is_v4() ? std::nullopt : std::optional(address);
}

std::optional<ParamValue> take_network(Bytes& from) {
    const auto address = take_address(from);
    const auto prefix = take_number(from, 1);
    if (!address || !prefix || *prefix > address->bits()) return std::nullopt;
    const IpNetwork network(*address, static_cast<unsigned>(*prefix));
    return network.address() == *address ? std::optional<ParamValue>(network) : std::nullopt;
}

std::optional<ParamValue> take_mac(Bytes& from) {
    MacAddress mac;
    const auto bytes = take(from, mac.bytes.size());
    if (!bytes) return std::nullopt;
    std::copy(bytes->begin(), bytes->end(), mac.bytes.begin());
    return is_one_host(mac) ? std::optional<ParamValue>(mac) : std::nullopt;
}

std::optional<ParamValue> take_text(Bytes& from, const ParamSpec& spec) {
    const auto length = take_number(from, 1);
    const auto bytes = length ? take(from, *length) : std::nullopt;
    if (!bytes) return std::nullopt;
    // the pattern of a text may be another since it was kept
    auto text = parse_value(spec, {reinterpret_cast<const char*>(bytes->data()), bytes->size()});
    return text ? std::optional(std::move(*text)) : std::nullopt;
}

}  // namespace

void append_packed(std::vector<std::uint8_t>& bytes, const ParamSpec& spec, const ParamValue& value) {
    std::visit(Appending{bytes, spec.type}, value);
}

std::optional<ParamValue> take_packed(Bytes& bytes, const ParamSpec& spec) {
    switch (spec.type) {
        case ParamType::address:
            return take_address(bytes);
        case ParamType::network:
            return take_network(bytes);
        case ParamType::mac:
            return take_mac(bytes);
        case ParamType::port:
            if (const auto port = take_number(bytes, 2); port && *port > 0)
                return static_cast<std::uint32_t>(*port);
            return std::nullopt;
        case ParamType::mark:
            if (const auto mark = take_number(bytes, 4)) return static_cast<std::uint32_t>(*mark);
            return std::nullopt;
        case ParamType::rate:
            if (const auto rate = take_number(bytes, 8); rate && *rate > 0) return BitRate{*rate};
            return std::nullopt;
        case ParamType::interface:
        case ParamType::text:
        case ParamType::word:
            return take_text(bytes, spec);
    }
    return std::nullopt;
}

}  // namespace garita
