#include "adapters/ipset/kernel.hpp"

#include <algorithm>
#include <array>
#include <cerrno>
#include <cstring>

#include <arpa/inet.h>
#include <libmnl/libmnl.h>
#include <linux/netfilter.h>
#include <linux/netfilter/ipset/ip_set.h>
#include <linux/netfilter/nfnetlink.h>

namespace garita::ipset {
namespace {

// Of one kind of element, so that a message stays below the 64 KiB that the length of its list can say.
constexpr std::size_t elements_at_once = 800;
constexpr std::size_t largest_element = 72;
// Errors of sets that are hashes, which the kernel's headers do not show.
constexpr int hash_full = IPSET_ERR_TYPE_SPECIFIC;

struct Request {
    alignas(nlmsghdr) std::array<std::byte, 512> bytes{};
};

std::uint8_t family_number(unsigned family) {
    return family == 4 ? NFPROTO_IPV4 : family == 6 ? NFPROTO_IPV6 : NFPROTO_UNSPEC;
}

nlmsghdr& begin(std::span<std::byte> buffer, ipset_cmd command, unsigned family, const std::string* set,
                unsigned flags = NLM_F_ACK) {
    nlmsghdr* message = mnl_nlmsg_put_header(buffer.data());
    message->nlmsg_type = static_cast<std::uint16_t>((NFNL_SUBSYS_IPSET << 8U) | command);
    message->nlmsg_flags = static_cast<std::uint16_t>(NLM_F_REQUEST | flags);
    auto* generic = static_cast<nfgenmsg*>(mnl_nlmsg_put_extra_header(message, sizeof(nfgenmsg)));
    generic->nfgen_family = family_number(family);
    generic->version = NFNETLINK_V0;
    generic->res_id = htons(0);
    mnl_attr_put_u8(message, IPSET_ATTR_PROTOCOL, IPSET_PROTOCOL);
    if (set != nullptr) mnl_attr_put_strz(message, IPSET_ATTR_SETNAME, set->c_str());
    return *message;
}

void put_number(nlmsghdr& message, std::uint16_t type, std::uint32_t number) {
    mnl_attr_put_u32(&message, static_cast<std::uint16_t>(type | NLA_F_NET_BYTEORDER), htonl(number));
}

tl::unexpected<Error> refused(const std::string& what, int error) {
    const bool denied = error == EPERM || error == EACCES;
    return fail(denied ? ErrorCode::forbidden : ErrorCode::io,
                "ipset refused " + what + ": " + words_for(error), denied ? Retry::no : Retry::later);
}

runtime::NetlinkAttributes attributes_of(const nlmsghdr& message) {
    return {message, sizeof(nfgenmsg)};
}

}  // namespace

std::string words_for(int error) {
    switch (error) {
        case EPERM:
        case EACCES:
            return std::string(std::strerror(error)) + " (it needs CAP_NET_ADMIN)";
        case ENOENT:
            return "there is no such set";
        case hash_full:
            return "the set is full";
        case IPSET_ERR_FIND_TYPE:
            return "the kernel has no such type of set";
        case IPSET_ERR_BUSY:
        case IPSET_ERR_REFERENCED:
            return "the set is in use by a rule; take the rule away first";
        case IPSET_ERR_TYPE_MISMATCH:
            return "there is a set of another type; remove it by hand";
        case IPSET_ERR_INVALID_CIDR:
            return "a prefix of that length cannot be held";
        case IPSET_ERR_INVALID_FAMILY:
            return "an address of the other family";
        default:
            return error < IPSET_ERR_PRIVATE ? std::strerror(error) : "its error " + std::to_string(error);
    }
}

Result<Kernel> Kernel::open(Shape shape) {
    auto socket = runtime::NetlinkSocket::open(NETLINK_NETFILTER, "ipset");
    if (!socket) return tl::unexpected(socket.error());
    return Kernel(std::move(*socket), shape);
}

Result<std::uint8_t> Kernel::revision(unsigned family) {
    if (revision_) return *revision_;
    Request buffer;
    nlmsghdr& message = begin(buffer.bytes, IPSET_CMD_TYPE, family, nullptr);
    mnl_attr_put_strz(&message, IPSET_ATTR_TYPENAME, shape_.type_name());
    mnl_attr_put_u8(&message, IPSET_ATTR_FAMILY, family_number(family));
    const auto ack = socket_.request(message, [&](const nlmsghdr& answer) {
        if (const auto found = attributes_of(answer).find(IPSET_ATTR_REVISION))
            revision_ = found->value<std::uint8_t>();
    });
    if (!ack) return tl::unexpected(ack.error());
    if (ack->error != 0 || !revision_)
        return refused(std::string("sets of type ") + shape_.type_name(), ack->error);
    return *revision_;
}

Result<Kernel::Made> Kernel::create(const SetName& set, const Sizes& sizes) {
    const auto newest = revision(set.family);
    if (!newest) return tl::unexpected(newest.error());
    Request buffer;
    nlmsghdr& message = begin(buffer.bytes, IPSET_CMD_CREATE, set.family, &set.name);
    mnl_attr_put_strz(&message, IPSET_ATTR_TYPENAME, shape_.type_name());
    mnl_attr_put_u8(&message, IPSET_ATTR_REVISION, *newest);
    mnl_attr_put_u8(&message, IPSET_ATTR_FAMILY, family_number(set.family));
    nlattr* data = mnl_attr_nest_start(&message, IPSET_ATTR_DATA);
    put_number(message, IPSET_ATTR_HASHSIZE, sizes.buckets);
    put_number(message, IPSET_ATTR_MAXELEM, sizes.most);
    if (shape_.value == Shape::Value::mark)
        put_number(message, IPSET_ATTR_CADT_FLAGS, IPSET_FLAG_WITH_SKBINFO);
    mnl_attr_nest_end(&message, data);
    const auto ack = socket_.request(message);
    if (!ack) return tl::unexpected(ack.error());
    if (ack->error == 0) return Made::yes;
    if (ack->error == EEXIST || ack->error == IPSET_ERR_EXIST) return Made::other;
    return refused("to make set " + set.name, ack->error);
}

Result<void> Kernel::destroy(const SetName& set) {
    Request buffer;
    nlmsghdr& message = begin(buffer.bytes, IPSET_CMD_DESTROY, set.family, &set.name);
    const auto ack = socket_.request(message);
    if (!ack) return tl::unexpected(ack.error());
    if (ack->error != 0 && ack->error != ENOENT) return refused("to destroy set " + set.name, ack->error);
    return {};
}

Result<void> Kernel::swap(const SetName& set, const SetName& other) {
    Request buffer;
    nlmsghdr& message = begin(buffer.bytes, IPSET_CMD_SWAP, set.family, &set.name);
    mnl_attr_put_strz(&message, IPSET_ATTR_SETNAME2, other.name.c_str());
    const auto ack = socket_.request(message);
    if (!ack) return tl::unexpected(ack.error());
    if (ack->error != 0) return refused("to swap set " + set.name + " with " + other.name, ack->error);
    return {};
}

Result<bool> Kernel::exists(const SetName& set) {
    Request buffer;
    nlmsghdr& message = begin(buffer.bytes, IPSET_CMD_HEADER, set.family, &set.name);
    bool same_type = false;
    const auto ack = socket_.request(message, [&](const nlmsghdr& answer) {
        const auto type = attributes_of(answer).find(IPSET_ATTR_TYPENAME);
        same_type = type && type->text() == shape_.type_name();
    });
    if (!ack) return tl::unexpected(ack.error());
    if (ack->error == ENOENT) return false;
    if (ack->error != 0) return refused("to show set " + set.name, ack->error);
    return same_type;
}

Result<std::optional<std::size_t>> Kernel::count(const SetName& set) {
    Request buffer;
    nlmsghdr& message = begin(buffer.bytes, IPSET_CMD_LIST, set.family, &set.name, NLM_F_DUMP);
    put_number(message, IPSET_ATTR_FLAGS, IPSET_FLAG_LIST_HEADER);
    std::optional<std::size_t> elements;
    const auto visit = [&](const nlmsghdr& answer) {
        const auto data = attributes_of(answer).find(IPSET_ATTR_DATA);
        if (!data) return;
        const auto found = runtime::NetlinkAttributes(*data).find(IPSET_ATTR_ELEMENTS);
        if (const auto number = found ? found->value<std::uint32_t>() : std::nullopt)
            elements = ntohl(*number);
    };
    const auto ack = socket_.dump(message, visit, [&] { elements.reset(); });
    if (!ack) return tl::unexpected(ack.error());
    if (ack->error == ENOENT) return std::optional<std::size_t>{};
    if (ack->error != 0) return refused("to count set " + set.name, ack->error);
    return elements;
}

Result<void> Kernel::list(const SetName& set,
                          const std::function<void(const RuleKey&, const RuleValue&)>& element) {
    Request buffer;
    nlmsghdr& message = begin(buffer.bytes, IPSET_CMD_LIST, set.family, &set.name, NLM_F_DUMP);
    const auto visit = [&](const nlmsghdr& answer) {
        const auto all = attributes_of(answer).find(IPSET_ATTR_ADT);
        if (!all) return;
        runtime::NetlinkAttributes elements(*all);
        while (const auto data = elements.next())
            if (const auto entry = parse_element(*data, shape_)) element(entry->first, entry->second);
    };
    const auto ack = socket_.dump(message, visit, [] {});
    if (!ack) return tl::unexpected(ack.error());
    if (ack->error == ENOENT) return fail(ErrorCode::not_found, "there is no set " + set.name, Retry::later);
    if (ack->error != 0) return refused("to list set " + set.name, ack->error);
    return {};
}

Result<runtime::NetlinkAck> Kernel::change_once(const SetName& set, ElementVerb verb,
                                                std::span<const Element> elements) {
    const auto room = 256 + elements_at_once * largest_element;
    if (buffer_.size() < room) buffer_.resize(room);
    const auto command = verb == ElementVerb::add ? IPSET_CMD_ADD : IPSET_CMD_DEL;
    nlmsghdr& message = begin(buffer_, command, set.family, &set.name);
    // The kernel writes the number of a refused element there, and sends the message back.
    mnl_attr_put_u32(&message, IPSET_ATTR_LINENO, 0);
    nlattr* list = mnl_attr_nest_start(&message, IPSET_ATTR_ADT);
    for (std::uint32_t i = 0; i < elements.size(); ++i) {
        nlattr* data = mnl_attr_nest_start(&message, IPSET_ATTR_DATA);
        put_element(message, shape_, elements[i].key,
                    verb == ElementVerb::add ? &elements[i].value : nullptr);
        mnl_attr_put_u32(&message, IPSET_ATTR_LINENO, i + 1);  // of line 0 the kernel says nothing
        mnl_attr_nest_end(&message, data);
    }
    mnl_attr_nest_end(&message, list);
    return socket_.request(message);
}

Result<void> Kernel::change(const SetName& set, ElementVerb verb, std::span<const Element> elements,
                            std::vector<RefusedElement>& refusals) {
    while (!elements.empty()) {
        const auto part = elements.first(std::min(elements.size(), elements_at_once));
        const auto ack = change_once(set, verb, part);
        if (!ack) return tl::unexpected(ack.error());
        if (ack->error == 0) {
            elements = elements.subspan(part.size());
            continue;
        }
        if (ack->error == ENOENT)
            return fail(ErrorCode::conflict, "there is no set " + set.name + " any more", Retry::later);
        std::optional<std::uint32_t> line;
        if (ack->echo.size() >= sizeof(nlmsghdr)) {
            const auto found =
                attributes_of(*reinterpret_cast<const nlmsghdr*>(ack->echo.data())).find(IPSET_ATTR_LINENO);
            line = found ? found->value<std::uint32_t>() : std::nullopt;
        }
        // Those before the refused one are done.
        if (ack->error == EPERM || !line || *line == 0 || *line > part.size())
            return refused("to change set " + set.name, ack->error);
        const bool full = ack->error == hash_full;
        refusals.push_back(
            {part[*line - 1].position,
             {full ? ErrorCode::full : ErrorCode::invalid, "set " + set.name + ": " + words_for(ack->error),
              full ? Retry::later : Retry::no}});
        elements = elements.subspan(*line);
    }
    return {};
}

}  // namespace garita::ipset
