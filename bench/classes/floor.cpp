#include "floor.hpp"

#include <chrono>
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
namespace {

using Clock = std::chrono::steady_clock;
constexpr std::uint32_t a_transaction = 4000;
constexpr std::uint32_t a_message = 1000;

[[noreturn]] void stop(const char* what) {
    std::perror(what);
    std::exit(1);
}

double since(Clock::time_point start) {
    return std::chrono::duration<double, std::milli>(Clock::now() - start).count();
}

class Bare {
  public:
    Bare() : socket_(mnl_socket_open(NETLINK_NETFILTER)), bytes_(std::size_t{96} << 20U) {
        if (socket_ == nullptr || mnl_socket_bind(socket_, 0, MNL_SOCKET_AUTOPID) < 0) stop("socket");
        const int room = 128 << 20;
        setsockopt(mnl_socket_get_fd(socket_), SOL_SOCKET, SO_SNDBUFFORCE, &room, sizeof room);
    }
    ~Bare() { mnl_socket_close(socket_); }
    Bare(const Bare&) = delete;
    Bare& operator=(const Bare&) = delete;

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
        if (mnl_socket_sendto(socket_, bytes_.data(), used_) < 0) stop("send");
        for (bool acked = false; !acked;) {
            const auto size = mnl_socket_recvfrom(socket_, answer_, sizeof answer_);
            if (size <= 0) stop("receive");
            auto left = static_cast<int>(size);
            for (auto* one = reinterpret_cast<nlmsghdr*>(answer_); mnl_nlmsg_ok(one, left);
                 one = mnl_nlmsg_next(one, &left)) {
                int error = 0;
                std::memcpy(&error, mnl_nlmsg_get_payload(one), sizeof error);
                if (one->nlmsg_type == NLMSG_ERROR && error != 0) errno = -error, stop("refused");
                acked = acked || one->nlmsg_seq == wanted;
            }
        }
    }
    void add_set(const std::string& name, std::uint32_t size) {
        auto* message = open(NFT_MSG_NEWSET, NLM_F_CREATE);
        mnl_attr_put_strz(message, NFTA_SET_TABLE, "floor");
        mnl_attr_put_strz(message, NFTA_SET_NAME, name.c_str());
        mnl_attr_put_u32(message, NFTA_SET_FLAGS, 0);
        mnl_attr_put_u32(message, NFTA_SET_KEY_TYPE, htonl(7));
        mnl_attr_put_u32(message, NFTA_SET_KEY_LEN, htonl(4));
        mnl_attr_put_u32(message, NFTA_SET_ID, htonl(1));
        auto* description = mnl_attr_nest_start(message, NFTA_SET_DESC);
        mnl_attr_put_u32(message, NFTA_SET_DESC_SIZE, htonl(size));
        mnl_attr_nest_end(message, description);
        close();
    }
    nlmsghdr* open_elements(int type, const std::string& set) {
        auto* message = open(type, type == NFT_MSG_NEWSETELEM ? NLM_F_CREATE : 0);
        mnl_attr_put_strz(message, NFTA_SET_ELEM_LIST_TABLE, "floor");
        mnl_attr_put_strz(message, NFTA_SET_ELEM_LIST_SET, set.c_str());
        return message;
    }
    /// Every `step`-th of the numbers from `first` to `end`.
    void elements(int type, const std::string& set, std::uint32_t first, std::uint32_t end,
                  std::uint32_t step) {
        for (std::uint32_t i = first; i < end;) {
            auto* message = open_elements(type, set);
            auto* list = mnl_attr_nest_start(message, NFTA_SET_ELEM_LIST_ELEMENTS);
            for (std::uint32_t in = 0; in < a_message && i < end; ++in, i += step) {
                auto* element = mnl_attr_nest_start(message, NFTA_LIST_ELEM);
                auto* key = mnl_attr_nest_start(message, NFTA_SET_ELEM_KEY);
                mnl_attr_put_u32(message, NFTA_DATA_VALUE, htonl(0x64400000 + i));
                mnl_attr_nest_end(message, key);
                mnl_attr_nest_end(message, element);
            }
            mnl_attr_nest_end(message, list);
            close();
        }
    }
    void flush(const std::string& set) {
        open_elements(NFT_MSG_DELSETELEM, set);
        close();
    }
    void list(const std::string& set) {
        used_ = 0;
        auto* message = open_elements(NFT_MSG_GETSETELEM, set);
        message->nlmsg_flags |= NLM_F_DUMP;
        if (mnl_socket_sendto(socket_, message, message->nlmsg_len) < 0) stop("send");
        for (;;) {
            const auto size = mnl_socket_recvfrom(socket_, answer_, sizeof answer_);
            if (size <= 0) stop("receive");
            auto left = static_cast<int>(size);
            for (auto* one = reinterpret_cast<nlmsghdr*>(answer_); mnl_nlmsg_ok(one, left);
                 one = mnl_nlmsg_next(one, &left))
                if (one->nlmsg_type == NLMSG_DONE) return;
        }
    }

  private:
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
    alignas(nlmsghdr) char answer_[64 * 1024];
};

void make_table(Bare& bare) {
    auto* message = bare.open(NFT_MSG_NEWTABLE, NLM_F_CREATE);
    mnl_attr_put_strz(message, NFTA_TABLE_NAME, "floor");
    bare.close();
}

}  // namespace

Floor measure_floor(std::uint32_t count) {
    Floor floor;
    Bare bare;
    bare.begin();
    make_table(bare);
    bare.add_set("s", count + count / 8);
    for (int i = 0; i < 16; ++i)
        bare.add_set("t" + std::to_string(i), count / 16 + count / 64 + 16);
    bare.commit();
    auto start = Clock::now();
    for (std::uint32_t first = 0; first < count; first += a_transaction) {
        bare.begin();
        bare.elements(NFT_MSG_NEWSETELEM, "s", first, std::min(count, first + a_transaction), 1);
        bare.commit();
    }
    floor.add = since(start);
    start = Clock::now();
    bare.begin();
    const std::uint32_t step = std::max(1U, count / 1000);
    bare.elements(NFT_MSG_DELSETELEM, "s", 0, std::min(count, 1000 * step), step);
    bare.elements(NFT_MSG_NEWSETELEM, "s", 0, std::min(count, 1000 * step), step);
    bare.commit();
    floor.change = since(start);
    start = Clock::now();
    bare.begin();
    bare.flush("s");
    bare.elements(NFT_MSG_NEWSETELEM, "s", 0, count, 1);
    bare.commit();
    floor.rebuild = since(start);
    for (std::uint32_t set = 0; set < 16; ++set)
        for (std::uint32_t first = set; first < count; first += 16 * a_transaction) {
            bare.begin();
            bare.elements(NFT_MSG_NEWSETELEM, "t" + std::to_string(set), first,
                          std::min(count, first + 16 * a_transaction), 16);
            bare.commit();
        }
    start = Clock::now();
    for (int i = 0; i < 16; ++i)
        bare.list("t" + std::to_string(i));
    floor.list = since(start);
    bare.begin();
    auto* message = bare.open(NFT_MSG_DELTABLE, 0);
    mnl_attr_put_strz(message, NFTA_TABLE_NAME, "floor");
    bare.close();
    bare.commit();
    return floor;
}

}  // namespace garita::bench
