// How long the nftables backend takes to add, restore, refresh, read and remove N blocks, each result
// checked. Usage: garita-bench-nftables N FILE  (FILE: the same N elements are written there for "nft -f")

#include <chrono>
#include <cstdint>
#include <cstdio>
#include <cstdlib>
#include <fstream>
#include <sched.h>
#include <string>
#include <vector>

#include <fmt/core.h>

#include "adapters/nftables/nftables_backend.hpp"
#include "bench/support/measuring.hpp"

namespace {

using garita::bench::must;
using garita::bench::stop;
using namespace std::chrono_literals;
using garita::IpAddress;
using garita::IpNetwork;
using garita::enforce::BlockEntry;

class NoConnections final : public garita::enforce::ConnectionCutter {
  public:
    garita::Result<std::uint64_t> cut(std::span<const IpNetwork>) override { return std::uint64_t{0}; }
};

garita::Time now() {
    return std::chrono::time_point_cast<garita::Duration>(std::chrono::system_clock::now());
}

template <typename Action>
void measure(const char* what, std::size_t count, Action action) {
    const auto start = std::chrono::steady_clock::now();
    action();
    const std::chrono::duration<double, std::milli> took = std::chrono::steady_clock::now() - start;
    fmt::print("{:<34} {:>9} {:>10.1f} ms {:>9.2f} us each\n", what, count, took.count(),
               took.count() * 1000 / static_cast<double>(count));
}

std::vector<BlockEntry> hosts(std::uint32_t count, garita::Time until) {
    std::vector<BlockEntry> all;
    for (std::uint32_t i = 0; i < count; ++i) {
        const std::uint32_t mixed = i * 2654435761U;  // an odd factor: all different
        const auto byte = [&](unsigned shift) { return static_cast<std::uint8_t>(mixed >> shift); };
        all.push_back(
            {IpNetwork(IpAddress::from_v4({byte(24), byte(16), byte(8), byte(0)})), until + i % 3600 * 1s});
    }
    return all;
}

/// IPv4 networks of /20 to /28, IPv6 hosts and /64, a third each, some within others.
std::vector<BlockEntry> mixed_networks(std::uint32_t count, garita::Time until) {
    std::vector<BlockEntry> all;
    for (std::uint32_t i = 0; i < count; ++i) {
        const auto low = static_cast<std::uint8_t>(i);
        const auto high = static_cast<std::uint8_t>(i >> 8U);
        const auto six = IpAddress::from_v6({0x20, 1, 0xd, 0xb8, 0, 0, high, low, 0, 0, 0, 0, 0, 0, 0, 1});
        if (i % 3 == 0)
            all.push_back({IpNetwork(IpAddress::from_v4({10, high, low, 0}), 20 + i % 9), until});
        else
            all.push_back({IpNetwork(six, i % 3 == 1 ? 128 : 64), until});
    }
    return all;
}

void write_file(const std::string& path, const std::vector<BlockEntry>& all) {
    std::ofstream file(path);
    file << "table inet floor { set s { type ipv4_addr; flags timeout; }\nchain c { type filter hook "
            "prerouting "
            "priority -300; ip saddr @s drop; }; }\nadd element inet floor s { ";
    for (const auto& entry : all)
        file << entry.network.address().text() << " timeout 4h,\n";
    file << "}\n";
    if (!file.flush()) stop("cannot write " + path);
}

}  // namespace

int main(int argc, char** argv) {
    if (argc != 3) stop("usage: garita-bench-nftables N FILE");
    const auto count = static_cast<std::uint32_t>(std::strtoul(argv[1], nullptr, 10));
    if (count == 0 || unshare(CLONE_NEWNET) != 0) stop("needs a count, and root to make a network namespace");
    NoConnections none;
    auto backend = must(garita::nftables::NftablesBackend::open({}, none));
    must(backend->prepare());
    const auto all = hosts(count, now() + 4h);
    write_file(argv[2], all);
    const auto apply = [&](const std::vector<BlockEntry>& add, const std::vector<IpNetwork>& remove) {
        if (const auto result = must(backend->apply(add, remove, now())); !result.failed.empty())
            stop(result.failed.front().error.text);
    };
    const auto expect = [&](std::size_t wanted) {
        if (const auto is = must(backend->read_back(now())).size(); is != wanted)
            stop(fmt::format("{} elements in the kernel instead of {}", is, wanted));
    };
    measure("add", count, [&] { apply(all, {}); });
    measure("read back and compare", count, [&] { expect(count); });
    measure("set the end anew", count, [&] { apply(all, {}); });
    must(backend->remove_all());
    measure("restore into an emptied kernel", count, [&] {
        must(backend->prepare());
        apply(all, {});
    });
    expect(count);
    measure("rebuild at one instant", count, [&] { must(backend->rebuild(all, now())); });
    measure("check, nothing changed", 1000, [&] {
        for (int i = 0; i < 1000; ++i)
            if (must(backend->check(now())) != garita::enforce::Drift::none) stop("drift where none is");
    });
    std::vector<IpNetwork> networks;
    for (const auto& entry : all)
        networks.push_back(entry.network);
    measure("remove", count, [&] { apply({}, networks); });
    expect(0);
    const auto mixed = mixed_networks(10'000, now() + 4h);
    measure("add networks and IPv6", mixed.size(), [&] { apply(mixed, {}); });
    return 0;
}
