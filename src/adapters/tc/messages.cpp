#include "adapters/tc/messages.hpp"

#include <algorithm>
#include <cstring>

#include <arpa/inet.h>
#include <linux/if_ether.h>
#include <linux/pkt_cls.h>

#include "adapters/tc/u32.hpp"
#include "runtime/netlink/attributes.hpp"
#include "runtime/traffic/request.hpp"

namespace garita::tc {
namespace {

using runtime::NetlinkAttributes;

constexpr std::size_t room_for_one = 512;
constexpr std::uint32_t lists = 256;
constexpr std::uint64_t nanoseconds = 1'000'000'000;
constexpr unsigned tick_shift = 6;  // the kernel's ticks are of 64 ns
// Smallest burst: some full packets, so that the clock's grain does not count.
constexpr std::uint64_t fewest_bytes = 15'000;
constexpr std::uint64_t burst_share = 100;  // of a second
constexpr std::uint32_t quantum = 1514;

/// From the beginning of the IP header.
std::uint32_t address_offset(std::uint8_t family, Direction direction) {
    if (family == 4) return direction == Direction::sends ? 12 : 16;
    return direction == Direction::sends ? 8 : 24;
}

std::size_t address_size(std::uint8_t family) {
    return family == 4 ? 4 : 16;
}

std::uint32_t ticks(std::uint64_t bytes, std::uint64_t bytes_per_second) {
    const std::uint64_t time = bytes * nanoseconds / std::max<std::uint64_t>(bytes_per_second, 1);
    return static_cast<std::uint32_t>(std::min<std::uint64_t>(time >> tick_shift, UINT32_MAX));
}

std::uint32_t filter_parent() {
    return root_handle;
}

}  // namespace

std::uint32_t FilterTable::info() const {
    return family == 4 ? 10U << 16U | htons(ETH_P_IP) : 11U << 16U | htons(ETH_P_IPV6);
}

nlmsghdr& Requests::begin(std::uint16_t type, std::uint16_t flags, std::uint32_t parent, std::uint32_t handle,
                          std::uint32_t info) {
    if (bytes_.size() < used_ + room_for_one) bytes_.resize((used_ + room_for_one) * 2);
    sequences_.push_back(used_);
    return runtime::traffic::begin_request(bytes_.data() + used_, type, flags, {link_, parent, handle, info});
}

void Requests::end(const nlmsghdr& message) {
    used_ += NLMSG_ALIGN(message.nlmsg_len);
}

void Requests::clear() {
    used_ = 0;
    sequences_.clear();
}

void Requests::number(std::uint32_t first) {
    for (const std::size_t at : sequences_)
        reinterpret_cast<nlmsghdr*>(bytes_.data() + at)->nlmsg_seq = first++;
}

void Requests::root() {
    nlmsghdr& message = begin(RTM_NEWQDISC, NLM_F_CREATE | NLM_F_EXCL, TC_H_ROOT, root_handle, 0);
    mnl_attr_put_strz(&message, TCA_KIND, "htb");
    nlattr* options = mnl_attr_nest_start(&message, TCA_OPTIONS);
    tc_htb_glob about{};
    about.version = TC_HTB_PROTOVER;
    about.rate2quantum = 10;
    mnl_attr_put(&message, TCA_HTB_INIT, sizeof about, &about);
    mnl_attr_nest_end(&message, options);
    end(message);
}

void Requests::take_root() {
    end(begin(RTM_DELQDISC, 0, TC_H_ROOT, root_handle, 0));
}

void Requests::put_class(std::uint16_t minor, std::uint64_t bytes_per_second) {
    nlmsghdr& message = begin(RTM_NEWTCLASS, NLM_F_CREATE, root_handle, root_handle | minor, 0);
    mnl_attr_put_strz(&message, TCA_KIND, "htb");
    nlattr* options = mnl_attr_nest_start(&message, TCA_OPTIONS);
    tc_htb_opt about{};
    about.rate.linklayer = about.ceil.linklayer = TC_LINKLAYER_ETHERNET;
    about.rate.rate = about.ceil.rate =
        static_cast<std::uint32_t>(std::min<std::uint64_t>(bytes_per_second, UINT32_MAX));
    about.buffer = about.cbuffer =
        ticks(std::max(fewest_bytes, bytes_per_second / burst_share), bytes_per_second);
    about.quantum = quantum;
    mnl_attr_put(&message, TCA_HTB_PARMS, sizeof about, &about);
    if (bytes_per_second > UINT32_MAX) {
        mnl_attr_put_u64(&message, TCA_HTB_RATE64, bytes_per_second);
        mnl_attr_put_u64(&message, TCA_HTB_CEIL64, bytes_per_second);
    }
    mnl_attr_nest_end(&message, options);
    end(message);
}

void Requests::filter_table(const FilterTable& table) {
    nlmsghdr& message =
        begin(RTM_NEWTFILTER, NLM_F_CREATE | NLM_F_EXCL, filter_parent(), table.id(), table.info());
    mnl_attr_put_strz(&message, TCA_KIND, "u32");
    nlattr* options = mnl_attr_nest_start(&message, TCA_OPTIONS);
    mnl_attr_put_u32(&message, TCA_U32_DIVISOR, lists);
    mnl_attr_nest_end(&message, options);
    end(message);
}

void Requests::filter_link(const FilterTable& table) {
    nlmsghdr& message = begin(RTM_NEWTFILTER, NLM_F_CREATE | NLM_F_EXCL, filter_parent(), 1, table.info());
    mnl_attr_put_strz(&message, TCA_KIND, "u32");
    nlattr* options = mnl_attr_nest_start(&message, TCA_OPTIONS);
    Selector selector;
    selector.head.keys = 1;  // that fits everything
    selector.head.hash_at = static_cast<std::int16_t>(address_offset(table.family, direction_) +
                                                      address_size(table.family) - sizeof(std::uint32_t));
    selector.head.hash_mask = htonl(lists - 1);
    mnl_attr_put_u32(&message, TCA_U32_LINK, table.id());
    mnl_attr_put(&message, TCA_U32_SEL, selector.size(), &selector);
    mnl_attr_nest_end(&message, options);
    end(message);
}

void Requests::put_filter(const SubscriberFilter& filter) {
    const auto bytes = filter.key.bytes();
    const FilterTable table{bytes[0]};
    nlmsghdr& message =
        begin(RTM_NEWTFILTER, NLM_F_CREATE | NLM_F_EXCL, filter_parent(), filter.handle, table.info());
    mnl_attr_put_strz(&message, TCA_KIND, "u32");
    nlattr* options = mnl_attr_nest_start(&message, TCA_OPTIONS);
    Selector selector;
    selector.head.flags = TC_U32_TERMINAL;
    selector.head.keys = static_cast<std::uint8_t>(address_size(table.family) / sizeof(std::uint32_t));
    for (std::size_t word = 0; word < selector.head.keys; ++word) {
        auto& key = selector.keys[word];
        key.mask = 0xFFFFFFFFU;
        std::memcpy(&key.val, bytes.data() + 1 + word * sizeof key.val, sizeof key.val);
        key.off = static_cast<int>(address_offset(table.family, direction_) + word * sizeof key.val);
    }
    mnl_attr_put_u32(&message, TCA_U32_CLASSID, root_handle | filter.minor);
    mnl_attr_put_u32(&message, TCA_U32_HASH, filter.handle & 0xFFFFF000U);
    mnl_attr_put(&message, TCA_U32_SEL, selector.size(), &selector);
    mnl_attr_nest_end(&message, options);
    end(message);
}

void Requests::take_filter(const SubscriberFilter& filter) {
    nlmsghdr& message =
        begin(RTM_DELTFILTER, 0, filter_parent(), filter.handle, FilterTable{filter.key.bytes()[0]}.info());
    mnl_attr_put_strz(&message, TCA_KIND, "u32");
    end(message);
}

std::optional<ListedClass> parse_class(const nlmsghdr& message) {
    const auto* about = runtime::traffic::object_of(message);
    if (about == nullptr || (about->tcm_handle & 0xFFFF0000U) != root_handle) return std::nullopt;
    const auto options = NetlinkAttributes(message, sizeof(tcmsg)).find(TCA_OPTIONS);
    if (!options) return std::nullopt;
    const auto parms = NetlinkAttributes(*options).find(TCA_HTB_PARMS);
    const auto values = parms ? parms->value<tc_htb_opt>() : std::nullopt;
    if (!values) return std::nullopt;
    ListedClass listed{static_cast<std::uint16_t>(about->tcm_handle & 0xFFFFU), values->rate.rate};
    if (const auto large = NetlinkAttributes(*options).find(TCA_HTB_RATE64))
        listed.bytes_per_second = large->value<std::uint64_t>().value_or(listed.bytes_per_second);
    return listed;
}

ListedFilter parse_filter(const nlmsghdr& message, Direction direction) {
    ListedFilter listed;
    const auto* about = runtime::traffic::object_of(message);
    if (about == nullptr) return listed;
    const bool v4 = about->tcm_info == FilterTable{4}.info();
    if (!v4 && about->tcm_info != FilterTable{6}.info()) return listed;
    listed.family = v4 ? 4 : 6;
    const auto options = NetlinkAttributes(message, sizeof(tcmsg)).find(TCA_OPTIONS);
    if (!options) return listed;
    const NetlinkAttributes parts(*options);
    if (about->tcm_handle == FilterTable{listed.family}.id() && parts.find(TCA_U32_DIVISOR)) {
        listed.kind = ListedFilter::Kind::table;
        return listed;
    }
    if (const auto link = parts.find(TCA_U32_LINK)) {
        if (link->value<std::uint32_t>() == FilterTable{listed.family}.id())
            listed.kind = ListedFilter::Kind::link;
        return listed;
    }
    const auto class_id = parts.find(TCA_U32_CLASSID);
    const auto selector = parts.find(TCA_U32_SEL);
    const std::size_t words = address_size(listed.family) / sizeof(std::uint32_t);
    if (!class_id || !selector ||
        selector->payload.size() < sizeof(SelectorHead) + words * sizeof(tc_u32_key))
        return listed;
    const std::uint32_t of_class = class_id->value<std::uint32_t>().value_or(0);
    SelectorHead head{};
    std::memcpy(&head, selector->payload.data(), sizeof head);
    if ((of_class & 0xFFFF0000U) != root_handle || head.keys != words) return listed;
    (void)listed.filter.key.append(std::span(&listed.family, 1));
    for (std::size_t word = 0; word < words; ++word) {
        tc_u32_key key{};
        std::memcpy(&key, selector->payload.data() + sizeof head + word * sizeof key, sizeof key);
        std::array<std::uint8_t, 4> bytes{};
        std::memcpy(bytes.data(), &key.val, bytes.size());
        if (key.mask != 0xFFFFFFFFU ||
            key.off != static_cast<int>(address_offset(listed.family, direction) + word * sizeof key.val))
            return listed;
        (void)listed.filter.key.append(bytes);
    }
    listed.filter.handle = about->tcm_handle;
    listed.filter.minor = static_cast<std::uint16_t>(of_class & 0xFFFFU);
    listed.kind = ListedFilter::Kind::subscriber;
    return listed;
}

}  // namespace garita::tc
