// How long N networks of a class take into the kernel, and 1000 of them changed, beside bare messages to the
// same kernel; each result checked. Usage: garita-bench-networks N

#include <algorithm>
#include <cstdint>
#include <cstdlib>
#include <random>
#include <sched.h>
#include <set>
#include <string>
#include <vector>

#include <fmt/core.h>

#include "adapters/nft_classes/nft_class_backend.hpp"
#include "bench/support/measuring.hpp"
#include "floor.hpp"

namespace {

using namespace garita;
using bench::must;
using bench::Network;
using bench::stop;
using bench::took;
using Changes = std::vector<enforce::ClassChange>;

/// In the middle of five runs.
template <typename Action>
double usually(Action action) {
    std::vector<double> times;
    for (int run = 0; run < 5; ++run)
        times.push_back(action());
    std::sort(times.begin(), times.end());
    return times[2];
}

/// Of lengths as address plans have them, none within another, so that an interval set can hold them too.
std::vector<Network> address_plan(std::size_t count) {
    std::mt19937 random(20261122);
    std::vector<Network> networks;
    std::uint32_t at = 0x01000000;
    while (networks.size() < count) {
        const unsigned dice = static_cast<unsigned>(random() % 100);
        const unsigned prefix = dice < 60 ? 24 : dice < 85 ? 20 + dice % 4 : dice < 90 ? 32 : 17 + dice % 3;
        const std::uint32_t size = 1U << (32 - prefix);
        at = (at + size - 1) / size * size;
        networks.push_back({at, prefix});
        at += size;
    }
    return networks;
}

RuleKey key_of(const Network& network) {
    const std::array<std::uint8_t, 6> bytes{4,
                                            static_cast<std::uint8_t>(network.first >> 24U),
                                            static_cast<std::uint8_t>(network.first >> 16U),
                                            static_cast<std::uint8_t>(network.first >> 8U),
                                            static_cast<std::uint8_t>(network.first),
                                            static_cast<std::uint8_t>(network.prefix)};
    RuleKey key;
    (void)key.append(bytes);
    return key;
}

RuleValue mark_of(std::uint8_t number) {
    RuleValue value;
    const std::array<std::uint8_t, 4> bytes{0, 0, 1, number};
    (void)value.append(bytes);
    return value;
}

nft_classes::NftClass networks_class(nft_classes::Effect effect) {
    nft_classes::NftClass rules;
    rules.name = "networks";
    rules.effect = effect;
    rules.key = ParamType::network;
    rules.present = mark_of(1);
    rules.interface = "sub";
    return rules;
}

void apply_all(enforce::ClassBackend& backend, const Changes& changes) {
    const std::size_t batch = backend.batch_size();
    for (std::size_t first = 0; first < changes.size(); first += batch) {
        const auto part = std::span(changes).subspan(first, std::min(batch, changes.size() - first));
        if (const auto failed = must(backend.apply(part)); !failed.empty()) stop(failed.front().error.text);
    }
}

void expect_all(enforce::ClassBackend& backend, const std::vector<Network>& networks) {
    std::set<RuleKey> there;
    must(backend.read_back([&](const RuleKey& key, const RuleValue&) { there.insert(key); }));
    const bool all = std::all_of(networks.begin(), networks.end(),
                                 [&](const Network& network) { return there.contains(key_of(network)); });
    if (!all || there.size() != networks.size()) stop("what is read back is not what was put in");
}

void tell(const std::string& what, double ms, double hashes, double interval, const char* bar) {
    fmt::print("{:<40} {:>9.2f} ms  floor {:>8.2f} ms ratio {:>5.2f}  interval set {:>8.2f} ms  {}\n", what,
               ms, hashes, ms / hashes, interval, bar);
}

struct Floors {
    bench::Floor hashes;
    bench::Floor interval;
};

void bench_effect(const std::string& name, nft_classes::Effect effect, const std::vector<Network>& networks,
                  const Floors& floors) {
    nft_classes::NftClassBackend backend(must(nft_classes::NftTable::open()), networks_class(effect));
    Changes all;
    for (const auto& network : networks)
        all.push_back({key_of(network), std::nullopt, mark_of(1)});
    const double load = usually([&] {
        must(backend.remove_all());
        must(backend.prepare());
        return took([&] { apply_all(backend, all); });
    });
    tell(name + ": load", load, floors.hashes.add, floors.interval.add, "(bar 3000 ms)");
    expect_all(backend, networks);
    Changes away;
    Changes back;
    for (std::size_t i = 0; i < 1000; ++i) {
        const auto key = key_of(networks[i * networks.size() / 1000]);
        away.push_back({key, mark_of(1), std::nullopt});
        back.push_back({key, std::nullopt, mark_of(1)});
    }
    const double change = usually([&] {
        return took([&] {
            apply_all(backend, away);
            apply_all(backend, back);
        });
    });
    tell(name + ": 1000 taken away and put back", change, floors.hashes.change, floors.interval.change,
         "(bar 200 ms)");
    expect_all(backend, networks);
    const auto source = [&](const enforce::EntrySink& sink) {
        for (const auto& change_of_one : all)
            sink(change_of_one.key, mark_of(1));
    };
    const double rebuild = usually([&] { return took([&] { must(backend.rebuild(source, all.size())); }); });
    fmt::print("{:<40} {:>9.2f} ms\n", name + ": rebuild at one instant", rebuild);
    expect_all(backend, networks);
    fmt::print("{:<40} {:>9.2f} ms\n", name + ": read all back", usually([&] {
                   return took([&] { must(backend.read_back([](const RuleKey&, const RuleValue&) {})); });
               }));
    must(backend.remove_all());
}

}  // namespace

int main(int argc, char** argv) {
    const auto count = argc == 2 ? std::strtoul(argv[1], nullptr, 10) : 0;
    if (count < 1000 || count > 400'000) stop("usage: garita-bench-networks N, from 1000 to 400000");
    if (unshare(CLONE_NEWNET) != 0) stop("needs root to make a network namespace");
    const auto networks = address_plan(count);
    const auto floor_of = [&](bench::Sets sets) {
        bench::Floor floor;
        floor.add = usually([&] { return bench::measure_floor(networks, sets).add; });
        floor.change = usually([&] { return bench::measure_floor(networks, sets).change; });
        return floor;
    };
    const Floors floors{floor_of(bench::Sets::by_length), floor_of(bench::Sets::interval)};
    bench_effect("set", nft_classes::Effect::open, networks, floors);
    bench_effect("map of marks", nft_classes::Effect::mark, networks, floors);
    return 0;
}
