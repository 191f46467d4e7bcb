#pragma once
// For tables by MAC address.

#include <cstddef>

#include "model/rule_class.hpp"

namespace garita {

struct MacHash {
    std::size_t operator()(const MacAddress& mac) const noexcept {
        std::size_t value = 0;
        for (const auto byte : mac.bytes)
            value = (value << 8U) | byte;
        return value * 0x9e3779b97f4a7c15U;
    }
};

}  // namespace garita
