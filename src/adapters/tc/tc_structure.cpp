// What a class needs on its device before there are subscribers: made, found again, taken away.

#include <cerrno>

#include <linux/rtnetlink.h>

#include "adapters/tc/tc_backend.hpp"
#include "adapters/tc/upload.hpp"
#include "runtime/traffic/request.hpp"

namespace garita::tc {
namespace {

using runtime::NetlinkSocket;
using runtime::traffic::begin_request;
using runtime::traffic::Link;
using runtime::traffic::refused;
using runtime::traffic::RequestBuffer;

constexpr std::uint64_t first_rate = 125'000;  // bytes a second, of a class that nobody has
constexpr std::size_t made_at_once = 500;

}  // namespace

Result<Link> TcBackend::interface() {
    const auto link = socket_.link(settings_.interface);
    if (!link) return tl::unexpected(link.error());
    if (!*link)
        return fail(ErrorCode::unavailable,
                    "tc for " + name_ + ": there is no interface " + settings_.interface, Retry::later);
    return **link;
}

Result<std::optional<int>> TcBackend::device() {
    const auto from = interface();
    if (!from) return tl::unexpected(from.error());
    if (settings_.direction == Direction::receives) return std::optional(from->index);
    const auto led = is_led_there(socket_, *from);
    if (!led) return tl::unexpected(led.error());
    const auto upload = socket_.link(upload_device_of(*from));
    if (!upload) return tl::unexpected(upload.error());
    if (!*led || !*upload) return std::optional<int>{};
    return std::optional((*upload)->index);
}

Result<std::vector<runtime::NetlinkAck>> TcBackend::send(Requests& requests) {
    if (requests.count() == 0) return std::vector<runtime::NetlinkAck>{};
    const std::uint32_t first = socket_.netlink().next_sequence();
    for (std::size_t i = 1; i < requests.count(); ++i)
        (void)socket_.netlink().next_sequence();
    requests.number(first);
    auto acks = socket_.netlink().send_batch(requests.bytes());
    if (!acks) {
        pool_.reset();
        return tl::unexpected(acks.error());
    }
    std::erase_if(*acks, [](const auto& ack) { return ack.error == 0; });
    for (auto& ack : *acks)
        ack.sequence -= first;
    return acks;
}

Result<void> TcBackend::send_all(Requests& requests, const char* what) {
    const auto acks = send(requests);
    requests.clear();
    if (!acks) return tl::unexpected(acks.error());
    if (!acks->empty()) return refused(what, acks->front());
    return {};
}

Result<TcBackend::State> TcBackend::load() {
    pool_.reset();
    const auto where = device();
    if (!where) return tl::unexpected(where.error());
    // What changes from here on is noticed.
    if (const auto seen = notices_.take_notices(); !seen) return tl::unexpected(seen.error());
    if (!*where) return State::missing;
    device_ = **where;
    std::vector<ListedClass> classes;
    std::vector<SubscriberFilter> filters;
    int structure = 0;
    RequestBuffer buffer;
    nlmsghdr& of_classes =
        begin_request(buffer.bytes.data(), RTM_GETTCLASS, NLM_F_DUMP | NLM_F_ACK, {device_, 0, 0, 0});
    const auto listed = socket_.netlink().dump(
        of_classes,
        [&](const nlmsghdr& answer) {
            if (const auto one = parse_class(answer)) classes.push_back(*one);
        },
        [&] { classes.clear(); });
    if (!listed) return tl::unexpected(listed.error());
    nlmsghdr& of_filters = begin_request(buffer.bytes.data(), RTM_GETTFILTER, NLM_F_DUMP | NLM_F_ACK,
                                         {device_, root_handle, 0, 0});
    const auto filtered = socket_.netlink().dump(
        of_filters,
        [&](const nlmsghdr& answer) {
            const auto one = parse_filter(answer, settings_.direction);
            if (one.kind == ListedFilter::Kind::subscriber) filters.push_back(one.filter);
            if (one.kind == ListedFilter::Kind::table || one.kind == ListedFilter::Kind::link) ++structure;
        },
        [&] {
            filters.clear();
            structure = 0;
        });
    if (!filtered) return tl::unexpected(filtered.error());
    pool_.emplace().learn(classes, filters);
    return structure == 4 && classes.size() >= settings_.classes ? State::whole : State::missing;
}

Result<TcBackend::State> TcBackend::load_if_changed() {
    const auto notices = notices_.take_notices();
    if (!notices) return tl::unexpected(notices.error());
    if (pool_ && *notices == NetlinkSocket::Notices::none) return State::whole;
    return load();
}

Result<void> TcBackend::make_filters() {
    Requests requests(device_, settings_.direction);
    for (const std::uint8_t family : {std::uint8_t{4}, std::uint8_t{6}}) {
        requests.filter_table({family});
        requests.filter_link({family});
    }
    const auto acks = send(requests);
    if (!acks) return tl::unexpected(acks.error());
    for (const auto& ack : *acks)
        if (ack.error != EEXIST && ack.error != ENOSPC) return refused("the tables of filters", ack);
    return {};
}

Result<void> TcBackend::prepare() {
    const auto from = interface();
    if (!from) return tl::unexpected(from.error());
    if (settings_.direction == Direction::sends)
        if (const auto made = make_upload_device(socket_, *from); !made) return tl::unexpected(made.error());
    const auto state = load();
    if (!state) return tl::unexpected(state.error());
    if (*state == State::whole) return {};
    if (!pool_)
        return fail(ErrorCode::unavailable, "tc for " + name_ + ": packets are not led to its device",
                    Retry::later);
    Requests requests(device_, settings_.direction);
    if (pool_->classes() == 0) {
        requests.root();
        const auto acks = send(requests);
        if (!acks) return tl::unexpected(acks.error());
        requests.clear();
        // ours without a class, after a death; or somebody else's, and then classes are refused
        if (!acks->empty() && acks->front().error != EEXIST)
            return refused("HTB at the root of " + settings_.interface, acks->front());
    }
    const std::string what =
        "classes of HTB at " + settings_.interface + " (is another discipline at its root?)";
    for (std::uint16_t minor = 1; minor <= settings_.classes; ++minor) {
        if (!pool_->has_class(minor)) requests.put_class(minor, first_rate);
        if (requests.count() < made_at_once && minor < settings_.classes) continue;
        if (auto made = send_all(requests, what.c_str()); !made) return made;
    }
    if (auto made = make_filters(); !made) return made;
    const auto now = load();
    if (!now) return tl::unexpected(now.error());
    if (*now == State::missing)
        return fail(ErrorCode::io, "tc for " + name_ + ": what was just made is not there", Retry::later);
    return {};
}

Result<void> TcBackend::remove_all() {
    pool_.reset();
    const auto from = interface();
    if (!from)
        return from.error().code == ErrorCode::unavailable ? Result<void>{} : tl::unexpected(from.error());
    if (settings_.direction == Direction::sends) return remove_upload_device(socket_, *from);
    Requests requests(from->index, settings_.direction);
    requests.take_root();
    const auto acks = send(requests);
    if (!acks) return tl::unexpected(acks.error());
    for (const auto& ack : *acks)
        if (ack.error != ENOENT && ack.error != EINVAL) return refused("to take HTB away", ack);
    return {};
}

}  // namespace garita::tc
