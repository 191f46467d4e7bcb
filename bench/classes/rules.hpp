#pragma once
// What the parts of the benchmark of classes have in common: its rules, and how figures are told.

#include <array>
#include <chrono>
#include <cstdint>
#include <optional>
#include <string>

#include <fmt/core.h>

#include "adapters/nft_classes/nft_class.hpp"
#include "bench/support/measuring.hpp"
#include "store/device_rules.hpp"

namespace garita::bench {

using Lane = store::Lane;

inline Time now() {
    return std::chrono::time_point_cast<Duration>(std::chrono::system_clock::now());
}

inline void tell(const char* what, double ms, double floor = 0, const char* note = "") {
    if (floor > 0)
        fmt::print("{:<44} {:>10.2f} ms  floor {:>9.2f} ms  ratio {:>5.2f} {}\n", what, ms, floor, ms / floor,
                   note);
    else
        fmt::print("{:<44} {:>10.2f} ms {}\n", what, ms, note);
}

inline RuleKey key_of(std::uint32_t number) {
    const std::uint32_t address = 0x64400000 + number;
    const std::array<std::uint8_t, 5> bytes{
        4, static_cast<std::uint8_t>(address >> 24U), static_cast<std::uint8_t>(address >> 16U),
        static_cast<std::uint8_t>(address >> 8U), static_cast<std::uint8_t>(address)};
    RuleKey key;
    (void)key.append(bytes);
    return key;
}

inline RuleValue open_word() {
    RuleValue value;
    const std::array<std::uint8_t, 5> bytes{4, 'o', 'p', 'e', 'n'};
    (void)value.append(bytes);
    return value;
}

inline nft_classes::NftClass access(std::uint32_t capacity) {
    nft_classes::NftClass rules;
    rules.name = "inet_access";
    rules.effect = nft_classes::Effect::open;
    rules.present = open_word();
    rules.interface = "sub";
    rules.capacity = capacity;
    return rules;
}

inline store::RuleChanges wishes(std::uint32_t first, std::uint32_t end, std::uint32_t step,
                                 const std::optional<RuleValue>& want, std::optional<Lane> lane) {
    store::RuleChanges changes;
    changes.targets.push_back({"border1", "inet_access"});
    for (std::uint32_t i = first; i < end; i += step)
        changes.wishes.push_back({0, key_of(i), want});
    changes.lane = lane;
    changes.by = {Actor::Kind::system, "bench", "cli", Role::administrator};
    return changes;
}

}  // namespace garita::bench
