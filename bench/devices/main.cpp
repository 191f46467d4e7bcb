// How long a change takes to a healthy device when others hang or refuse: from the store's commit to the
// device, by the hub's own store, reconcilers and threads; the devices are emulated in this process.
// Usage: garita-bench-devices DEVICES SECONDS FOLDER

#include <algorithm>
#include <array>
#include <chrono>
#include <cstdio>
#include <cstdlib>
#include <fstream>
#include <memory>
#include <string>
#include <thread>
#include <vector>

#include <fmt/core.h>

#include "adapters/sqlite/sqlite_device_rules.hpp"
#include "adapters/sqlite/sqlite_store.hpp"
#include "bench/support/measuring.hpp"
#include "enforce/class_reconciler.hpp"
#include "enforce/record_later.hpp"
#include "fakes/emulated_device.hpp"
#include "runtime/clock/clock.hpp"
#include "runtime/worker/runner.hpp"

namespace {

using namespace garita;
using bench::must;
using bench::stop;
using fakes::EmulatedDevice;
using Clock = EmulatedDevice::Clock;
using Manner = EmulatedDevice::Manner;

constexpr std::chrono::microseconds device_answers_in{2000};
constexpr std::chrono::seconds time_limit{30};
constexpr double changes_per_device = 0.3;  // a second

long of_status(const char* what) {
    std::ifstream status("/proc/self/status");
    for (std::string line; std::getline(status, line);)
        if (line.starts_with(what)) return std::atol(line.c_str() + std::string(what).size());
    return 0;
}

RuleKey key_of(std::uint32_t number) {
    const std::array<std::uint8_t, 5> bytes{4, 100, static_cast<std::uint8_t>(64 + (number >> 16U)),
                                            static_cast<std::uint8_t>(number >> 8U),
                                            static_cast<std::uint8_t>(number)};
    RuleKey key;
    (void)key.append(bytes);
    return key;
}

RuleValue open_word() {
    RuleValue value;
    const std::array<std::uint8_t, 5> bytes{4, 'o', 'p', 'e', 'n'};
    (void)value.append(bytes);
    return value;
}

struct Device {
    std::string name;
    std::unique_ptr<EmulatedDevice> world;
    std::unique_ptr<store::ClassBook> book;
    std::unique_ptr<enforce::RecordLater> later;
    std::unique_ptr<enforce::ClassReconciler> reconciler;
    runtime::WorkerThread* thread = nullptr;
};

/// A hub's worth of devices on a store of its own.
class Town {
  public:
    Town(const std::string& file, std::size_t healthy, std::size_t hanging, std::size_t refusing)
        : store_(open(file)), rules_(*store_), workers_(runtime::system_now, [](auto, auto&, auto) {}) {
        for (std::size_t i = 0; i < healthy + hanging + refusing; ++i)
            add(i, i < healthy             ? Manner::healthy
                   : i < healthy + hanging ? Manner::hanging
                                           : Manner::refusing);
        store_->on_ring([this](const store::Ring& ring) {
            if (ring.topic == store::Topic::device_rules && ring.device.starts_with('d'))
                devices_[std::strtoul(ring.device.c_str() + 1, nullptr, 10)].thread->wake();
        });
        open_recorders();
        for (auto& device : devices_)
            device.thread = &workers_.start(*device.reconciler);
    }
    ~Town() {
        store_->on_ring({});
        for (auto& device : devices_)
            device.world->let_go();
        workers_.stop();
    }
    Town(const Town&) = delete;
    Town& operator=(const Town&) = delete;

    struct Sent {
        std::size_t device;
        RuleKey key;
        Clock::time_point committed;
    };
    /// One change after another, over all devices in turn, at the rate of the benchmark.
    std::vector<Sent> send(std::chrono::seconds span) {
        std::vector<Sent> sent;
        const auto pause = std::chrono::duration_cast<Clock::duration>(
            std::chrono::duration<double>(1.0 / (changes_per_device * static_cast<double>(devices_.size()))));
        const auto end = Clock::now() + span;
        std::uint32_t number = 0;
        for (auto next = Clock::now(); next < end; next += pause) {
            std::this_thread::sleep_until(next);
            const std::size_t device = number * 7919U % devices_.size();
            store::RuleChanges changes;
            changes.targets.push_back({devices_[device].name, "inet_access"});
            changes.wishes.push_back({0, key_of(number), open_word()});
            changes.by = {Actor::Kind::system, "bench", "cli", Role::administrator};
            must(rules_.change(changes, runtime::system_now()));
            sent.push_back({device, key_of(number), Clock::now()});
            ++number;
        }
        return sent;
    }
    /// Milliseconds from the commit to the device, of those among the first `healthy` ones, sorted.
    std::vector<double> took(const std::vector<Sent>& sent, std::size_t healthy) {
        std::vector<double> all;
        for (const auto& one : sent) {
            if (one.device >= healthy) continue;
            const auto done = devices_[one.device].world->carried_out(one.key);
            if (!done) stop("a change never came to " + devices_[one.device].name);
            all.push_back(
                std::max(0.0, std::chrono::duration<double, std::milli>(*done - one.committed).count()));
        }
        std::sort(all.begin(), all.end());
        return all;
    }

  private:
    static std::unique_ptr<sqlite::SqliteStore> open(const std::string& file) {
        sqlite::SqliteStore::Options options;
        options.file = file;
        return must(sqlite::SqliteStore::open(options));
    }
    void open_recorders() {
        for (std::size_t i = 0; i < recorders_.size(); ++i) {
            std::vector<enforce::RecordLater*> books;
            for (std::size_t d = i; d < devices_.size(); d += recorders_.size())
                books.push_back(devices_[d].later.get());
            recorders_[i] = std::make_unique<enforce::Recorder>(std::move(books));
            recording_[i] = &workers_.start(*recorders_[i]);
        }
    }
    void add(std::size_t number, Manner manner) {
        Device device;
        device.name = "d" + std::to_string(number);
        device.world = std::make_unique<EmulatedDevice>(manner, device_answers_in, time_limit);
        device.book = rules_.book(device.name);
        enforce::ClassReconcilerOptions options;
        options.jitter_seed = static_cast<std::uint32_t>(number + 1);
        auto& recording = recording_[number % recording_.size()];
        device.later = std::make_unique<enforce::RecordLater>(*device.book, [&recording] {
            if (recording != nullptr) recording->wake();
        });
        device.reconciler = std::make_unique<enforce::ClassReconciler>(
            enforce::ClassReconciler::World{*device.later, runtime::system_now, {}}, device.name,
            std::vector{enforce::KeptClass{"inet_access", device.world.get()}}, options);
        devices_.push_back(std::move(device));
    }

    std::unique_ptr<sqlite::SqliteStore> store_;
    sqlite::SqliteDeviceRules rules_;
    std::vector<Device> devices_;
    std::array<std::unique_ptr<enforce::Recorder>, 4> recorders_;  // as in the hub
    std::array<runtime::WorkerThread*, 4> recording_{};
    runtime::WorkerGroup workers_;
};

struct Figures {
    double p50 = 0, p99 = 0, worst = 0;
};

Figures run(const char* what, const std::string& file, std::array<std::size_t, 3> counts,
            std::chrono::seconds span) {
    const long before = of_status("VmRSS:");
    Town town(file, counts[0], counts[1], counts[2]);
    std::this_thread::sleep_for(std::chrono::seconds(2));
    const auto sent = town.send(span);
    std::this_thread::sleep_for(std::chrono::seconds(2));
    const auto all = town.took(sent, counts[0]);
    const auto at = [&](double part) {
        return all[static_cast<std::size_t>(part * static_cast<double>(all.size() - 1))];
    };
    const Figures figures{at(0.5), at(0.99), all.back()};
    fmt::print("{:<40} {:>6} changes  p50 {:>6.2f}  p99 {:>6.2f}  worst {:>7.2f} ms   {} threads, +{} MiB\n",
               what, all.size(), figures.p50, figures.p99, figures.worst, of_status("Threads:"),
               (of_status("VmRSS:") - before) / 1024);
    return figures;
}

}  // namespace

int main(int argc, char** argv) {
    if (argc != 4) stop("usage: garita-bench-devices DEVICES SECONDS FOLDER");
    const auto count = static_cast<std::size_t>(std::strtoul(argv[1], nullptr, 10));
    const std::chrono::seconds span(std::strtol(argv[2], nullptr, 10));
    if (count < 10 || span.count() < 1) stop("needs at least ten devices, and a second");
    const std::size_t bad = count * 3 / 20;  // of each kind
    const std::string folder = argv[3];
    std::vector<double> ratios;
    // in turn, so that whatever else the machine does meets both
    for (int round = 0; round < 3; ++round) {
        const auto number = std::to_string(round);
        const auto alone = run("healthy alone", folder + "/alone" + number, {count - 2 * bad, 0, 0}, span);
        const auto among = run("the same among hanging and refusing", folder + "/among" + number,
                               {count - 2 * bad, bad, bad}, span);
        ratios.push_back(among.p99 / alone.p99);
    }
    std::sort(ratios.begin(), ratios.end());
    fmt::print("{:<40} {:>6.2f} (bar 1.2)\n", "p99 among them to p99 alone, median", ratios[1]);
    return 0;
}
