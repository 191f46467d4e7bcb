// Ports of UDP take long, and hold up nobody else's verdict.

#include <atomic>
#include <condition_variable>
#include <functional>
#include <mutex>
#include <thread>

#include "watch_fixture.hpp"

namespace garita::tests {
namespace {

/// Answers as the world is, but not before it is let go.
class SlowEngine final : public scan::Engine {
  public:
    explicit SlowEngine(fakes::PortWorld& world) : quick_(world) {}
    Result<scan::Report> scan(const scan::Job& job, const scan::Listeners& listeners,
                              std::stop_token stop) override {
        std::unique_lock lock(mutex_);
        ++scans;
        const std::stop_callback at_stop(stop, [this] { changed_.notify_all(); });
        changed_.wait_for(lock, 60s, [&] { return free_ || stop.stop_requested(); });
        return quick_.scan(job, listeners, stop);
    }
    void let_go() {
        const std::lock_guard lock(mutex_);
        free_ = true;
        changed_.notify_all();
    }
    std::atomic<int> scans = 0;

  private:
    std::mutex mutex_;
    std::condition_variable changed_;
    bool free_ = false;
    fakes::WorldEngine quick_;
};

class Aside : public PortWatchTest {
  protected:
    Aside() {
        auto& dns = host("192.0.2.53", "53");
        dns.udp_must = ports("53");
        host("192.0.2.80", "80");
        world.at("192.0.2.53").open = ports("53");
        world.at("192.0.2.80").open = ports("80");
        start_with({tcp, &udp, names, &services}, scan::Eyes{side_tcp, &slow, side_names, nullptr});
    }
    ~Aside() override { watch.reset(); }  // before what its other thread uses
    Aside(const Aside&) = delete;
    Aside& operator=(const Aside&) = delete;
    /// What the other thread does takes its time.
    void settle_until(const std::function<bool()>& so) {
        for (int i = 0; i < 6000 && !so(); ++i) {
            std::this_thread::sleep_for(10ms);
            settle();
        }
        EXPECT_TRUE(so());
    }
    fakes::WorldEngine side_tcp{world};
    fakes::WorldNames side_names{world};
    SlowEngine slow{world};
};

TEST_F(Aside, OthersAreJudgedMeanwhile) {
    world.at("192.0.2.80").open = ports("80,81");
    settle();
    EXPECT_EQ(tcp.jobs.size(), 1U);
    pass(31s);
    ASSERT_EQ(office.cases().size(), 1U) << "looked at twice while the other one's UDP is under way";
    EXPECT_EQ(office.last_case().subject, "192.0.2.80");
    EXPECT_TRUE(watch->scan_now("192.0.2.53"));
    pass(67min);
    pass(31s);
    EXPECT_EQ(status("192.0.2.53").ports.answer, HostAnswer::none);
    EXPECT_TRUE(udp.jobs.empty());
    EXPECT_LE(slow.scans, 1);
    slow.let_go();
    settle_until([&] { return status("192.0.2.53").ports.open_udp == ports("53"); });
    settle_until([&] { return slow.scans == 2; });  // asked for meanwhile
    EXPECT_TRUE(status("192.0.2.53").ports.drift.empty());
    EXPECT_EQ(office.cases().size(), 1U);
}

TEST_F(Aside, AStopEndsWhatIsUnderWay) {
    settle();
    const auto begun = std::chrono::steady_clock::now();
    watch.reset();
    EXPECT_LT(std::chrono::steady_clock::now() - begun, 50s) << "it did not wait for the engine's patience";
}

}  // namespace
}  // namespace garita::tests
