#include "runtime/nft/transaction.hpp"

#include <algorithm>
#include <cerrno>
#include <utility>

#include "runtime/nft/header.hpp"

namespace garita::runtime::nft {

Transaction::Transaction(std::string table, std::function<std::uint32_t()> next_sequence,
                         std::optional<std::uint32_t> generation)
    : table_(std::move(table)), next_sequence_(std::move(next_sequence)) {
    nlmsghdr* begin = open(NFNL_MSG_BATCH_BEGIN, 0, 64);
    if (generation) mnl_attr_put_u32(begin, NFNL_BATCH_GENID, htonl(*generation));
    close(begin);
}

nlmsghdr* Transaction::open(std::uint16_t type, std::uint16_t flags, std::size_t room) {
    const std::size_t start = bytes_.size();
    bytes_.resize(start + room);
    const bool frame = type == NFNL_MSG_BATCH_BEGIN || type == NFNL_MSG_BATCH_END;
    nlmsghdr* message = put_header(bytes_.data() + start, frame ? type : nft_type(type), flags,
                                   frame ? AF_UNSPEC : NFPROTO_INET, frame ? NFNL_SUBSYS_NFTABLES : 0);
    message->nlmsg_seq = next_sequence_();
    messages_.push_back({message->nlmsg_seq, start, 0, {}});
    return message;
}

void Transaction::close(const nlmsghdr* message) {
    bytes_.resize(messages_.back().start + MNL_ALIGN(message->nlmsg_len));
}

nlmsghdr* Transaction::open_about_table(std::uint16_t type, std::uint16_t flags,
                                        std::uint16_t table_attribute, std::size_t room) {
    nlmsghdr* message = open(type, flags, room);
    mnl_attr_put_strz(message, table_attribute, table_.c_str());
    return message;
}

std::span<const std::byte> Transaction::finish() {
    // The acknowledgement of the last message is the proof that the kernel has come to the end.
    reinterpret_cast<nlmsghdr*>(bytes_.data() + messages_.back().start)->nlmsg_flags |= NLM_F_ACK;
    close(open(NFNL_MSG_BATCH_END, 0, 64));
    return bytes_;
}

Refusal Transaction::locate(const NetlinkAck& ack) const {
    Refusal refusal{ack.error, std::nullopt, Refusal::Part::transaction, ack.text};
    const auto found = std::lower_bound(
        messages_.begin(), messages_.end(), ack.sequence,
        [](const MessageRecord& message, std::uint32_t sequence) { return message.sequence < sequence; });
    if (found == messages_.begin() || found == messages_.end() || found->sequence != ack.sequence)
        return refusal;
    if (found->offsets.empty()) {
        refusal.part = Refusal::Part::structure;
        return refusal;
    }
    if (ack.offset != 0 && ack.offset < found->offsets.front()) {
        refusal.part = Refusal::Part::structure;  // it did not find the table or the set
        return refusal;
    }
    refusal.part = Refusal::Part::elements;
    if (found->offsets.size() == 1) {
        refusal.op = found->first_op;
    } else if (ack.offset != 0) {
        const auto next = std::upper_bound(found->offsets.begin(), found->offsets.end(), ack.offset);
        refusal.op = found->first_op + static_cast<std::size_t>(next - found->offsets.begin()) - 1;
    }
    return refusal;
}

std::vector<Refusal> Transaction::refusals(std::span<const NetlinkAck> acks) const {
    std::vector<Refusal> refused;
    bool reached_end = false;
    const auto last = messages_.size() >= 2 ? messages_[messages_.size() - 2].sequence : 0;
    for (const auto& ack : acks) {
        if (ack.sequence < messages_.front().sequence || ack.sequence > messages_.back().sequence) continue;
        if (ack.error != 0) refused.push_back(locate(ack));
        reached_end = reached_end || (ack.error == 0 && ack.sequence == last);
    }
    if (refused.empty() && !reached_end)
        refused.push_back({EIO, std::nullopt, Refusal::Part::transaction, "no acknowledgement"});
    return refused;
}

}  // namespace garita::runtime::nft
