// What the kernel answers about sets, maps, chains and rules of classes, read by every kind of class.
// Invariants: nothing is read outside of the message; a key or value that is read can be written, and is read
// again as the same; a layout that is found is one that Garita makes.

#include <algorithm>
#include <array>
#include <cstring>
#include <vector>

#include "adapters/nft_classes/answers.hpp"
#include "adapters/nft_classes/keys.hpp"
#include "adapters/nft_classes/layout.hpp"
#include "runtime/netlink/attributes.hpp"
#include "target.hpp"

namespace {

using namespace garita;
using namespace garita::nft_classes;
using fuzz::must;

NftClass kind(Effect effect, ParamType key, std::optional<ParamType> data = {}) {
    NftClass made;
    made.name = "fuzzed";
    made.effect = effect;
    made.key = key;
    made.data = data;
    return made;
}

const std::vector<NftClass>& kinds() {
    using T = ParamType;
    static const std::vector<NftClass> all{
        kind(Effect::open, T::address),          kind(Effect::mark, T::address),
        kind(Effect::bind, T::address),          kind(Effect::closed, T::network),
        kind(Effect::mark, T::network),          kind(Effect::none, T::port),
        kind(Effect::none, T::mac, T::port),     kind(Effect::none, T::mark, T::interface),
        kind(Effect::none, T::interface, T::mac)};
    return all;
}

constexpr std::array<std::uint8_t, 6> prefixes{0, 8, 24, 32, 64, 128};

void check_key(const NftClass& of, const Layer& layer, std::span<const std::byte> bytes) {
    const auto rule = rule_key(of, layer, bytes);
    if (!rule) return;
    const auto again = element_key(of, *rule);
    must(again && again->layer == layer && again->size() <= bytes.size());
    const auto same = rule_key(of, layer, std::as_bytes(again->span()));
    must(same == rule);
}

void check_element(std::span<const std::byte> key, std::span<const std::byte> data) {
    for (const auto& of : kinds()) {
        if (of.key == ParamType::network) {
            for (const auto prefix : prefixes) {
                if (prefix <= 32) check_key(of, Layer::of(IpFamily::v4, prefix), key);
                check_key(of, Layer::of(IpFamily::v6, prefix), key);
            }
        } else {
            for (const auto& layer : possible_layers(of))
                check_key(of, layer, key);
        }
        const auto value = rule_value(of, data);
        if (!value) continue;
        const auto written = element_data(of, *value);
        must(written &&
             rule_value(of, std::as_bytes(std::span(written->bytes).first(written->size))) == value);
    }
}

void take_names(const nlmsghdr& message, Seen& seen) {
    const std::string_view whole(reinterpret_cast<const char*>(&message), message.nlmsg_len);
    constexpr std::string_view table = "garita_rules";
    if (const auto set = parse_set(message, table)) {
        must(fuzz::inside(set->name, whole));
        seen.sets[std::string(set->name)] = set->size;
    }
    if (const auto chain = parse_chain(message, table)) seen.chains.try_emplace(std::string(*chain));
    if (const auto rule = parse_rule(message, table)) {
        must(fuzz::inside(rule->chain, whole) && fuzz::inside(rule->comment, whole));
        seen.chains[std::string(rule->chain)].emplace_back(rule->comment);
    }
}

void check_layouts(const Seen& seen) {
    for (auto of : kinds())
        for (const char* name : {"fuzzed", "a", "networks", "others"}) {
            of.name = name;
            const auto layout = layout_of(of, seen);
            if (!layout) continue;
            for (const auto& [layer, spread] : layout->rooms()) {
                must(spread.shards == 1 || spread.shards == Layout::most_shards);
                must(seen.sets.contains(set_name(of, layer, spread.shards - 1)) && spread.shard_size > 0);
            }
        }
}

}  // namespace

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
    constexpr std::size_t most = 1 << 16;
    // Aligned as a socket's buffer is, and no longer than the bytes, so that reading beyond them is seen.
    std::vector<std::byte> buffer(std::min(size, most));
    if (!buffer.empty()) std::memcpy(buffer.data(), data, buffer.size());
    runtime::NetlinkMessages messages(buffer);
    Seen seen;
    while (const auto* message = messages.next()) {
        parse_elements(*message, check_element);
        take_names(*message, seen);
    }
    check_layouts(seen);
    return 0;
}
