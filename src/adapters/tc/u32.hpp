#pragma once
// What a filter of the kind u32 compares: its head ends in an array of no length, which C++ has not.

#include <array>
#include <cstddef>
#include <cstdint>

#include <linux/pkt_cls.h>

namespace garita::tc {

struct SelectorHead {
    std::uint8_t flags = 0, shift = 0, keys = 0;
    std::uint16_t mask = 0, offset = 0;
    std::int16_t at = 0, hash_at = 0;
    std::uint32_t hash_mask = 0;  ///< in network order
};
static_assert(sizeof(SelectorHead) == sizeof(tc_u32_sel));

/// With all keys zero one key fits everything.
struct Selector {
    SelectorHead head;
    std::array<tc_u32_key, 4> keys{};
    [[nodiscard]] std::size_t size() const { return sizeof head + head.keys * sizeof(tc_u32_key); }
};

}  // namespace garita::tc
