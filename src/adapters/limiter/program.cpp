#include "adapters/limiter/program.hpp"

#include <cstddef>
#include <utility>

#include <arpa/inet.h>
#include <linux/if_ether.h>
#include <linux/pkt_cls.h>

#include "adapters/limiter/assembler.hpp"
#include "adapters/limiter/bucket.hpp"

namespace garita::limiter {
namespace {

using enum Register;

// Where things lie on the stack.
constexpr std::int16_t subscriber_at = -16;
constexpr std::int16_t shard_at = -24;
// Where addresses lie in their headers.
constexpr std::int32_t v4_source = 12, v4_destination = 16, v6_source = 8, v6_destination = 24;
// Headers of each piece that a packet joined by the kernel stands for: IP, and TCP with time stamps.
constexpr std::int32_t v4_headers = 52, v6_headers = 72;

constexpr auto context = r6;  // the packet, as the kernel shows it
constexpr auto bucket = r7;   // the subscriber's
constexpr auto piece_headers = r8;
constexpr auto now = r9;

/// r0: 0 when the bytes are on the stack.
void load_address(Assembler& code, std::int32_t offset, std::int16_t to, std::int32_t size) {
    code.copy(r1, context);
    code.set(r2, offset);
    code.local_address(r3, to);
    code.set(r4, size);
    code.set(r5, BPF_HDR_START_NET);
    code.call(BPF_FUNC_skb_load_bytes_relative);
}

void find_address(Assembler& code, Direction direction, Label other) {
    const bool destination = direction == Direction::receives;
    const Label v4 = code.label();
    const Label loaded = code.label();
    code.load(BPF_W, r7, context, offsetof(__sk_buff, protocol));
    code.jump_if(BPF_JEQ, r7, htons(ETH_P_IP), v4);
    code.jump_if(BPF_JNE, r7, htons(ETH_P_IPV6), other);
    code.set(piece_headers, v6_headers);
    load_address(code, destination ? v6_destination : v6_source, subscriber_at, 16);
    code.jump(loaded);
    code.place(v4);
    code.set(piece_headers, v4_headers);
    code.store_local(BPF_DW, subscriber_at, 0);
    code.store_local(BPF_W, subscriber_at + 8, static_cast<std::int32_t>(htonl(0xFFFFU)));
    load_address(code, destination ? v4_destination : v4_source, subscriber_at + 12, 4);
    code.place(loaded);
    code.jump_if(BPF_JNE, r0, 0, other);
}

/// As shard_of() does it.
void find_shard(Assembler& code) {
    code.load_local(BPF_W, r1, subscriber_at);
    for (std::int16_t word = 4; word < 16; word = static_cast<std::int16_t>(word + 4)) {
        code.load_local(BPF_W, r2, static_cast<std::int16_t>(subscriber_at + word));
        code.calculate32(BPF_XOR, r1, r2);
    }
    code.calculate32(BPF_MUL, r1, static_cast<std::int32_t>(shard_factor));
    code.calculate32(BPF_RSH, r1, shard_shift);
    code.store_local(BPF_W, shard_at, r1);
}

void find_bucket(Assembler& code, int table, Label other) {
    find_shard(code);
    code.map(r1, table);
    code.local_address(r2, shard_at);
    code.call(BPF_FUNC_map_lookup_elem);
    code.jump_if(BPF_JEQ, r0, 0, other);
    code.copy(r1, r0);
    code.local_address(r2, subscriber_at);
    code.call(BPF_FUNC_map_lookup_elem);
    code.jump_if(BPF_JEQ, r0, 0, other);
    code.copy(bucket, r0);
}

/// r1 becomes the bytes that the packet has on the wire, from the IP header on.
void count_bytes(Assembler& code, std::uint32_t link_header) {
    const Label counted = code.label();
    code.load(BPF_W, r1, context, offsetof(__sk_buff, len));
    code.calculate(BPF_SUB, r1, static_cast<std::int32_t>(link_header));
    code.load(BPF_W, r2, context, offsetof(__sk_buff, gso_segs));
    code.jump_if(BPF_JLT, r2, 2, counted);
    code.calculate(BPF_SUB, r2, 1);
    code.calculate(BPF_MUL, r2, piece_headers);
    code.calculate(BPF_ADD, r1, r2);
    code.place(counted);
}

void charge(Assembler& code, const ProgramSettings& settings, Label pass, Label drop) {
    const Label first = code.label();
    const Label pay = code.label();
    code.call(BPF_FUNC_ktime_get_ns);
    code.copy(now, r0);
    code.load(BPF_DW, r4, bucket, offsetof(Bucket, bits_per_second));
    code.jump_if(BPF_JEQ, r4, 0, drop);
    code.load(BPF_DW, r1, bucket, offsetof(Bucket, paid_until));
    code.copy(r2, now);
    code.jump_if(BPF_JEQ, r1, 0, first);
    code.jump_if(BPF_JSGT, r1, now, drop);
    code.calculate(BPF_SUB, r2, static_cast<std::int32_t>(std::chrono::nanoseconds(settings.burst).count()));
    code.jump_if(BPF_JSLE, r2, r1, pay);
    code.place(first);
    // Two processors may do this at once: then one packet goes free.
    code.store(BPF_DW, bucket, offsetof(Bucket, paid_until), r2);
    code.place(pay);
    count_bytes(code, settings.link_header);
    code.calculate(BPF_MUL, r1, 8);
    code.calculate(BPF_MUL, r1, 1'000'000'000);
    code.calculate(BPF_DIV, r1, r4);
    code.add_at_once(bucket, offsetof(Bucket, paid_until), r1);
    code.jump(pass);
}

}  // namespace

std::vector<bpf_insn> limiter_program(const ProgramSettings& settings, int table) {
    Assembler code;
    const Label pass = code.label();
    const Label drop = code.label();
    code.copy(context, r1);
    find_address(code, settings.direction, pass);
    find_bucket(code, table, pass);
    charge(code, settings, pass, drop);
    code.place(drop);
    code.set(r0, TC_ACT_SHOT);
    code.leave();
    code.place(pass);
    code.set(r0, TC_ACT_UNSPEC);  // whatever else hangs there has its say
    code.leave();
    return code.finish();
}

}  // namespace garita::limiter
