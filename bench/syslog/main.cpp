// Messages a second that the receiver takes without loss while it filters for waiting MAC addresses, from a
// sender that has them ready.
//   garita_bench_syslog tcp|udp MESSAGES WAITING [A_SECOND]     beside itself: receiver and sender in one
//   process garita_bench_syslog send tcp|udp PORT MESSAGES [A_SECOND]   the sender alone, for any receiver at
//   127.0.0.1

#include <chrono>
#include <cstdio>
#include <cstdlib>
#include <string>
#include <thread>
#include <vector>

#include <sys/resource.h>
#include <sys/socket.h>

#include "adapters/syslog/receiver.hpp"
#include "runtime/descriptor/descriptor.hpp"
#include "runtime/sockets/socket_address.hpp"

namespace {

using namespace garita;
using Clock = std::chrono::steady_clock;
constexpr unsigned one_in = 1000;  ///< messages that are waited for

struct Load {
    bool udp = false;
    std::uint16_t port = 0;
    std::uint64_t messages = 0;
    std::uint64_t a_second = 0;  ///< 0: as fast as it goes
};

/// A thousand messages as switches write them; one of them is waited for, one more is a violation of another.
std::vector<std::string> prepared() {
    std::vector<std::string> messages;
    for (unsigned i = 0; i < one_in; ++i) {
        const auto number = std::to_string(100000 + i);
        const auto begin = "<189>" + number + ": *Mar  1 00:12:45.123: ";
        if (i == 500 || i == 700)
            messages.push_back(
                begin +
                "%PORT_SECURITY-2-PSECURE_VIOLATION: Security violation occurred, caused by MAC "
                "address 0013.1a41." +
                (i == 500 ? "544e" : "5400") + " on port GigabitEthernet1/0/14.");
        else if (i % 2 == 0)
            messages.push_back(
                begin +
                "%LINEPROTO-5-UPDOWN: Line protocol on Interface GigabitEthernet1/0/14, changed "
                "state to down");
        else
            messages.push_back(begin +
                               "%SW_MATM-4-MACFLAP_NOTIF: Host f04d.a206.7fd6 in vlan 1 is flapping between "
                               "port Gi0/5 and port Gi0/16");
    }
    return messages;
}

runtime::Descriptor connect(const Load& load) {
    runtime::Descriptor socket(::socket(AF_INET, load.udp ? SOCK_DGRAM : SOCK_STREAM, 0));
    const runtime::SocketAddress address(*IpAddress::parse("127.0.0.1"), load.port);
    if (::connect(socket.get(), address.get(), address.size()) != 0) {
        std::perror("cannot connect");
        std::exit(1);
    }
    return socket;
}

void keep_pace(const Load& load, std::uint64_t sent, Clock::time_point begin) {
    if (load.a_second == 0) return;
    const auto due = begin + std::chrono::microseconds(sent * 1000000 / load.a_second);
    if (due > Clock::now()) std::this_thread::sleep_until(due);
}

void send_lines(const Load& load, const std::vector<std::string>& messages) {
    std::string block;
    for (const auto& message : messages)
        block += message + "\n";
    const auto socket = connect(load);
    const auto begin = Clock::now();
    for (std::uint64_t sent = 0; sent < load.messages; sent += messages.size()) {
        for (std::size_t at = 0; at < block.size();) {
            const auto did = ::send(socket.get(), block.data() + at, block.size() - at, MSG_NOSIGNAL);
            if (did < 0) std::exit(1);
            at += static_cast<std::size_t>(did);
        }
        keep_pace(load, sent + messages.size(), begin);
    }
}

void send_datagrams(const Load& load, const std::vector<std::string>& messages) {
    const auto socket = connect(load);
    std::vector<iovec> places(messages.size());
    std::vector<mmsghdr> headers(messages.size());
    for (std::size_t i = 0; i < messages.size(); ++i) {
        places[i] = {const_cast<char*>(messages[i].data()), messages[i].size()};
        headers[i].msg_hdr.msg_iov = &places[i];
        headers[i].msg_hdr.msg_iovlen = 1;
    }
    const auto begin = Clock::now();
    for (std::uint64_t sent = 0; sent < load.messages;) {
        const auto at = sent % messages.size();
        const auto count = static_cast<unsigned>(std::min<std::size_t>(messages.size() - at, 100));
        const auto did = ::sendmmsg(socket.get(), headers.data() + at, count, 0);
        if (did <= 0) std::exit(1);
        sent += static_cast<std::uint64_t>(did);
        keep_pace(load, sent, begin);
    }
}

void send(const Load& load) {
    const auto messages = prepared();
    load.udp ? send_datagrams(load, messages) : send_lines(load, messages);
}

syslog::MacSet waiting(std::uint64_t count) {
    syslog::MacSet macs;
    for (std::uint64_t i = 1; i < count; ++i) {
        MacAddress mac;
        for (unsigned byte = 0; byte < 4; ++byte)
            mac.bytes[5 - byte] = static_cast<std::uint8_t>(i >> (8 * byte));
        macs.insert(mac);
    }
    macs.insert(*MacAddress::parse("0013.1a41.544e"));
    return macs;
}

double processor_seconds() {
    rusage usage{};
    ::getrusage(RUSAGE_SELF, &usage);
    const auto seconds = [](const timeval& time) {
        return static_cast<double>(time.tv_sec) + static_cast<double>(time.tv_usec) / 1e6;
    };
    return seconds(usage.ru_utime) + seconds(usage.ru_stime);
}

int measure(Load load, std::uint64_t macs) {
    std::uint64_t events = 0;
    syslog::ReceiverSettings settings;
    settings.listen = {{load.udp ? syslog::Listen::Transport::udp : syslog::Listen::Transport::tcp,
                        *IpAddress::parse("127.0.0.1"),
                        0,
                        {}}};
    auto receiver = syslog::Receiver::start(settings, [&](const syslog::ReceivedEvent&) { ++events; });
    if (!receiver) {
        std::fprintf(stderr, "%s\n", receiver.error().text.c_str());
        return 1;
    }
    (*receiver)->wait_for(waiting(macs));
    load.port = (*receiver)->ports().front();
    load.messages -= load.messages % one_in;
    const auto begin = Clock::now();
    send(load);
    auto last = (*receiver)->counts();
    for (auto quiet = Clock::now();
         last.received < load.messages && Clock::now() - quiet < std::chrono::seconds(2);) {
        std::this_thread::sleep_for(std::chrono::milliseconds(1));
        const auto now = (*receiver)->counts();
        if (now.received != last.received) quiet = Clock::now();
        last = now;
    }
    const auto took = std::chrono::duration<double>(Clock::now() - begin).count();
    std::printf(
        "%s, %llu waiting: sent %llu, received %llu, handed on %llu of %llu, %.0f a second, processor (with "
        "the sender) %.2f s\n",
        load.udp ? "UDP" : "TCP", static_cast<unsigned long long>(macs),
        static_cast<unsigned long long>(load.messages), static_cast<unsigned long long>(last.received),
        static_cast<unsigned long long>(last.events), static_cast<unsigned long long>(load.messages / one_in),
        static_cast<double>(last.received) / took, processor_seconds());
    return last.received == load.messages && last.events == load.messages / one_in ? 0 : 3;
}

std::uint64_t number(char** arguments, int count, int index) {
    return index < count ? std::strtoull(arguments[index], nullptr, 10) : 0;
}

}  // namespace

int main(int count, char** arguments) {
    const std::string first = count > 1 ? arguments[1] : "";
    Load load;
    if (first == "send" && count > 4) {
        load.udp = std::string(arguments[2]) == "udp";
        load.port = static_cast<std::uint16_t>(number(arguments, count, 3));
        load.messages = number(arguments, count, 4);
        load.a_second = number(arguments, count, 5);
        send(load);
        return 0;
    }
    if ((first != "tcp" && first != "udp") || count < 4) {
        std::fprintf(stderr, "usage: garita_bench_syslog tcp|udp MESSAGES WAITING [A_SECOND]\n");
        return 2;
    }
    load.udp = first == "udp";
    load.messages = number(arguments, count, 2);
    load.a_second = number(arguments, count, 4);
    return measure(load, number(arguments, count, 3));
}
