#pragma once
// Instructions of the kernel's virtual machine, one by one, with names for places to jump to.

#include <cstddef>
#include <cstdint>
#include <vector>

#include <linux/bpf.h>

namespace garita::limiter {

enum class Register : std::uint8_t { r0, r1, r2, r3, r4, r5, r6, r7, r8, r9, frame };

/// A place in the program; made once, placed once.
struct Label {
    std::size_t number = 0;
};

class Assembler {
  public:
    [[nodiscard]] Label label();
    /// The next instruction is the one that the label names.
    void place(Label label);

    void set(Register to, std::int32_t number) {
        add(BPF_ALU64 | BPF_MOV | BPF_K, to, Register::r0, 0, number);
    }
    void copy(Register to, Register from) { add(BPF_ALU64 | BPF_MOV | BPF_X, to, from, 0, 0); }
    /// `operation` is BPF_ADD and the like, on 64 bits.
    void calculate(std::uint8_t operation, Register to, std::int32_t number) {
        add(BPF_ALU64 | BPF_K | operation, to, Register::r0, 0, number);
    }
    void calculate(std::uint8_t operation, Register to, Register by) {
        add(BPF_ALU64 | BPF_X | operation, to, by, 0, 0);
    }
    /// On the lower 32 bits; the upper ones become 0.
    void calculate32(std::uint8_t operation, Register to, std::int32_t number) {
        add(BPF_ALU | BPF_K | operation, to, Register::r0, 0, number);
    }
    void calculate32(std::uint8_t operation, Register to, Register by) {
        add(BPF_ALU | BPF_X | operation, to, by, 0, 0);
    }
    /// `size` is BPF_W or BPF_DW.
    void load(std::uint8_t size, Register to, Register base, std::size_t offset) {
        add(BPF_LDX | BPF_MEM | size, to, base, static_cast<std::int16_t>(offset), 0);
    }
    void load_local(std::uint8_t size, Register to, std::int16_t offset) {
        add(BPF_LDX | BPF_MEM | size, to, Register::frame, offset, 0);
    }
    void store(std::uint8_t size, Register base, std::size_t offset, Register from) {
        add(BPF_STX | BPF_MEM | size, base, from, static_cast<std::int16_t>(offset), 0);
    }
    void store_local(std::uint8_t size, std::int16_t offset, Register from) {
        add(BPF_STX | BPF_MEM | size, Register::frame, from, offset, 0);
    }
    void store_local(std::uint8_t size, std::int16_t offset, std::int32_t number) {
        add(BPF_ST | BPF_MEM | size, Register::frame, Register::r0, offset, number);
    }
    /// Adds to 64 bits in memory, whoever else does the same at this moment.
    void add_at_once(Register base, std::size_t offset, Register amount) {
        add(BPF_STX | BPF_ATOMIC | BPF_DW, base, amount, static_cast<std::int16_t>(offset), BPF_ADD);
    }
    void local_address(Register to, std::int16_t offset) {
        copy(to, Register::frame);
        calculate(BPF_ADD, to, offset);
    }
    void map(Register to, int descriptor);
    void call(std::int32_t helper) { add(BPF_JMP | BPF_CALL, Register::r0, Register::r0, 0, helper); }
    void leave() { add(BPF_JMP | BPF_EXIT, Register::r0, Register::r0, 0, 0); }
    void jump(Label to) { jump_code(BPF_JMP | BPF_JA, Register::r0, Register::r0, 0, to); }
    /// `condition` is BPF_JEQ and the like.
    void jump_if(std::uint8_t condition, Register left, std::int32_t right, Label to) {
        jump_code(BPF_JMP | BPF_K | condition, left, Register::r0, right, to);
    }
    void jump_if(std::uint8_t condition, Register left, Register right, Label to) {
        jump_code(BPF_JMP | BPF_X | condition, left, right, 0, to);
    }

    /// With all jumps resolved.
    [[nodiscard]] std::vector<bpf_insn> finish();

  private:
    struct Jump {
        std::size_t at;
        std::size_t label;
    };
    void add(unsigned code, Register to, Register from, std::int16_t offset, std::int32_t number);
    void jump_code(unsigned code, Register left, Register right, std::int32_t number, Label to);

    std::vector<bpf_insn> code_;
    std::vector<std::size_t> labels_;
    std::vector<Jump> jumps_;
};

}  // namespace garita::limiter
