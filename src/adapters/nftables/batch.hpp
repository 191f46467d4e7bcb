#pragma once
// One nftables transaction as netlink messages, and the way back from the kernel's complaint to the element
// it means.

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
#include "runtime/netlink/netlink_socket.hpp"

struct nlmsghdr;

namespace garita::nftables {

/// One element to be put into, or taken out of, the set of its layer.
struct ElementOp {
    IpNetwork network;
    enforce::BlockChange change = enforce::BlockChange::add;
    std::chrono::milliseconds timeout{0};  ///< of an added element; 0: none
};

/// What the kernel did not accept.
struct Refusal {
    int error = 0;                  ///< errno
    std::optional<std::size_t> op;  ///< index of the element; nothing: not an element, or not known which
    enum class Part { transaction, structure, elements } part = Part::transaction;
    std::string text;  ///< the kernel's own words
};

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
    [[nodiscard]] bool empty() const { return messages_.size() == 1; }

    /// Closes the transaction; nothing may be added afterwards.
    [[nodiscard]] std::span<const std::byte> finish();

    /// Empty: everything was accepted and is in force.
    [[nodiscard]] std::vector<Refusal> refusals(std::span<const runtime::NetlinkAck> acks) const;

  private:
    struct MessageRecord {
        std::uint32_t sequence = 0;
        std::size_t start = 0;               ///< position in bytes_
        std::size_t first_op = 0;            ///< of an element message
        std::vector<std::uint32_t> offsets;  ///< where each element begins within the message
    };

    nlmsghdr* open(std::uint16_t type, std::uint16_t flags);
    void close(const nlmsghdr* message);
    nlmsghdr* open_table_message(std::uint16_t type, std::uint16_t flags, std::uint16_t table_attribute);
    void element_message(std::span<const ElementOp> ops);
    [[nodiscard]] Refusal locate(const runtime::NetlinkAck& ack) const;

    std::string table_;
    std::function<std::uint32_t()> next_sequence_;
    std::vector<std::byte> bytes_;
    std::vector<MessageRecord> messages_;
    std::size_t ops_ = 0;
};

/// Begins a message to nftables outside of a transaction, in a buffer of at least 512 bytes.
[[nodiscard]] nlmsghdr* put_request(std::span<std::byte> buffer, std::uint16_t type, std::uint16_t flags);

/// The names under which Garita's rules are found again; shown by `nft list ruleset` as comments.
[[nodiscard]] std::string rule_comment(const Layer& layer);
inline constexpr const char* loopback_comment = "garita: loopback";
inline constexpr const char* chain_name = "inbound";

}  // namespace garita::nftables
