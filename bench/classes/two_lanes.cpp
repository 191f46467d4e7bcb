#include "two_lanes.hpp"

#include <algorithm>
#include <atomic>
#include <cmath>
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
        for (const auto& change : call.changes) {
            const auto expected = at_.find(change.key);
            if (expected == at_.end())
                ++others_;
            else if (!expected->second)
                expected->second = now;
        }
    }
    void expect(const RuleKey& key) {
        const std::lock_guard lock(mutex_);
        at_[key] = std::nullopt;
    }
    [[nodiscard]] std::optional<Clock::time_point> of(const RuleKey& key) {
        const std::lock_guard lock(mutex_);
        return at_[key];
    }
    /// Changes of keys that nobody expects.
    [[nodiscard]] std::size_t others() {
        const std::lock_guard lock(mutex_);
        return others_;
    }

  private:
    std::mutex mutex_;
    std::map<RuleKey, std::optional<Clock::time_point>> at_;
    std::size_t others_ = 0;
};

struct Single {
    RuleKey key;
    Clock::time_point asked, committed;
};

void tell_percentiles(const char* what, std::vector<double> all, const char* p50_bar, const char* p99_bar) {
    std::sort(all.begin(), all.end());
    const auto at = [&](double part) {  // nearest rank: of few, the worst
        const auto rank = static_cast<std::size_t>(std::ceil(part * static_cast<double>(all.size())));
        return all[std::max<std::size_t>(rank, 1) - 1];
    };
    tell(what, at(0.5), 0, p50_bar);
    tell("    p99", at(0.99), 0, p99_bar);
    tell("    worst", all.back());
}

/// The hub's parts around one device: store, reconciler and recorder with their threads.
class Lanes {
  public:
    Lanes(std::uint32_t count, const std::string& file)
        : store_(open(file)),
          rules_(*store_),
          book_(rules_.book("border1")),
          backend_(
              std::make_unique<nft_classes::NftClassBackend>(must(nft_classes::NftTable::open()),
                                                             access(count + count / 8)),
              [this](const enforce::BackendCall& call) { arrivals_.note(call); }, now),
          later_(*book_,
                 [this] {
                     if (recording_ != nullptr) recording_->wake();
                 }),
          recorder_({&later_}),
          reconciler_({later_, now, {}}, "border1", {{"inet_access", &backend_, std::nullopt, {}, {}}}),
          workers_(now, [](auto, const Error& error, auto) { stop(error.text); }) {
        recording_ = &workers_.start(recorder_);
        working_ = &workers_.start(reconciler_);
        store_->on_ring([this](const store::Ring&) { working_->wake(); });
        audit();  // what is wanted before it has begun comes into force as a whole, and unseen
    }
    ~Lanes() {
        store_->on_ring({});
        workers_.stop();
        must(backend_.remove_all());
    }
    Lanes(const Lanes&) = delete;
    Lanes& operator=(const Lanes&) = delete;

    void load(std::uint32_t count) {
        for (std::uint32_t first = 0; first < count; first += a_request)
            must(rules_.change(wishes(first, std::min(count, first + a_request), 1, open_word(), Lane::bulk),
                               now()));
        while (arrivals_.others() < count)
            std::this_thread::sleep_for(std::chrono::milliseconds(1));
    }
    void audit() {
        auto answer = reconciler_.ask(enforce::ClassReconciler::Request::audit);
        working_->wake();
        if (must(answer.get()).front().differing != 0) stop("the audit found what is not there");
    }
    /// Single changes of four producers, each one every few milliseconds, while the work is under way.
    template <typename Work>
    void beside_singles(const char* what, Work work) {
        std::atomic<bool> over{false};
        std::vector<Single> sent;
        std::vector<std::thread> senders;
        std::mutex mutex;
        for (int i = 0; i < 4; ++i)
            senders.emplace_back([&] {
                const auto own = send(over);
                const std::lock_guard lock(mutex);
                sent.insert(sent.end(), own.begin(), own.end());
            });
        tell(what, took(work));
        over = true;
        for (auto& sender : senders)
            sender.join();
        tell_ways(sent);
    }

  private:
    static std::unique_ptr<sqlite::SqliteStore> open(const std::string& file) {
        sqlite::SqliteStore::Options options;
        options.file = file;
        return must(sqlite::SqliteStore::open(options));
    }
    std::vector<Single> send(const std::atomic<bool>& over) {
        std::vector<Single> sent;
        while (!over) {
            const std::uint32_t number = next_single_++;
            Single single{key_of(number), Clock::now(), {}};
            arrivals_.expect(single.key);
            must(rules_.change(wishes(number, number + 1, 1, open_word(), {}), now()));
            single.committed = Clock::now();
            sent.push_back(single);
            std::this_thread::sleep_for(std::chrono::milliseconds(5));
        }
        return sent;
    }
    void tell_ways(const std::vector<Single>& sent) {
        std::vector<double> commits, ways;
        for (const auto& single : sent) {
            auto there = arrivals_.of(single.key);
            for (; !there; there = arrivals_.of(single.key)) {
                if (Clock::now() > single.committed + std::chrono::seconds(30))
                    stop("a single change never came to the kernel");
                std::this_thread::sleep_for(std::chrono::milliseconds(1));
            }
            commits.push_back(milliseconds(single.committed - single.asked));
            ways.push_back(std::max(0.0, milliseconds(*there - single.committed)));
        }
        fmt::print("{:<44} {:>10}\n", "  single changes meanwhile", sent.size());
        tell_percentiles("  from commit to kernel, p50", ways, "(bar 5 ms)", "(bar 20 ms)");
        tell_percentiles("  to be committed, p50", commits, "", "");
    }

    std::unique_ptr<sqlite::SqliteStore> store_;
    sqlite::SqliteDeviceRules rules_;
    std::unique_ptr<store::ClassBook> book_;
    Arrivals arrivals_;
    enforce::TracedBackend backend_;
    runtime::WorkerThread* recording_ = nullptr;
    runtime::WorkerThread* working_ = nullptr;
    enforce::RecordLater later_;
    enforce::Recorder recorder_;
    enforce::ClassReconciler reconciler_;
    std::atomic<std::uint32_t> next_single_{singles_begin};
    runtime::WorkerGroup workers_;
};

}  // namespace

void bench_two_lanes(std::uint32_t count, const std::string& folder) {
    Lanes lanes(count, folder + "/lanes.db");
    lanes.beside_singles("all loaded beside single changes", [&] { lanes.load(count); });
    lanes.beside_singles("full audits beside single changes, five", [&] {
        for (int i = 0; i < 5; ++i)
            lanes.audit();
    });
}

}  // namespace garita::bench
