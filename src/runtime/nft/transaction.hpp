#pragma once
// One nftables transaction on a table of the family inet as netlink messages, and the way back from the
// kernel's complaint to the element it means.

#include <cstddef>
#include <cstdint>
#include <functional>
#include <optional>
#include <span>
#include <string>
#include <vector>

#include <libmnl/libmnl.h>
#include <linux/netfilter/nf_tables.h>

#include "runtime/netlink/netlink_socket.hpp"

namespace garita::runtime::nft {

/// What the kernel did not accept.
struct Refusal {
    int error = 0;                  ///< errno
    std::optional<std::size_t> op;  ///< index of the element; nothing: not an element, or not known which
    enum class Part { transaction, structure, elements } part = Part::transaction;
    std::string text;  ///< the kernel's own words
};

/// Messages in the order of the calls; the kernel carries out all of them at one instant, or none.
class Transaction {
  public:
    /// `next_sequence` numbers the messages, so that their answers are told from those of others. With a
    /// `generation` the kernel refuses everything (ERESTART) if another one is in force by then.
    Transaction(std::string table, std::function<std::uint32_t()> next_sequence,
                std::optional<std::uint32_t> generation = std::nullopt);

    /// A message about the table; `fill(nlmsghdr*)` writes what follows the table's name, 16 KiB at most.
    template <typename Fill>
    void message(std::uint16_t type, std::uint16_t flags, std::uint16_t table_attribute, Fill fill) {
        nlmsghdr* message = open_about_table(type, flags, table_attribute, 16 * 1024);
        fill(message);
        close(message);
    }
    void message(std::uint16_t type, std::uint16_t flags, std::uint16_t table_attribute) {
        message(type, flags, table_attribute, [](nlmsghdr*) {});
    }

    /// So much at most is written for one element; all of one message stay below 64 KiB, what a netlink
    /// attribute holds.
    static constexpr std::size_t element_room = 64;
    static constexpr std::size_t most_elements = 1000;

    /// Elements of one set in one message; `fill(nlmsghdr*, i)` writes the i-th of `count`.
    template <typename Fill>
    void elements(std::uint16_t type, std::uint16_t flags, const char* set, std::size_t count, Fill fill) {
        nlmsghdr* message =
            open_about_table(type, flags, NFTA_SET_ELEM_LIST_TABLE, 1024 + count * element_room);
        auto& record = messages_.back();
        record.first_op = ops_;
        record.offsets.reserve(count);
        mnl_attr_put_strz(message, NFTA_SET_ELEM_LIST_SET, set);
        nlattr* list = mnl_attr_nest_start(message, NFTA_SET_ELEM_LIST_ELEMENTS);
        for (std::size_t i = 0; i < count; ++i) {
            record.offsets.push_back(message->nlmsg_len);
            nlattr* element = mnl_attr_nest_start(message, NFTA_LIST_ELEM);
            fill(message, i);
            mnl_attr_nest_end(message, element);
        }
        mnl_attr_nest_end(message, list);
        ops_ += count;
        close(message);
    }

    /// Room for what is to come, so that nothing is moved.
    void reserve(std::size_t bytes) { bytes_.reserve(bytes); }
    /// Nothing was asked for yet.
    [[nodiscard]] bool empty() const { return messages_.size() == 1; }
    /// How many messages there are: a number that no set of this transaction has had yet.
    [[nodiscard]] std::uint32_t size() const { return static_cast<std::uint32_t>(messages_.size()); }

    /// Closes the transaction; nothing may be added afterwards.
    [[nodiscard]] std::span<const std::byte> finish();

    /// Empty: everything was accepted and is in force.
    [[nodiscard]] std::vector<Refusal> refusals(std::span<const NetlinkAck> acks) const;

  private:
    struct MessageRecord {
        std::uint32_t sequence = 0;
        std::size_t start = 0;               ///< position in bytes_
        std::size_t first_op = 0;            ///< of an element message
        std::vector<std::uint32_t> offsets;  ///< where each element begins within the message
    };

    nlmsghdr* open(std::uint16_t type, std::uint16_t flags, std::size_t room);
    nlmsghdr* open_about_table(std::uint16_t type, std::uint16_t flags, std::uint16_t table_attribute,
                               std::size_t room);
    void close(const nlmsghdr* message);
    [[nodiscard]] Refusal locate(const NetlinkAck& ack) const;

    std::string table_;
    std::function<std::uint32_t()> next_sequence_;
    std::vector<std::byte> bytes_;
    std::vector<MessageRecord> messages_;
    std::size_t ops_ = 0;
};

}  // namespace garita::runtime::nft
