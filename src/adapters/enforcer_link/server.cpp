#include "adapters/enforcer_link/server.hpp"

#include <malloc.h>

namespace garita::enforcer_link {
namespace {

constexpr std::size_t large = 1024 * 1024;

std::string not_offered() {
    return encode_answer(Result<void>(
        fail(ErrorCode::forbidden, "the enforcing part of the agent does not do this for the one who asks")));
}

struct CarryOut {
    const Offer& offer;

    template <typename Call>
    std::string with_rules(Call call) const {
        return offer.rules ? encode_answer(call(*offer.rules)) : not_offered();
    }
    template <typename Call>
    std::string with_host(Call call) const {
        return offer.host ? encode_answer(call(*offer.host)) : not_offered();
    }
    template <typename Call>
    std::string with_processes(Call call) const {
        return offer.processes ? encode_answer(call(*offer.processes)) : not_offered();
    }

    std::string operator()(const Prepare&) const {
        return with_rules([](auto& rules) { return rules.prepare(); });
    }
    std::string operator()(const Apply& request) const {
        return with_rules([&](auto& rules) { return rules.apply(request.add, request.remove, request.now); });
    }
    std::string operator()(const ReadBack& request) const {
        return with_rules([&](auto& rules) { return rules.read_back(request.now); });
    }
    std::string operator()(const Rebuild& request) const {
        return with_rules([&](auto& rules) { return rules.rebuild(request.all, request.now); });
    }
    std::string operator()(const Check& request) const {
        return with_rules([&](auto& rules) { return rules.check(request.now); });
    }
    std::string operator()(const RemoveAll&) const {
        return with_rules([](auto& rules) { return rules.remove_all(); });
    }
    std::string operator()(const CloseOne& request) const {
        return with_host([&](auto& host) { return host.close_session(request.session); });
    }
    std::string operator()(const Reboot&) const {
        return with_host([](auto& host) { return host.reboot(); });
    }
    std::string operator()(const PowerOff&) const {
        return with_host([](auto& host) { return host.power_off(); });
    }
    std::string operator()(const FindSession& request) const {
        return with_processes([&](auto& processes) { return processes.find(request.connection); });
    }
    std::string operator()(const FindProcess& request) const {
        return with_processes([&](auto& processes) {
            return Result<std::optional<detect::ProcessRef>>(processes.process(request.pid));
        });
    }
    std::string operator()(const ListSessions&) const {
        return with_processes([](auto& processes) { return processes.list_ssh_sessions(); });
    }
    std::string operator()(const WatchSessions&) const {
        return with_processes([](auto& processes) { return processes.watch_ssh_sessions(); });
    }
};

}  // namespace

std::string answer(std::string_view request, const Offer& offer) {
    const auto decoded = decode_request(request);
    if (!decoded) return encode_answer(Result<void>(tl::unexpected(decoded.error())));
    return std::visit(CarryOut{offer}, *decoded);
}

Result<void> serve(Channel& channel, const Offer& offer) {
    for (;;) {
        std::size_t size = 0;
        {
            const auto request = channel.receive();
            if (!request) return tl::unexpected(request.error());
            if (!*request) return {};
            const auto reply = answer(**request, offer);
            size = std::max((*request)->size(), reply.size());
            if (const auto sent = channel.send(reply); !sent) return sent;
        }
        if (size > large) malloc_trim(0);  // it may not be as much again for days
    }
}

}  // namespace garita::enforcer_link
