#include "tc_bench.hpp"

#include <algorithm>
#include <vector>

#include "adapters/tc/tc_backend.hpp"
#include "model/ready_classes.hpp"
#include "report.hpp"
#include "subscribers.hpp"
#include "support/packed.hpp"
#include "traffic.hpp"

namespace garita::bench {
namespace {

using Changes = std::vector<enforce::ClassChange>;

/// Bare changes of 1000 classes that are there.
double measure_floor(const testing_support::RoutedHosts& hosts, std::uint16_t classes) {
    double best = 0;
    hosts.router().run([&] {
        auto socket = must(runtime::traffic::TrafficSocket::open("the floor"));
        const auto link = must(socket.link("sub"));
        if (!link) stop("the interface is not there");
        for (int round = 0; round < 9; ++round) {
            tc::Requests requests(link->index, tc::Direction::receives);
            for (std::uint32_t i = 0; i < 1000; ++i)
                requests.put_class(static_cast<std::uint16_t>(i * (classes / 1000) + 1), 625'000 + i);
            requests.number(socket.netlink().next_sequence());
            const double ms = took([&] {
                for (const auto& ack : must(socket.netlink().send_batch(requests.bytes())))
                    if (ack.error != 0) stop("the kernel refused the bare change");
            });
            best = best == 0 ? ms : std::min(best, ms);
        }
    });
    return best;
}

Changes rates(std::uint16_t count, std::uint16_t step, std::uint32_t round) {
    Changes changes;
    for (std::uint32_t i = 0; i < count; ++i)
        changes.push_back({key_of(i * step), std::nullopt, rate_value((1000 + i + round * 7) * 8000ULL)});
    return changes;
}

void apply_all(tc::TcBackend& backend, std::span<const enforce::ClassChange> changes) {
    const std::size_t batch = backend.batch_size();
    for (std::size_t first = 0; first < changes.size(); first += batch) {
        const auto part = changes.subspan(first, std::min(batch, changes.size() - first));
        if (const auto failed = must(backend.apply(part)); !failed.empty()) stop(failed.front().error.text);
    }
}

void bench_pool(tc::TcBackend& backend, const testing_support::RoutedHosts& hosts, std::uint16_t classes) {
    const auto with = std::to_string(classes);
    tell("tc: the pool made once, " + with + " classes", took([&] { must(backend.prepare()); }));
    tell(with + " subscribers given their classes", took([&] { apply_all(backend, rates(classes, 1, 0)); }));
    std::vector<double> times;
    for (std::uint32_t round = 1; round < 10; ++round) {
        const auto some = rates(1000, static_cast<std::uint16_t>(classes / 1000), round);
        times.push_back(took([&] { apply_all(backend, some); }));
    }
    std::sort(times.begin(), times.end());
    tell("1000 rates changed", times[4], measure_floor(hosts, classes), "(bar 50 ms)");
    std::size_t there = 0;
    tell("read all back",
         took([&] { must(backend.read_back([&](const RuleKey&, const RuleValue&) { ++there; })); }));
    if (there != classes) stop("not all are there");
    tell("check, nothing changed (1000 times)", took([&] {
             for (int i = 0; i < 1000; ++i)
                 if (must(backend.check(classes)) != enforce::Drift::none) stop("somebody was there");
         }),
         0, "(bar 1 ms each)");
}

}  // namespace

void bench_tc(std::uint16_t classes, int seconds) {
    const auto hosts = testing_support::RoutedHosts::make();
    if (!hosts) stop("needs root to make network namespaces");
    const auto open = [&](const char* name, tc::Direction direction, std::uint16_t count) {
        std::unique_ptr<tc::TcBackend> backend;
        hosts->router().run([&] {
            backend = must(tc::TcBackend::open(ready_class(name).value(), {"sub", direction, count}));
        });
        return backend;
    };
    const auto in = open("shaping_in", tc::Direction::receives, classes);
    const auto out = open("shaping_out", tc::Direction::sends, 100);
    bench_pool(*in, *hosts, classes);
    must(out->prepare());
    must(in->apply(Changes{{key_of(0), std::nullopt, std::nullopt}}));
    const RuleKey sample = testing_support::key_of("100.64.0.1");
    apply_all(*in, Changes{{sample, std::nullopt, rate_value(50'000'000)}});
    apply_all(*out, Changes{{sample, std::nullopt, rate_value(10'000'000)}});
    measure_both_directions(*hosts, "100.64.0.1", 50e6, 10e6, seconds);
    must(in->remove_all());
    must(out->remove_all());
}

}  // namespace garita::bench
