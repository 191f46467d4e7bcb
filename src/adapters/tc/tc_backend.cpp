#include "adapters/tc/tc_backend.hpp"

#include <algorithm>
#include <array>
#include <cerrno>
#include <unordered_set>

#include <linux/rtnetlink.h>

namespace garita::tc {
namespace {

using enforce::ChangeFailure;
using enforce::ClassChange;
using enforce::Drift;
using runtime::NetlinkSocket;
using runtime::traffic::refused;
using runtime::traffic::TrafficSocket;

constexpr std::uint16_t most_classes = 10'000;

Error unfit(const char* what) {
    return {ErrorCode::invalid, what, Retry::no};
}

bool is_address(const RuleKey& key) {
    const auto bytes = key.bytes();
    return (bytes.size() == 5 && bytes[0] == 4) || (bytes.size() == 17 && bytes[0] == 6);
}

/// 0: tc cannot hold it.
std::uint64_t bytes_of(const RuleValue& value) {
    if (value.size() != sizeof(std::uint64_t)) return 0;
    std::uint64_t bits = 0;
    for (const std::uint8_t byte : value.bytes())
        bits = bits << 8U | byte;
    return bits % 8 == 0 ? bits / 8 : 0;
}

RuleValue value_of(std::uint64_t bytes_per_second) {
    std::uint64_t bits = bytes_per_second * 8;
    std::array<std::uint8_t, sizeof bits> bytes{};
    for (std::size_t i = bytes.size(); i-- > 0; bits >>= 8U)
        bytes[i] = static_cast<std::uint8_t>(bits);
    RuleValue value;
    (void)value.append(bytes);
    return value;
}

}  // namespace

/// Requests of one batch, and which change each is of. Classes get their rates before anybody is led to them.
struct TcBackend::Writing {
    Requests classes, filters;
    std::vector<std::size_t> of_classes, of_filters;
    Failures failures;

    void put_class(std::size_t change, const ClassPool::Entry& entry) {
        classes.put_class(entry.filter.minor, entry.bytes_per_second);
        of_classes.push_back(change);
    }
    void put_filter(std::size_t change, const ClassPool::Entry& entry) {
        filters.put_filter(entry.filter);
        of_filters.push_back(change);
    }
    void take_filter(std::size_t change, const ClassPool::Entry& entry) {
        filters.take_filter(entry.filter);
        of_filters.push_back(change);
    }
};

TcBackend::TcBackend(std::string name, Settings settings, TrafficSocket socket, NetlinkSocket notices)
    : name_(std::move(name)),
      settings_(std::move(settings)),
      socket_(std::move(socket)),
      notices_(std::move(notices)) {}

Result<std::unique_ptr<TcBackend>> TcBackend::open(const RuleClass& rules, Settings settings) {
    const auto wrong = [&](const std::string& what) {
        return fail(ErrorCode::invalid, "tc for " + rules.name() + ": " + what);
    };
    if (rules.params().size() != 1 || rules.params()[0].type != ParamType::address)
        return wrong("its rules have to have one parameter, an address");
    if (rules.value().type != ParamType::rate) return wrong("its value has to be a rate");
    if (!is_interface_name(settings.interface))
        return wrong("no interface is called \"" + settings.interface + "\"");
    if (settings.classes < 1 || settings.classes > most_classes)
        return wrong("1 to 10000 classes are possible");
    auto socket = TrafficSocket::open("tc of " + rules.name());
    if (!socket) return tl::unexpected(socket.error());
    auto notices = NetlinkSocket::open(NETLINK_ROUTE, "changes of tc", RTMGRP_TC | RTMGRP_LINK);
    if (!notices) return tl::unexpected(notices.error());
    return std::unique_ptr<TcBackend>(
        new TcBackend(rules.name(), std::move(settings), std::move(*socket), std::move(*notices)));
}

void TcBackend::write(Writing& writing, std::size_t index, const ClassChange& change) {
    const std::uint64_t rate = change.after ? bytes_of(*change.after) : 0;
    if (!is_address(change.key) || (change.after && rate == 0)) {
        writing.failures.push_back(
            {index, unfit(is_address(change.key) ? "tc takes a rate of whole bytes a second, and this is none"
                                                 : "tc takes one address, and this is none")});
        return;
    }
    for (const auto& stray : pool_->strays())
        if (stray.filter.key == change.key) writing.take_filter(index, stray);
    const auto* there = pool_->find(change.key);
    if (there != nullptr && rate != 0 && !pool_->shared(*there)) {
        if (there->bytes_per_second == rate) return;
        pool_->set_rate(change.key, rate);
        writing.put_class(index, *there);
        return;
    }
    if (there != nullptr) {
        writing.take_filter(index, *there);
        pool_->give_back(change.key);
    }
    if (rate == 0) return;
    const auto taken = pool_->take(change.key, rate);
    if (!taken) {
        writing.failures.push_back(
            {index,
             {ErrorCode::full,
              "tc has no class left of " + std::to_string(settings_.classes) + " (option classes)",
              Retry::later}});
        return;
    }
    writing.put_class(index, *taken);
    writing.put_filter(index, *taken);
}

Result<void> TcBackend::carry_out(Requests& requests, std::span<const std::size_t> changes,
                                  Failures& failures) {
    const auto acks = send(requests);
    if (!acks) return tl::unexpected(acks.error());
    for (const auto& ack : *acks) {
        pool_.reset();  // what is there is read before the next change
        if (ack.sequence >= changes.size() || ack.error == EPERM || ack.error == ENODEV)
            return refused("a change of classes", ack);
        const bool known = std::any_of(failures.begin(), failures.end(), [&](const ChangeFailure& failure) {
            return failure.change == changes[ack.sequence];
        });
        if (!known)
            failures.push_back({changes[ack.sequence], refused("this subscriber's class", ack).value()});
    }
    return {};
}

Result<std::vector<ChangeFailure>> TcBackend::apply(std::span<const ClassChange> changes) {
    const auto state = load_if_changed();
    if (!state) return tl::unexpected(state.error());
    if (*state == State::missing || !pool_)
        return fail(ErrorCode::conflict, "tc for " + name_ + ": classes or filters were removed by somebody",
                    Retry::later);
    Writing writing{{device_, settings_.direction}, {device_, settings_.direction}, {}, {}, {}};
    for (std::size_t i = 0; i < changes.size(); ++i)
        write(writing, i, changes[i]);
    const bool had_strays = !pool_->strays().empty();
    if (auto done = carry_out(writing.classes, writing.of_classes, writing.failures); !done)
        return tl::unexpected(done.error());
    if (auto done = carry_out(writing.filters, writing.of_filters, writing.failures); !done)
        return tl::unexpected(done.error());
    if (had_strays) pool_.reset();
    if (const auto own = notices_.take_notices(); !own) return tl::unexpected(own.error());
    std::sort(writing.failures.begin(), writing.failures.end(),
              [](const auto& one, const auto& other) { return one.change < other.change; });
    return std::move(writing.failures);
}

Result<void> TcBackend::read_back(const enforce::EntrySink& entry) {
    const auto state = load();
    if (!state) return tl::unexpected(state.error());
    if (!pool_) return {};
    for (const auto& [key, one] : pool_->entries())
        entry(key, value_of(one.bytes_per_second));
    for (const auto& stray : pool_->strays())
        entry(stray.filter.key, value_of(stray.bytes_per_second));
    return {};
}

Result<std::vector<ChangeFailure>> TcBackend::rebuild(const enforce::EntrySource& all, std::size_t count) {
    if (auto ready = prepare(); !ready) return tl::unexpected(ready.error());
    std::vector<ClassChange> wanted;
    wanted.reserve(count);
    std::unordered_set<RuleKey> keys;
    all([&](const RuleKey& key, const RuleValue& value) {
        wanted.push_back({key, std::nullopt, value});
        keys.insert(key);
    });
    std::vector<ClassChange> unwanted;
    for (const auto& [key, entry] : pool_->entries())
        if (!keys.contains(key)) unwanted.push_back({key, std::nullopt, std::nullopt});
    Failures failures;
    for (const auto* changes : {&unwanted, &wanted})
        for (std::size_t first = 0; first < changes->size(); first += batch_size()) {
            const auto part =
                std::span(*changes).subspan(first, std::min(batch_size(), changes->size() - first));
            auto failed = apply(part);
            if (!failed) return failed;
            if (changes == &wanted)
                for (auto& failure : *failed)
                    failures.push_back({failure.change + first, std::move(failure.error)});
        }
    return failures;
}

Result<Drift> TcBackend::check(std::size_t /*count*/) {
    const auto notices = notices_.take_notices();
    if (!notices) return tl::unexpected(notices.error());
    if (pool_ && *notices == NetlinkSocket::Notices::none) return Drift::none;
    const auto before = std::move(pool_);
    const auto state = load();
    if (!state) return tl::unexpected(state.error());
    if (*state == State::missing) return Drift::structure;
    return before && *before == *pool_ ? Drift::none : Drift::possible;
}

}  // namespace garita::tc
