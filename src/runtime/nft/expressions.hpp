#pragma once
// The nftables expressions that Garita's rules are made of, written into a rule message between
// NFTA_RULE_EXPRESSIONS's start and end.

#include <cstddef>
#include <cstdint>
#include <optional>
#include <span>
#include <string_view>

#include <libmnl/libmnl.h>
#include <linux/netfilter/nf_tables.h>

namespace garita::runtime::nft {

/// A nested attribute that is closed at the end of its scope.
class Nest {
  public:
    Nest(nlmsghdr* message, std::uint16_t type)
        : message_(message), start_(mnl_attr_nest_start(message, type)) {}
    ~Nest() { mnl_attr_nest_end(message_, start_); }
    Nest(const Nest&) = delete;
    Nest& operator=(const Nest&) = delete;

  private:
    nlmsghdr* message_;
    nlattr* start_;
};

/// A number in network order, as nftables wants nearly all of them.
void put_be32(nlmsghdr* message, std::uint16_t type, std::uint32_t value);

/// meta KEY == VALUE
void put_meta_equals(nlmsghdr* rule, std::uint32_t key, std::span<const std::uint8_t> value);
/// meta KEY set REGISTER
void put_meta_set(nlmsghdr* rule, std::uint32_t key, std::uint32_t from);
/// `size` bytes of the header to a register.
void put_payload(nlmsghdr* rule, std::uint32_t base, std::uint32_t offset, std::uint32_t size,
                 std::uint32_t to);
/// The register's bytes and `mask`.
void put_mask(nlmsghdr* rule, std::span<const std::uint8_t> mask, std::uint32_t at);
/// jhash of the register's bytes, below `modulus`, with this seed; to the register itself.
void put_hash(nlmsghdr* rule, std::uint32_t size, std::uint32_t modulus, std::uint32_t seed,
              std::uint32_t at);
/// Goes on if the register is in the set; of a map, what it says goes to `to` (NFT_REG_VERDICT: is done).
void put_lookup(nlmsghdr* rule, const char* set, std::uint32_t from, std::optional<std::uint32_t> to = {});
void put_counter(nlmsghdr* rule);
/// NF_DROP, NF_ACCEPT, NFT_RETURN; NFT_JUMP and NFT_GOTO to this chain.
void put_verdict(nlmsghdr* rule, int verdict, const char* chain = nullptr);
/// meta nfproto == 4 or 6
void put_family(nlmsghdr* rule, unsigned version);

/// A comment that `nft` shows; outside of the expressions.
void put_rule_comment(nlmsghdr* rule, std::string_view comment);

}  // namespace garita::runtime::nft
