#include <array>
#include <chrono>
#include <random>
#include <unistd.h>

#include <gmock/gmock.h>
#include <sys/socket.h>

#include "fakes/memory_host.hpp"
#include "fakes/memory_rule_backend.hpp"
#include "unit/adapters/enforcer_link/link_world.hpp"

namespace garita::enforcer_link {
namespace {

using ::testing::HasSubstr;

const Time now = from_micros(1'790'000'000'000'000);

IpNetwork net(std::string_view text) {
    return IpNetwork::parse(text).value();
}

class OneSession final : public detect::ProcessTable {
  public:
    const detect::SshSession session{
        {7, 99, "sshd: ann [priv]"}, IpAddress::parse("2001:db8::7").value(), 4711, 22, "ann",
        detect::SshServer::hosts_own};

    Result<std::optional<detect::ProcessRef>> find(const detect::Connection& wanted) override {
        if (wanted.remote_port != session.peer_port) return std::optional<detect::ProcessRef>{};
        return std::optional(session.process);
    }
    std::optional<detect::ProcessRef> process(std::int32_t pid) override {
        return pid == 7 ? std::optional(session.process) : std::nullopt;
    }
    Result<std::vector<detect::SshSession>> list_ssh_sessions() override { return std::vector{session}; }
    Result<std::vector<detect::SshSession>> watch_ssh_sessions() override {
        return fail(ErrorCode::io, "not now", Retry::later);
    }
};

std::vector<Request> one_of_each() {
    CloseSession session{7, 99, IpAddress::parse("192.0.2.7").value(), 4711, 22};
    return {Prepare{},
            Apply{{{net("192.0.2.1"), now}, {net("2001:db8::/64"), std::nullopt}}, {net("10.0.0.0/8")}, now},
            ReadBack{now},
            Rebuild{{{net("198.51.100.0/24"), now}}, now},
            Check{now},
            RemoveAll{},
            CloseOne{session},
            Reboot{},
            PowerOff{},
            FindSession{{IpAddress::parse("2001:db8::7").value(), 4711, 22}},
            FindProcess{-3},
            ListSessions{},
            WatchSessions{}};
}

TEST(EnforcerMessages, EachRequestComesThroughAsItWas) {
    const auto requests = one_of_each();
    ASSERT_EQ(requests.size(), std::variant_size_v<Request>);
    for (const auto& request : requests) {
        const auto bytes = encode(request);
        const auto decoded = decode_request(bytes);
        ASSERT_TRUE(decoded) << request.index();
        EXPECT_EQ(decoded->index(), request.index());
        EXPECT_EQ(encode(*decoded), bytes);
    }
    const auto apply = std::get<Apply>(decode_request(encode(requests[1])).value());
    EXPECT_EQ(apply.add, std::get<Apply>(requests[1]).add);
    EXPECT_EQ(apply.remove, std::get<Apply>(requests[1]).remove);
    EXPECT_EQ(apply.now, now);
    EXPECT_EQ(encode_apply(apply.add, apply.remove, now), encode(requests[1]));
}

TEST(EnforcerMessages, NothingShorterLongerOrBentIsTaken) {
    for (const auto& request : one_of_each()) {
        const auto bytes = encode(request);
        for (std::size_t size = 0; size < bytes.size(); ++size)
            EXPECT_FALSE(decode_request(std::string_view(bytes).substr(0, size)))
                << request.index() << " " << size;
        EXPECT_FALSE(decode_request(bytes + '\0')) << request.index();
    }
    EXPECT_FALSE(decode_request(std::string(1, '\x0d'))) << "no such request";
    auto host_bits = encode(Apply{{}, {net("10.0.0.0/8")}, now});
    ASSERT_EQ(host_bits.at(1 + 4 + 4), 0);
    host_bits[1 + 4 + 4 + 4] = 1;  // 10.0.0.1/8
    EXPECT_FALSE(decode_request(host_bits));
}

TEST(EnforcerMessages, AnAnnouncedListTakesNoMoreMemoryThanItsBytes) {
    std::string bytes(1, '\x03');     // rebuild
    bytes += std::string(4, '\xff');  // of four milliards
    bytes += std::string(100, '\0');
    EXPECT_FALSE(decode_request(bytes));
}

TEST(EnforcerMessages, RandomBytesAreRefusedOrRoundTrip) {
    std::mt19937 random(20261122);
    int taken = 0;
    for (int i = 0; i < 200'000; ++i) {
        std::string bytes(random() % 40, '\0');
        for (auto& byte : bytes)
            byte = static_cast<char>(random() % 4 == 0 ? random() : random() % 3);
        const auto decoded = decode_request(bytes);
        if (!decoded) continue;
        ++taken;
        EXPECT_EQ(encode(*decoded), bytes);
    }
    EXPECT_GT(taken, 0);
}

TEST(EnforcerLink, ActionsAndTheirFailuresComeThrough) {
    fakes::MemoryHostControl host;
    host.live_sessions = {7};
    Linked link{{nullptr, &host, nullptr}};
    HostClient client(link.caller);
    CloseSession session{7, 99, IpAddress::parse("2001:db8::7").value(), 4711, 22};
    const auto closed = client.close_session(session);
    ASSERT_TRUE(closed);
    EXPECT_EQ(closed->end, enforce::SessionEnd::ended);
    EXPECT_EQ(closed->note, "process 7");
    EXPECT_EQ(client.close_session(session)->end, enforce::SessionEnd::already_gone);
    ASSERT_EQ(host.closed.size(), 1U);
    EXPECT_EQ(host.closed[0].start_ticks, 99U);
    EXPECT_EQ(host.closed[0].peer, session.peer);
    EXPECT_TRUE(client.reboot());
    EXPECT_TRUE(client.power_off());
    EXPECT_EQ(host.reboots, 1);
    EXPECT_EQ(host.power_offs, 1);
    host.away = Error{ErrorCode::forbidden, "logind did not agree", Retry::later};
    const auto refused = client.reboot();
    ASSERT_FALSE(refused);
    EXPECT_EQ(refused.error().code, ErrorCode::forbidden);
    EXPECT_EQ(refused.error().retry, Retry::later);
    EXPECT_EQ(refused.error().text, "logind did not agree");
}

TEST(EnforcerLink, ProcessesComeThrough) {
    OneSession table;
    Linked link{{nullptr, nullptr, &table}};
    ProcessClient client(link.caller);
    EXPECT_EQ(client.process(7), table.session.process);
    EXPECT_EQ(client.process(8), std::nullopt);
    EXPECT_EQ(client.find({table.session.peer, 4711, 22}).value(), table.session.process);
    EXPECT_EQ(client.find({table.session.peer, 1, 22}).value(), std::nullopt);
    const auto sessions = client.list_ssh_sessions();
    ASSERT_TRUE(sessions);
    ASSERT_EQ(sessions->size(), 1U);
    EXPECT_EQ(sessions->front().user, "ann");
    EXPECT_EQ(sessions->front().peer, table.session.peer);
    EXPECT_EQ(sessions->front().local_port, 22);
    EXPECT_EQ(sessions->front().server, detect::SshServer::hosts_own);
    ASSERT_FALSE(client.watch_ssh_sessions());
    EXPECT_EQ(client.watch_ssh_sessions().error().text, "not now");
}

TEST(EnforcerLink, OneChannelOffersWhatItIsForAndNothingElse) {
    fakes::MemoryRuleBackend rules;
    fakes::MemoryHostControl host;
    Linked link{{&rules, nullptr, nullptr}};
    HostClient actions(link.caller);
    ProcessClient processes(link.caller);
    EXPECT_EQ(actions.reboot().error().code, ErrorCode::forbidden);
    EXPECT_EQ(processes.list_ssh_sessions().error().code, ErrorCode::forbidden);
    EXPECT_TRUE(RuleClient(link.caller).prepare());
    EXPECT_EQ(link.losses, 0);
}

TEST(EnforcerLink, WhatIsNoRequestIsAnsweredWithAnErrorAndTheLinkGoesOn) {
    fakes::MemoryRuleBackend rules;
    Linked link{{&rules, nullptr, nullptr}};
    const auto nonsense = link.caller.call<void>("\xff nonsense");
    ASSERT_FALSE(nonsense);
    EXPECT_EQ(nonsense.error().code, ErrorCode::invalid);
    EXPECT_TRUE(RuleClient(link.caller).prepare());
}

TEST(EnforcerLink, WhenTheOtherPartIsGoneEveryCallSaysSoAndItIsToldOnce) {
    auto ends = Channel::pair().value();
    int losses = 0;
    Caller caller(std::move(ends.first), [&] { ++losses; });
    ends.second.close();
    RuleClient client(caller);
    for (int i = 0; i < 3; ++i) {
        const auto result = client.check(now);
        ASSERT_FALSE(result);
        EXPECT_EQ(result.error().code, ErrorCode::unavailable);
    }
    EXPECT_EQ(losses, 1);
}

TEST(EnforcerLink, AHalfMessageAndATooLargeOneBreakTheLink) {
    const std::vector<std::string> broken{std::string("\x05\0\0\0ab", 6), std::string("\xff\xff\xff\xff", 4),
                                          std::string("\x05", 1)};
    for (const auto& bytes : broken) {
        std::array<int, 2> ends{};
        ASSERT_EQ(socketpair(AF_UNIX, SOCK_STREAM, 0, ends.data()), 0);
        Channel mine(ends[0]);
        ASSERT_EQ(write(ends[1], bytes.data(), bytes.size()), static_cast<ssize_t>(bytes.size()));
        close(ends[1]);
        EXPECT_FALSE(mine.receive());
    }
}

TEST(EnforcerLink, AHundredThousandBlocksPassInAMoment) {
    fakes::MemoryRuleBackend rules;
    Linked link{{&rules, nullptr, nullptr}};
    RuleClient client(link.caller);
    std::vector<enforce::BlockEntry> all;
    for (unsigned i = 0; i < 100'000; ++i)
        all.push_back({IpNetwork(IpAddress::from_v4({100, static_cast<std::uint8_t>(i >> 16U),
                                                     static_cast<std::uint8_t>(i >> 8U),
                                                     static_cast<std::uint8_t>(i)})),
                       now + std::chrono::hours(1)});
    const auto began = std::chrono::steady_clock::now();
    const auto decoded = decode_request(encode_rebuild(all, now));
    const auto took = std::chrono::steady_clock::now() - began;
    ASSERT_TRUE(decoded);
    EXPECT_EQ(std::get<Rebuild>(*decoded).all, all);
    RecordProperty("microseconds",
                   static_cast<int>(std::chrono::duration_cast<std::chrono::microseconds>(took).count()));
    ASSERT_TRUE(client.rebuild(all, now));
    EXPECT_EQ(rules.entries().size(), all.size());
    const auto back = client.read_back(now);
    ASSERT_TRUE(back);
    EXPECT_EQ(back->size(), all.size());
}

}  // namespace
}  // namespace garita::enforcer_link
