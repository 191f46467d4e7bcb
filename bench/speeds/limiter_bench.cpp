#include "limiter_bench.hpp"

#include <algorithm>
#include <vector>

#include "adapters/limiter/limiter_backend.hpp"
#include "adapters/sqlite/sqlite_device_rules.hpp"
#include "adapters/sqlite/sqlite_store.hpp"
#include "enforce/class_reconciler.hpp"
#include "model/ready_classes.hpp"
#include "report.hpp"
#include "subscribers.hpp"
#include "support/bpf_file_system.hpp"
#include "traffic.hpp"

namespace garita::bench {
namespace {

using limiter::Bucket;
using limiter::Subscriber;
using store::Lane;

struct Floor {
    double add = 0, change = 0;
};

/// Bare batches into one map of the same shape.
Floor measure_floor(std::uint32_t count) {
    constexpr std::size_t at_once = 4096;
    std::vector<Subscriber> keys;
    std::vector<Bucket> buckets;
    for (std::uint32_t i = 0; i < count; ++i) {
        keys.push_back(limiter::subscriber_of(key_of(i)).value());
        buckets.push_back({0, 1'000'000 + i});
    }
    const auto map = must(limiter::make_buckets(count + count / 8));
    const auto put = [&](std::span<const Subscriber> some, std::span<const Bucket> with) {
        if (limiter::put_buckets(map, some, with).error != 0) stop("the kernel refused the bare batch");
    };
    Floor floor;
    floor.add = took([&] {
        for (std::size_t i = 0; i < keys.size(); i += at_once)
            put(std::span(keys).subspan(i, std::min(at_once, keys.size() - i)),
                std::span(buckets).subspan(i, std::min(at_once, keys.size() - i)));
    });
    std::vector<Subscriber> some;
    for (std::uint32_t i = 0; i < 1000; ++i)
        some.push_back(keys[i * (count / 1000)]);
    floor.change = took([&] { put(some, std::span(buckets).first(some.size())); });
    return floor;
}

void apply_all(enforce::ClassBackend& backend, std::span<const enforce::ClassChange> changes) {
    const std::size_t batch = backend.batch_size();
    for (std::size_t first = 0; first < changes.size(); first += batch) {
        const auto part = changes.subspan(first, std::min(batch, changes.size() - first));
        if (const auto failed = must(backend.apply(part)); !failed.empty()) stop(failed.front().error.text);
    }
}

void expect_count(enforce::ClassBackend& backend, std::size_t count) {
    std::size_t there = 0;
    must(backend.read_back([&](const RuleKey&, const RuleValue&) { ++there; }));
    if (there != count) stop("not all are there");
}

void bench_backend(limiter::LimiterBackend& backend, std::uint32_t count) {
    const auto floor = measure_floor(count);
    const auto all = all_subscribers(count);
    must(backend.prepare());
    tell("limiter: all rates, from nothing, in batches", took([&] { apply_all(backend, all); }), floor.add,
         "(bar 3 s)");
    tell("read all back", took([&] { expect_count(backend, count); }));
    std::vector<double> changes;
    for (std::uint32_t round = 0; round < 9; ++round) {
        const auto some = a_thousand(count, round);
        changes.push_back(took([&] { apply_all(backend, some); }));
    }
    std::sort(changes.begin(), changes.end());
    tell("1000 rates changed", changes[4], floor.change, "(bar 50 ms)");
    const auto source = [&](const enforce::EntrySink& sink) {
        for (const auto& change : all)
            sink(change.key, *change.after);
    };
    tell("all replaced at one instant", took([&] { must(backend.rebuild(source, count)); }), floor.add);
    tell("check, nothing changed (1000 times)", took([&] {
             for (int i = 0; i < 1000; ++i)
                 if (must(backend.check(count)) != enforce::Drift::none) stop("somebody was there");
         }),
         0, "(bar 1 ms each)");
    must(backend.remove_all());
}

Time now() {
    return std::chrono::time_point_cast<Duration>(std::chrono::system_clock::now());
}

void settle(enforce::ClassReconciler& reconciler) {
    while (must(reconciler.step(now())) == Duration::zero()) {
    }
}

store::RuleChanges wishes(std::span<const enforce::ClassChange> of, Lane lane) {
    store::RuleChanges changes;
    changes.targets.push_back({"border1", "shaping_in"});
    for (const auto& change : of)
        changes.wishes.push_back({0, change.key, change.after});
    changes.lane = lane;
    changes.by = {Actor::Kind::system, "bench", "cli", Role::administrator};
    return changes;
}

/// From the store to the kernel, by the reconciler.
void bench_store(limiter::LimiterBackend& backend, std::uint32_t count, const std::string& folder) {
    sqlite::SqliteStore::Options options;
    options.file = folder + "/garita.db";
    const auto opened = must(sqlite::SqliteStore::open(options));
    sqlite::SqliteDeviceRules rules(*opened);
    const auto book = rules.book("border1");
    const enforce::KeptClass kept{"shaping_in", &backend, std::nullopt, {}, enforce::ForeignEntries::remove};
    enforce::ClassReconciler reconciler({*book, now, {}}, "border1", std::vector{kept});
    settle(reconciler);
    const auto all = all_subscribers(count);
    constexpr std::size_t a_request = 100'000;
    for (std::size_t first = 0; first < all.size(); first += a_request)
        must(rules.change(
            wishes(std::span(all).subspan(first, std::min(a_request, all.size() - first)), Lane::bulk),
            now()));
    tell("from the store: all in force and recorded", took([&] { settle(reconciler); }));
    must(rules.change(wishes(a_thousand(count, 1), Lane::quick), now()));
    tell("1000 changed: from commit to recorded", took([&] { settle(reconciler); }), 0, "(bar 150 ms)");
    expect_count(backend, count);
}

std::unique_ptr<limiter::LimiterBackend> open_backend(const testing_support::RoutedHosts& hosts,
                                                      const std::string& name, const std::string& folder) {
    limiter::Settings settings;
    settings.name = name;
    settings.interfaces = {"sub"};
    settings.folder = folder;
    if (name == "shaping_out") settings.direction = limiter::Direction::sends;
    std::unique_ptr<limiter::LimiterBackend> backend;
    hosts.router().run(
        [&] { backend = must(limiter::LimiterBackend::open(ready_class(name).value(), settings)); });
    return backend;
}

}  // namespace

void bench_limiter(std::uint32_t count, int seconds, const std::string& folder) {
    const auto files = testing_support::BpfFileSystem::make();
    const auto hosts = testing_support::RoutedHosts::make();
    if (!files || !hosts) stop("needs root to make network namespaces and to mount bpffs");
    const auto in = open_backend(*hosts, "shaping_in", files->path());
    const auto out = open_backend(*hosts, "shaping_out", files->path());
    bench_backend(*in, count);
    bench_store(*in, count, folder);
    must(out->prepare());
    const RuleKey sample = limiter::key_of({0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0xff, 0xff, 100, 64, 0, 1});
    must(in->apply(std::vector<enforce::ClassChange>{{sample, std::nullopt, rate_value(50'000'000)}}));
    must(out->apply(std::vector<enforce::ClassChange>{{sample, std::nullopt, rate_value(10'000'000)}}));
    measure_both_directions(*hosts, "100.64.0.1", 50e6, 10e6, seconds);
    must(in->remove_all());
    must(out->remove_all());
}

}  // namespace garita::bench
