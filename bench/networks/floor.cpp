#include "floor.hpp"

#include <algorithm>
#include <array>
#include <cerrno>
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
using Networks = std::vector<Network>;
constexpr std::size_t a_transaction = 4000;
constexpr std::size_t a_message = 500;

[[noreturn]] void stop(const char* what) {
    std::perror(what);
    std::exit(1);
}

class Bare {
  public:
    explicit Bare(Sets sets) : sets_(sets), socket_(mnl_socket_open(NETLINK_NETFILTER)), bytes_(8U << 20U) {
        if (socket_ == nullptr || mnl_socket_bind(socket_, 0, MNL_SOCKET_AUTOPID) < 0) stop("socket");
        const int room = 32 << 20;
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
    void commit() {
        last_->nlmsg_flags |= NLM_F_ACK;
        const auto wanted = last_->nlmsg_seq;
        header(NFNL_MSG_BATCH_END, 0, AF_UNSPEC, NFNL_SUBSYS_NFTABLES);
        close();
        if (mnl_socket_sendto(socket_, bytes_.data(), used_) < 0) stop("send");
        for (bool acked = false; !acked;) {
            const auto size = mnl_socket_recvfrom(socket_, answer_.data(), answer_.size());
            if (size <= 0) stop("receive");
            auto left = static_cast<int>(size);
            for (auto* one = reinterpret_cast<nlmsghdr*>(answer_.data()); mnl_nlmsg_ok(one, left);
                 one = mnl_nlmsg_next(one, &left)) {
                int error = 0;
                std::memcpy(&error, mnl_nlmsg_get_payload(one), sizeof error);
                if (one->nlmsg_type == NLMSG_ERROR && error != 0) errno = -error, stop("refused");
                acked = acked || one->nlmsg_seq == wanted;
            }
        }
    }
    void table(int type) {
        open(type, type == NFT_MSG_NEWTABLE ? NLM_F_CREATE : 0);
        mnl_attr_put_strz(last_, NFTA_TABLE_NAME, "floor");
        close();
    }
    void add_set(const std::string& name, std::size_t size) {
        open(NFT_MSG_NEWSET, NLM_F_CREATE);
        mnl_attr_put_strz(last_, NFTA_SET_TABLE, "floor");
        mnl_attr_put_strz(last_, NFTA_SET_NAME, name.c_str());
        mnl_attr_put_u32(last_, NFTA_SET_FLAGS, htonl(sets_ == Sets::interval ? NFT_SET_INTERVAL : 0));
        mnl_attr_put_u32(last_, NFTA_SET_KEY_TYPE, htonl(7));
        mnl_attr_put_u32(last_, NFTA_SET_KEY_LEN, htonl(4));
        mnl_attr_put_u32(last_, NFTA_SET_ID, htonl(last_->nlmsg_seq));
        auto* description = mnl_attr_nest_start(last_, NFTA_SET_DESC);
        mnl_attr_put_u32(last_, NFTA_SET_DESC_SIZE, htonl(static_cast<std::uint32_t>(size)));
        mnl_attr_nest_end(last_, description);
        close();
    }
    /// Of one set.
    void elements(int type, const std::string& set, std::span<const Network> networks) {
        while (!networks.empty()) {
            const auto part = networks.first(std::min(networks.size(), a_message));
            networks = networks.subspan(part.size());
            open(type, type == NFT_MSG_NEWSETELEM ? NLM_F_CREATE : 0);
            mnl_attr_put_strz(last_, NFTA_SET_ELEM_LIST_TABLE, "floor");
            mnl_attr_put_strz(last_, NFTA_SET_ELEM_LIST_SET, set.c_str());
            auto* list = mnl_attr_nest_start(last_, NFTA_SET_ELEM_LIST_ELEMENTS);
            for (const auto& network : part) {
                element(network.first, 0);
                if (sets_ == Sets::interval)
                    element(network.first + (1U << (32 - network.prefix)), NFT_SET_ELEM_INTERVAL_END);
            }
            mnl_attr_nest_end(last_, list);
            close();
        }
    }

  private:
    void element(std::uint32_t address, std::uint32_t flags) {
        auto* element = mnl_attr_nest_start(last_, NFTA_LIST_ELEM);
        auto* key = mnl_attr_nest_start(last_, NFTA_SET_ELEM_KEY);
        mnl_attr_put_u32(last_, NFTA_DATA_VALUE, htonl(address));
        mnl_attr_nest_end(last_, key);
        if (flags != 0) mnl_attr_put_u32(last_, NFTA_SET_ELEM_FLAGS, htonl(flags));
        mnl_attr_nest_end(last_, element);
    }
    void open(int type, unsigned flags) {
        header(static_cast<std::uint16_t>(NFNL_SUBSYS_NFTABLES << 8 | type), flags, NFPROTO_INET, 0);
    }
    void close() { used_ += MNL_ALIGN(last_->nlmsg_len); }
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

    Sets sets_;
    mnl_socket* socket_;
    std::vector<char> bytes_;
    std::size_t used_ = 0;
    nlmsghdr* last_ = nullptr;
    std::uint32_t sequence_ = 0;
    alignas(nlmsghdr) std::array<char, std::size_t{64} * 1024> answer_{};
};

/// By the number of their set.
using Spread = std::array<Networks, 33>;
Spread spread(std::span<const Network> networks, Sets sets) {
    Spread in;
    for (const auto& network : networks)
        in[sets == Sets::interval ? 0 : network.prefix].push_back(network);
    return in;
}

void put(Bare& bare, int type, const Spread& in) {
    for (std::size_t set = 0; set < in.size(); ++set)
        bare.elements(type, 's' + std::to_string(set), in[set]);
}

template <typename Action>
double took(Action action) {
    const auto start = Clock::now();
    action();
    return std::chrono::duration<double, std::milli>(Clock::now() - start).count();
}

}  // namespace

Floor measure_floor(std::span<const Network> networks, Sets sets) {
    Floor floor;
    Bare bare(sets);
    bare.begin();
    bare.table(NFT_MSG_NEWTABLE);
    const auto all = spread(networks, sets);
    for (std::size_t set = 0; set < all.size(); ++set)
        if (!all[set].empty()) bare.add_set('s' + std::to_string(set), all[set].size() * 9 / 4 + 64);
    bare.commit();
    floor.add = took([&] {
        for (std::size_t first = 0; first < networks.size(); first += a_transaction) {
            bare.begin();
            put(bare, NFT_MSG_NEWSETELEM,
                spread(networks.subspan(first, std::min(a_transaction, networks.size() - first)), sets));
            bare.commit();
        }
    });
    Networks some;
    for (std::size_t i = 0; i < 1000; ++i)
        some.push_back(networks[i * networks.size() / 1000]);
    floor.change = took([&] {
        const auto in = spread(some, sets);
        bare.begin();
        put(bare, NFT_MSG_DELSETELEM, in);
        put(bare, NFT_MSG_NEWSETELEM, in);
        bare.commit();
    });
    bare.begin();
    bare.table(NFT_MSG_DELTABLE);
    bare.commit();
    return floor;
}

}  // namespace garita::bench
