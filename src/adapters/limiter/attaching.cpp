// Where the limiter's program hangs: at the interfaces of its settings, and nowhere else any more.

#include <algorithm>

#include <linux/if_arp.h>
#include <linux/if_ether.h>

#include "adapters/limiter/limiter_backend.hpp"

namespace garita::limiter {
namespace {

using runtime::traffic::Hook;
using runtime::traffic::Link;
using runtime::traffic::ProgramPlace;

std::uint32_t handle_of(std::string_view name) {
    std::uint32_t handle = 2166136261U;
    for (const char c : name)
        handle = (handle ^ static_cast<std::uint8_t>(c)) * 16777619U;
    return (handle & 0x7FFFFFFFU) | 1U;
}

}  // namespace

/// The name has the table's number and the program's digest in it: so one look tells whether what hangs there
/// does what it should, and whose it is.
std::string LimiterBackend::name_before_digest() const {
    return "garita/" + settings_.name + "/" + std::to_string(table_.id()) + "/";
}

ProgramPlace LimiterBackend::program_place(int link) const {
    return {link, settings_.direction == Direction::receives ? Hook::egress : Hook::ingress,
            handle_of(settings_.name)};
}

Result<const LoadedProgram*> LimiterBackend::program_for(const Link& link) {
    if (programs_of_ != table_.id()) programs_.clear();
    programs_of_ = table_.id();
    const std::uint32_t header = link.type == ARPHRD_ETHER ? ETH_HLEN : 0;
    const auto found = programs_.find(header);
    if (found != programs_.end()) return &found->second;
    auto loaded =
        load_program(limiter_program({settings_.direction, header, settings_.burst}, table_.descriptor()));
    if (!loaded) return tl::unexpected(loaded.error());
    return &programs_.emplace(header, std::move(*loaded)).first->second;
}

Result<std::vector<LimiterBackend::Place>> LimiterBackend::places() {
    std::vector<Place> places;
    for (const auto& name : settings_.interfaces) {
        const auto link = socket_.link(name);
        if (!link) return tl::unexpected(link.error());
        if (!*link)
            return fail(ErrorCode::unavailable,
                        "limiter for " + settings_.name + ": there is no interface " + name, Retry::later);
        const auto program = program_for(**link);
        if (!program) return tl::unexpected(program.error());
        places.push_back({**link, program_place((*link)->index), name_before_digest() + (*program)->tag});
    }
    return places;
}

Result<bool> LimiterBackend::attached() {
    const auto wanted = places();
    if (!wanted) return tl::unexpected(wanted.error());
    for (const auto& one : *wanted) {
        const auto name = socket_.program_at(one.place);
        if (!name) return tl::unexpected(name.error());
        if (*name != one.name) return false;
    }
    return true;
}

Result<void> LimiterBackend::attach() {
    const auto wanted = places();
    if (!wanted) return tl::unexpected(wanted.error());
    for (const auto& one : *wanted) {
        const auto name = socket_.program_at(one.place);
        if (!name) return tl::unexpected(name.error());
        if (*name == one.name) continue;
        if (auto made = socket_.make_clsact(one.link.index); !made) return made;
        const auto program = program_for(one.link);
        if (!program) return tl::unexpected(program.error());
        if (auto put = socket_.put_program(one.place, (*program)->object.descriptor(), one.name); !put)
            return put;
    }
    return {};
}

/// The settings may have named other interfaces before, or the other direction.
Result<void> LimiterBackend::take_strays() {
    const auto wanted = places();
    if (!wanted) return tl::unexpected(wanted.error());
    const auto links = socket_.links();
    if (!links) return tl::unexpected(links.error());
    for (const auto& link : *links)
        for (const Hook hook : {Hook::ingress, Hook::egress}) {
            const ProgramPlace place{link.index, hook, handle_of(settings_.name)};
            const bool has_to_be = std::any_of(wanted->begin(), wanted->end(), [&](const Place& one) {
                return one.place.link == place.link && one.place.hook == place.hook;
            });
            if (has_to_be) continue;
            if (auto taken = take_own_program(place); !taken) return taken;
        }
    return {};
}

/// Unless it is another class's, or there is none.
Result<void> LimiterBackend::take_own_program(const ProgramPlace& place) {
    const auto name = socket_.program_at(place);
    if (!name) return tl::unexpected(name.error());
    const bool own = *name && (*name)->starts_with(table_.id() == 0 ? "garita/" + settings_.name + "/"
                                                                    : name_before_digest());
    if (!own) return {};
    if (auto taken = socket_.take_program(place); !taken) return taken;
    return socket_.drop_idle_clsact(place.link);
}

Result<void> LimiterBackend::remove_all() {
    forget_known();
    // tells by its number which programs are of it
    if (const auto there = table_.open(); !there) return tl::unexpected(there.error());
    const auto links = socket_.links();
    if (!links) return tl::unexpected(links.error());
    for (const auto& link : *links)
        for (const Hook hook : {Hook::ingress, Hook::egress})
            if (auto taken = take_own_program({link.index, hook, handle_of(settings_.name)}); !taken)
                return taken;
    programs_.clear();
    return table_.remove();
}

}  // namespace garita::limiter
