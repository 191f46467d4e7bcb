#pragma once
// Real traffic of one subscriber through a router, measured.

#include <chrono>

#include "integration/nft_classes/router.hpp"
#include "report.hpp"
#include "support/flow.hpp"

namespace garita::bench {

/// Datagrams of twice the rate down, then up, then a stream down, then one up. Ends the program where a rate
/// is off by more than 5 %, or 30 % where it was watched for less than 10 s: of so short a look one pause of
/// a busy machine takes the larger part.
inline void measure_both_directions(const testing_support::RoutedHosts& hosts, const char* subscriber,
                                    double down, double up, int seconds) {
    using testing_support::Flow;
    const auto address = IpAddress::parse(subscriber).value();
    const Flow::End far{hosts.server(), testing_support::RoutedHosts::server_address(address)};
    const Flow::End near{hosts.subscribers(), address};
    const auto check = [&](const char* what, Flow& flow, double rate) {
        const double measured = flow.measure(std::chrono::seconds(seconds));
        const double off = (measured / rate - 1) * 100, most = seconds < 10 ? 30 : 5;
        fmt::print("{:<46} {:>10.2f} Mbit/s of {:.0f}  {:+.1f} % (bar 5 %)\n", what, measured / 1e6,
                   rate / 1e6, off);
        if (off > most || off < -most) stop("the rate is not kept");
    };
    const auto settle = [] { std::this_thread::sleep_for(std::chrono::milliseconds(700)); };
    {
        Flow download(Flow::Kind::udp, far, near, 9300, down * 2);
        settle();
        check("datagrams to the subscriber", download, down);
    }
    {
        Flow upload(Flow::Kind::udp, near, far, 9301, up * 2);
        settle();
        check("datagrams from the subscriber", upload, up);
    }
    {
        Flow download(Flow::Kind::tcp, far, near, 9302);
        settle();
        check("a stream to the subscriber", download, down);
    }
    Flow upload(Flow::Kind::tcp, near, far, 9303);
    settle();
    check("a stream from the subscriber", upload, up);
}

}  // namespace garita::bench
