#pragma once
// What a transaction about blocked networks asks of the kernel.

#include <chrono>
#include <cstddef>
#include <cstdint>
#include <functional>
#include <optional>
#include <span>
#include <string>
#include <vector>

#include "adapters/nftables/layer.hpp"
#include "enforce/rule_backend.hpp"
#include "runtime/nft/transaction.hpp"

namespace garita::nftables {

/// One element to be put into, or taken out of, the set of its layer.
struct ElementOp {
    IpNetwork network;
    enforce::BlockChange change = enforce::BlockChange::add;
    std::chrono::milliseconds timeout{0};  ///< of an added element; 0: none
};

using runtime::nft::Refusal;

/// Messages in the order of the calls; the kernel carries out all of them at one instant, or none.
class NftBatch {
  public:
    /// `next_sequence` numbers the messages, so that their answers are told from those of others.
    NftBatch(std::string table, std::function<std::uint32_t()> next_sequence);

    void add_table();
    void delete_table();
    void add_chain();
    void add_loopback_rule();
    void add_set(const Layer& layer, std::optional<std::uint32_t> capacity);
    void add_rule(const Layer& layer);
    /// Elements of one layer and one kind follow each other, at most `per_message` in each message.
    void change_elements(std::span<const ElementOp> ops, std::size_t per_message);

    /// Nothing was asked for yet.
    [[nodiscard]] bool empty() const { return transaction_.empty(); }

    /// Closes the transaction; nothing may be added afterwards.
    [[nodiscard]] std::span<const std::byte> finish() { return transaction_.finish(); }

    /// Empty: everything was accepted and is in force.
    [[nodiscard]] std::vector<Refusal> refusals(std::span<const runtime::NetlinkAck> acks) const {
        return transaction_.refusals(acks);
    }

  private:
    void element_message(std::span<const ElementOp> ops);

    runtime::nft::Transaction transaction_;
};

/// The names under which Garita's rules are found again; shown by `nft list ruleset` as comments.
[[nodiscard]] std::string rule_comment(const Layer& layer);
inline constexpr const char* loopback_comment = "garita: loopback";
inline constexpr const char* chain_name = "inbound";

}  // namespace garita::nftables
