#pragma once
// What the kernel is to hand to us of all packets that come in: answers to our ports, complaints, neighbours.

#include <vector>

#include <linux/filter.h>

#include "model/port_set.hpp"

namespace garita::syn_scan {

/// Sixteen ports of ours for one scan, one for each attempt: from `first` on, which ends in four zero bits.
/// Above those that the kernel gives to connections.
inline constexpr Port attempts_mask = 0xfff0;

[[nodiscard]] std::vector<sock_filter> receive_filter(Port first);

}  // namespace garita::syn_scan
