// How long N rules of a class take from the store into the kernel, and what keeping them true costs, beside
// bare messages to the same kernel; each result checked. Usage: garita-bench-classes N FOLDER

#include <algorithm>
#include <chrono>
#include <cstdint>
#include <cstdio>
#include <cstdlib>
#include <fstream>
#include <sched.h>
#include <string>
#include <vector>

#include <fmt/core.h>

#include "adapters/nft_classes/nft_class_backend.hpp"
#include "adapters/sqlite/sqlite_device_rules.hpp"
#include "adapters/sqlite/sqlite_store.hpp"
#include "enforce/class_reconciler.hpp"
#include "floor.hpp"
#include "rules.hpp"
#include "two_lanes.hpp"

namespace {

using namespace garita;
using Lane = store::Lane;
using namespace bench;

long resident_mib() {
    std::ifstream status("/proc/self/status");
    for (std::string line; std::getline(status, line);)
        if (line.starts_with("VmRSS:")) return std::atol(line.c_str() + 6) / 1024;
    return 0;
}

void apply_all(enforce::ClassBackend& backend, const std::vector<enforce::ClassChange>& changes) {
    const std::size_t batch = backend.batch_size();
    for (std::size_t first = 0; first < changes.size(); first += batch) {
        const auto part = std::span(changes).subspan(first, std::min(batch, changes.size() - first));
        if (const auto failed = must(backend.apply(part)); !failed.empty()) stop(failed.front().error.text);
    }
}

std::size_t count_there(enforce::ClassBackend& backend) {
    std::size_t count = 0;
    must(backend.read_back([&](const RuleKey&, const RuleValue&) { ++count; }));
    return count;
}

/// The backend alone, beside the floor.
void bench_backend(std::uint32_t count) {
    const auto floor = bench::measure_floor(count);
    auto table = must(nft_classes::NftTable::open());
    nft_classes::NftClassBackend backend(table, access(count + count / 8));
    must(backend.prepare());
    std::vector<enforce::ClassChange> all;
    for (std::uint32_t i = 0; i < count; ++i)
        all.push_back({key_of(i), std::nullopt, open_word()});
    tell("add", took([&] { apply_all(backend, all); }), floor.add, "(bar 1.25)");
    tell("read all back", took([&] {
             if (count_there(backend) != count) stop("not all are there");
         }),
         floor.list);
    std::vector<enforce::ClassChange> some;
    for (std::uint32_t i = 0; i < 1000; ++i)
        some.push_back({key_of(i * std::max(1U, count / 1000)), open_word(), std::nullopt});
    std::vector<double> changes;
    for (int round = 0; round < 9; ++round) {
        const double ms = took([&] { apply_all(backend, some); });
        for (auto& one : some) {
            one.before = std::nullopt;
            one.after = open_word();
        }
        changes.push_back(ms + took([&] { apply_all(backend, some); }));
        for (auto& one : some)
            std::swap(one.before, one.after);
    }
    std::sort(changes.begin(), changes.end());
    tell("take 1000 away and put them back", changes[4], floor.change);
    tell("check, nothing changed (1000 times)", took([&] {
             for (int i = 0; i < 1000; ++i)
                 if (must(backend.check(count)) != enforce::Drift::none) stop("somebody was there");
         }),
         0, "(bar 1 ms each)");
    const auto source = [&](const enforce::EntrySink& sink) {
        for (const auto& change : all)
            sink(change.key, open_word());
    };
    tell("rebuild at one instant", took([&] { must(backend.rebuild(source, count)); }), floor.rebuild,
         "(bar 2)");
    if (count_there(backend) != count) stop("not all are there after the rebuild");
    must(backend.remove_all());
    nft_classes::NftClassBackend small(table, access(16 * 1024));
    must(small.prepare());
    tell("add, into sets that have to grow", took([&] { apply_all(small, all); }), floor.add);
    must(small.remove_all());
}

void settle(enforce::ClassReconciler& reconciler) {
    while (must(reconciler.step(now())) == Duration::zero()) {
    }
}

/// 100 that are wanted were removed by hand, and 100 that nobody wants were added.
void audit_after_hands(enforce::ClassReconciler& reconciler, enforce::ClassBackend& backend,
                       std::uint32_t count) {
    nft_classes::NftClassBackend hands(must(nft_classes::NftTable::open()), access(count + count / 8));
    must(hands.prepare());
    std::vector<enforce::ClassChange> changes;
    for (std::uint32_t i = 0; i < 100; ++i) {
        changes.push_back({key_of(i * (count / 100) + 1), open_word(), std::nullopt});
        changes.push_back({key_of(count + i), std::nullopt, open_word()});
    }
    const std::size_t wanted = count_there(backend);
    apply_all(hands, changes);
    auto audit = reconciler.ask(enforce::ClassReconciler::Request::audit);
    tell("full audit, 100 removed and 100 added by hand", took([&] { settle(reconciler); }), 0, "(bar 1 s)");
    const auto status = must(audit.get()).front();
    if (status.differing != 200 || status.repaired != 200)
        stop(fmt::format("of 200 the audit found {} and repaired {}", status.differing, status.repaired));
    if (count_there(backend) != wanted) stop("the audit did not repair what it found");
}

/// From the store to the kernel and back, by the reconciler.
void bench_reconciler(std::uint32_t count, const std::string& folder) {
    sqlite::SqliteStore::Options options;
    options.file = folder + "/garita.db";
    auto opened = must(sqlite::SqliteStore::open(options));
    sqlite::SqliteDeviceRules rules(*opened);
    const auto book = rules.book("border1");
    auto table = must(nft_classes::NftTable::open());
    nft_classes::NftClassBackend backend(table, access(count + count / 8));
    enforce::KeptClass kept{"inet_access", &backend, std::nullopt, {}, enforce::ForeignEntries::remove};
    auto reconciler = std::make_unique<enforce::ClassReconciler>(
        enforce::ClassReconciler::World{*book, now, {}}, "border1", std::vector{kept});
    settle(*reconciler);
    const long before = resident_mib();
    double commit = 0;
    constexpr std::uint32_t a_request = 100'000;
    for (std::uint32_t first = 0; first < count; first += a_request)
        commit += took([&] {
            must(rules.change(wishes(first, std::min(count, first + a_request), 1, open_word(), Lane::bulk),
                              now()));
        });
    tell("store: committed", commit);
    const double kept_true = took([&] { settle(*reconciler); });
    tell("reconciler: applied and recorded", kept_true, 0, "(bar 8 s with SQLite)");
    if (count_there(backend) != count) stop("not all are there");
    fmt::print("{:<44} {:>10} MiB (before: {}, bar 100)\n", "process, all rules kept", resident_mib(),
               before);
    const std::uint32_t step = std::max(1U, count / 1000);
    must(rules.change(wishes(0, 1000 * step, step, std::nullopt, Lane::quick), now()));
    tell("1000 changed: from commit to recorded", took([&] { settle(*reconciler); }), 0, "(bar 150 ms)");
    must(rules.change(wishes(0, 1000 * step, step, open_word(), Lane::quick), now()));
    settle(*reconciler);
    std::vector<double> single;
    for (std::uint32_t i = 0; i < 200; ++i) {
        must(rules.change(wishes(i, i + 1, 1, i % 2 == 0 ? std::nullopt : std::optional(open_word()), {}),
                          now()));
        single.push_back(took([&] { settle(*reconciler); }));
    }
    std::sort(single.begin(), single.end());
    tell("a single one: from commit to recorded, p50", single[100], 0, "(bar 5 ms)");
    tell("p99", single[198], 0, "(bar 20 ms)");
    auto audit = reconciler->ask(enforce::ClassReconciler::Request::audit);
    tell("full audit", took([&] { settle(*reconciler); }), 0, "(bar 1 s)");
    if (must(audit.get()).front().differing != 0) stop("the audit found what is not there");
    audit_after_hands(*reconciler, backend, count);
    reconciler = std::make_unique<enforce::ClassReconciler>(enforce::ClassReconciler::World{*book, now, {}},
                                                            "border1", std::vector{kept});
    tell("start with all in force", took([&] { settle(*reconciler); }));
    auto rebuild = reconciler->ask(enforce::ClassReconciler::Request::rebuild);
    tell("rebuild from the store", took([&] { settle(*reconciler); }));
    must(rebuild.get());
    fmt::print("{:<44} {:>10} MiB\n", "process, at the end", resident_mib());
    must(backend.remove_all());
}

}  // namespace

int main(int argc, char** argv) {
    if (argc != 3) stop("usage: garita-bench-classes N FOLDER");
    const auto count = static_cast<std::uint32_t>(std::strtoul(argv[1], nullptr, 10));
    if (count < 1000 || unshare(CLONE_NEWNET) != 0)
        stop("needs a count from 1000, and root to make a network namespace");
    bench_reconciler(count, argv[2]);
    bench_two_lanes(count, argv[2]);
    bench_backend(count);
    return 0;
}
