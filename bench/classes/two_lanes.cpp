#include "two_lanes.hpp"

#include <algorithm>
#include <atomic>
#include <map>
#include <memory>
#include <mutex>
#include <thread>
#include <vector>

#include "adapters/nft_classes/nft_class_backend.hpp"
#include "adapters/sqlite/sqlite_device_rules.hpp"
#include "adapters/sqlite/sqlite_store.hpp"
#include "enforce/class_reconciler.hpp"
#include "enforce/record_later.hpp"
#include "enforce/traced_backend.hpp"
#include "rules.hpp"
#include "runtime/worker/runner.hpp"

namespace garita::bench {
namespace {

using Clock = std::chrono::steady_clock;
constexpr std::uint32_t a_request = 20'000;
constexpr std::uint32_t singles_begin = 0x100000;  // numbers that are not loaded

double milliseconds(Clock::duration span) {
    return std::chrono::duration<double, std::milli>(span).count();
}

/// When a key came into the kernel.
class Arrivals {
  public:
    void note(const enforce::BackendCall& call) {
        if (call.what != enforce::BackendCall::What::apply || call.error != nullptr) return;
        const auto now = Clock::now();
        const std::lock_guard lock(mutex_);
        for (const auto& change : call.changes)
            if (const auto wanted = at_.find(change.key); wanted != at_.end() && !wanted->second)
                wanted->second = now;
        count_ += call.changes.size();
    }
    void expect(const RuleKey& key) {
        const std::lock_guard lock(mutex_);
        at_[key] = std::nullopt;
    }
    [[nodiscard]] std::optional<Clock::time_point> of(const RuleKey& key) {
        const std::lock_guard lock(mutex_);
        return at_[key];
    }
    [[nodiscard]] std::size_t count() {
        const std::lock_guard lock(mutex_);
        return count_;
    }

  private:
    std::mutex mutex_;
    std::map<RuleKey, std::optional<Clock::time_point>> at_;
    std::size_t count_ = 0;
};

struct Single {
    RuleKey key;
    Clock::time_point asked, committed;
};

void tell_percentiles(const char* what, std::vector<double> all, const char* p50_bar, const char* p99_bar) {
    std::sort(all.begin(), all.end());
    const auto at = [&](double part) {
        return all[static_cast<std::size_t>(part * static_cast<double>(all.size() - 1))];
    };
    tell(what, at(0.5), 0, p50_bar);
    tell("  p99", at(0.99), 0, p99_bar);
    tell("  worst", all.back());
}

/// One every few milliseconds, until the load is over.
std::vector<Single> send_singles(store::DeviceRules& rules, Arrivals& arrivals,
                                 const std::atomic<bool>& over) {
    std::vector<Single> sent;
    for (std::uint32_t number = singles_begin; !over; ++number) {
        Single single{key_of(number), Clock::now(), {}};
        arrivals.expect(single.key);
        must(rules.change(wishes(number, number + 1, 1, open_word(), {}), now()));
        single.committed = Clock::now();
        sent.push_back(single);
        std::this_thread::sleep_for(std::chrono::milliseconds(5));
    }
    return sent;
}

}  // namespace

void bench_two_lanes(std::uint32_t count, const std::string& folder) {
    sqlite::SqliteStore::Options options;
    options.file = folder + "/lanes.db";
    auto opened = must(sqlite::SqliteStore::open(options));
    sqlite::SqliteDeviceRules rules(*opened);
    const auto book = rules.book("border1");
    Arrivals arrivals;
    enforce::TracedBackend backend(
        std::make_unique<nft_classes::NftClassBackend>(must(nft_classes::NftTable::open()),
                                                       access(count + count / 8)),
        [&](const enforce::BackendCall& call) { arrivals.note(call); }, now);
    runtime::WorkerThread* recording = nullptr;
    enforce::RecordLater later(*book, [&] {
        if (recording != nullptr) recording->wake();
    });
    enforce::Recorder recorder({&later});
    enforce::ClassReconciler reconciler({later, now, {}}, "border1",
                                        {{"inet_access", &backend, std::nullopt, {}, {}}});
    must(reconciler.step(now()));
    std::vector<Single> sent;
    double loaded = 0;
    {
        runtime::WorkerGroup workers(now, [](auto, const Error& error, auto) { stop(error.text); });
        recording = &workers.start(recorder);
        auto& thread = workers.start(reconciler);
        opened->on_ring([&](const store::Ring&) { thread.wake(); });
        std::atomic<bool> over{false};
        std::thread singles([&] { sent = send_singles(rules, arrivals, over); });
        loaded = took([&] {
            for (std::uint32_t first = 0; first < count; first += a_request)
                must(rules.change(
                    wishes(first, std::min(count, first + a_request), 1, open_word(), Lane::bulk), now()));
            while (arrivals.count() < count)
                std::this_thread::sleep_for(std::chrono::milliseconds(1));
        });
        over = true;
        singles.join();
        while (!arrivals.of(sent.back().key))
            std::this_thread::sleep_for(std::chrono::milliseconds(1));
        opened->on_ring({});
        workers.stop();
        recording = nullptr;
    }
    tell("two lanes: all loaded beside single changes", loaded);
    std::vector<double> commits, ways;
    for (const auto& single : sent) {
        const auto there = arrivals.of(single.key);
        if (!there) stop("a single change never came to the kernel");
        commits.push_back(milliseconds(single.committed - single.asked));
        ways.push_back(std::max(0.0, milliseconds(*there - single.committed)));
    }
    fmt::print("{:<44} {:>10}\n", "single changes meanwhile", sent.size());
    tell_percentiles("from commit to kernel, p50", ways, "(bar 5 ms)", "(bar 20 ms)");
    tell_percentiles("to be committed, p50", commits, "", "");
    must(backend.remove_all());
}

}  // namespace garita::bench
