#pragma once
// The floor of what nftables can do: bare messages to the kernel, with nothing between.

#include <array>
#include <cerrno>
#include <cstdint>
#include <cstdio>
#include <cstdlib>
#include <cstring>
#include <string>
#include <vector>

#include <arpa/inet.h>
#include <libmnl/libmnl.h>
#include <linux/netfilter.h>
#include <linux/netfilter/nf_tables.h>
#include <linux/netfilter/nfnetlink.h>
#include <sys/socket.h>

namespace garita::bench {

/// Messages as they are, in one buffer.
class BareNft {
  public:
    /// Room for one transaction, in bytes.
    explicit BareNft(std::size_t room) : socket_(mnl_socket_open(NETLINK_NETFILTER)), bytes_(room) {
        if (socket_ == nullptr || mnl_socket_bind(socket_, 0, MNL_SOCKET_AUTOPID) < 0) fail("socket");
        const auto send = static_cast<int>(room + room / 3);
        setsockopt(mnl_socket_get_fd(socket_), SOL_SOCKET, SO_SNDBUFFORCE, &send, sizeof send);
    }
    ~BareNft() { mnl_socket_close(socket_); }
    BareNft(const BareNft&) = delete;
    BareNft& operator=(const BareNft&) = delete;

    void begin() {
        used_ = 0;
        header(NFNL_MSG_BATCH_BEGIN, 0, AF_UNSPEC, NFNL_SUBSYS_NFTABLES);
        close();
    }
    nlmsghdr* open(int type, unsigned flags) {
        header(static_cast<std::uint16_t>(NFNL_SUBSYS_NFTABLES << 8 | type), flags, NFPROTO_INET, 0);
        return last_;
    }
    void close() { used_ += MNL_ALIGN(last_->nlmsg_len); }
    void commit() {
        last_->nlmsg_flags |= NLM_F_ACK;
        const auto wanted = last_->nlmsg_seq;
        header(NFNL_MSG_BATCH_END, 0, AF_UNSPEC, NFNL_SUBSYS_NFTABLES);
        close();
        if (mnl_socket_sendto(socket_, bytes_.data(), used_) < 0) fail("send");
        for (bool acked = false; !acked;) {
            const auto size = mnl_socket_recvfrom(socket_, answer_.data(), answer_.size());
            if (size <= 0) fail("receive");
            auto left = static_cast<int>(size);
            for (auto* one = reinterpret_cast<nlmsghdr*>(answer_.data()); mnl_nlmsg_ok(one, left);
                 one = mnl_nlmsg_next(one, &left)) {
                int error = 0;
                std::memcpy(&error, mnl_nlmsg_get_payload(one), sizeof error);
                if (one->nlmsg_type == NLMSG_ERROR && error != 0) errno = -error, fail("refused");
                acked = acked || one->nlmsg_seq == wanted;
            }
        }
    }
    /// Addresses; `flags` as in NFTA_SET_FLAGS.
    void add_set(const std::string& name, std::size_t size, std::uint32_t flags = 0) {
        auto* message = open(NFT_MSG_NEWSET, NLM_F_CREATE);
        mnl_attr_put_strz(message, NFTA_SET_TABLE, table);
        mnl_attr_put_strz(message, NFTA_SET_NAME, name.c_str());
        mnl_attr_put_u32(message, NFTA_SET_FLAGS, htonl(flags));
        mnl_attr_put_u32(message, NFTA_SET_KEY_TYPE, htonl(7));
        mnl_attr_put_u32(message, NFTA_SET_KEY_LEN, htonl(4));
        mnl_attr_put_u32(message, NFTA_SET_ID, htonl(message->nlmsg_seq));
        auto* description = mnl_attr_nest_start(message, NFTA_SET_DESC);
        mnl_attr_put_u32(message, NFTA_SET_DESC_SIZE, htonl(static_cast<std::uint32_t>(size)));
        mnl_attr_nest_end(message, description);
        close();
    }
    void change_table(int type) {
        auto* message = open(type, type == NFT_MSG_NEWTABLE ? NLM_F_CREATE : 0);
        mnl_attr_put_strz(message, NFTA_TABLE_NAME, table);
        close();
    }
    nlmsghdr* open_elements(int type, const std::string& set) {
        auto* message = open(type, type == NFT_MSG_NEWSETELEM ? NLM_F_CREATE : 0);
        mnl_attr_put_strz(message, NFTA_SET_ELEM_LIST_TABLE, table);
        mnl_attr_put_strz(message, NFTA_SET_ELEM_LIST_SET, set.c_str());
        return message;
    }
    /// Within a list of elements of the message that is open.
    void put_element(std::uint32_t address, std::uint32_t flags = 0) {
        auto* element = mnl_attr_nest_start(last_, NFTA_LIST_ELEM);
        auto* key = mnl_attr_nest_start(last_, NFTA_SET_ELEM_KEY);
        mnl_attr_put_u32(last_, NFTA_DATA_VALUE, htonl(address));
        mnl_attr_nest_end(last_, key);
        if (flags != 0) mnl_attr_put_u32(last_, NFTA_SET_ELEM_FLAGS, htonl(flags));
        mnl_attr_nest_end(last_, element);
    }
    /// Everything in the set, read and thrown away.
    void list(const std::string& set) {
        used_ = 0;
        auto* message = open_elements(NFT_MSG_GETSETELEM, set);
        message->nlmsg_flags |= NLM_F_DUMP;
        if (mnl_socket_sendto(socket_, message, message->nlmsg_len) < 0) fail("send");
        for (;;) {
            const auto size = mnl_socket_recvfrom(socket_, answer_.data(), answer_.size());
            if (size <= 0) fail("receive");
            auto left = static_cast<int>(size);
            for (auto* one = reinterpret_cast<nlmsghdr*>(answer_.data()); mnl_nlmsg_ok(one, left);
                 one = mnl_nlmsg_next(one, &left))
                if (one->nlmsg_type == NLMSG_DONE) return;
        }
    }

  private:
    static constexpr const char* table = "floor";

    [[noreturn]] static void fail(const char* what) {
        std::perror(what);
        std::exit(1);
    }
    void header(std::uint16_t type, unsigned flags, std::uint8_t family, std::uint16_t resource) {
        last_ = mnl_nlmsg_put_header(bytes_.data() + used_);
        last_->nlmsg_type = type;
        last_->nlmsg_flags = static_cast<std::uint16_t>(NLM_F_REQUEST | flags);
        last_->nlmsg_seq = ++sequence_;
        auto* general = static_cast<nfgenmsg*>(mnl_nlmsg_put_extra_header(last_, sizeof(nfgenmsg)));
        general->nfgen_family = family;
        general->version = NFNETLINK_V0;
        general->res_id = htons(resource);
    }

    mnl_socket* socket_;
    std::vector<char> bytes_;
    std::size_t used_ = 0;
    nlmsghdr* last_ = nullptr;
    std::uint32_t sequence_ = 0;
    alignas(nlmsghdr) std::array<char, std::size_t{64} * 1024> answer_{};
};

}  // namespace garita::bench
