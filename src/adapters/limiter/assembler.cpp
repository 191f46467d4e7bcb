#include "adapters/limiter/assembler.hpp"

#include <utility>

namespace garita::limiter {

Label Assembler::label() {
    labels_.push_back(0);
    return {labels_.size() - 1};
}

void Assembler::place(Label label) {
    labels_.at(label.number) = code_.size();
}

void Assembler::add(unsigned code, Register to, Register from, std::int16_t offset, std::int32_t number) {
    bpf_insn instruction{};
    instruction.code = static_cast<std::uint8_t>(code);
    instruction.dst_reg = static_cast<std::uint8_t>(to) & 0xFU;
    instruction.src_reg = static_cast<std::uint8_t>(from) & 0xFU;
    instruction.off = offset;
    instruction.imm = number;
    code_.push_back(instruction);
}

void Assembler::jump_code(unsigned code, Register left, Register right, std::int32_t number, Label to) {
    jumps_.push_back({code_.size(), to.number});
    add(code, left, right, 0, number);
}

void Assembler::map(Register to, int descriptor) {
    // two instructions, the second with the upper half of the number
    add(BPF_DW | BPF_IMM, to, static_cast<Register>(BPF_PSEUDO_MAP_FD), 0, descriptor);
    add(0, Register::r0, Register::r0, 0, 0);
}

std::vector<bpf_insn> Assembler::finish() {
    for (const Jump& jump : jumps_)
        code_[jump.at].off = static_cast<std::int16_t>(static_cast<std::ptrdiff_t>(labels_.at(jump.label)) -
                                                       static_cast<std::ptrdiff_t>(jump.at) - 1);
    return std::move(code_);
}

}  // namespace garita::limiter
