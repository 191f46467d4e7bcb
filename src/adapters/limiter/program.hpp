#pragma once
// The program that the kernel runs for each packet of an interface: finds the subscriber, and drops what is
// above its rate.
//
// Its instructions are written down here by a small assembler, and not compiled from C: it is some sixty of
// them, the same for all kernels from 5.8 on, so that building Garita needs no clang with a BPF target, no
// headers of a kernel and no file of byte code that nobody can read; and constants (the burst) stand in the
// code. libbpf takes it to the kernel, whose verifier reads every line.

#include <chrono>
#include <cstdint>
#include <vector>

#include <linux/bpf.h>

namespace garita::limiter {

/// As the subscriber sees it.
enum class Direction : std::uint8_t {
    receives,  ///< packets leave by the interface; their destination is the subscriber
    sends,     ///< packets come in by the interface; their source is the subscriber
};

struct ProgramSettings {
    Direction direction = Direction::receives;
    std::uint32_t link_header = 14;        ///< bytes before the IP header, which do not count
    std::chrono::milliseconds burst{300};  ///< who was idle so long may send this much at once; at most 2 s
};

/// `table` is the descriptor of the array of maps. A packet that is not IP, or of an address that is not
/// there, is left to what comes after.
[[nodiscard]] std::vector<bpf_insn> limiter_program(const ProgramSettings& settings, int table);

}  // namespace garita::limiter
