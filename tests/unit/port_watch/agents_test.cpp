// Agents look at the same time, and none of them holds up another, or what this host sees itself.

#include <condition_variable>
#include <mutex>

#include "watch_fixture.hpp"

namespace garita::tests {
namespace {

/// Lets nobody through before `wanted` are here.
class Meeting {
  public:
    explicit Meeting(int wanted) : missing_(wanted) {}
    /// Whether all came, within a patience that only a fault needs.
    bool join() {
        std::unique_lock lock(mutex_);
        --missing_;
        changed_.notify_all();
        return changed_.wait_for(lock, 60s, [&] { return missing_ <= 0; });
    }

  private:
    std::mutex mutex_;
    std::condition_variable changed_;
    int missing_;
};

/// Waits for the other places in the middle of its scan.
class MeetingEngine final : public scan::Engine {
  public:
    MeetingEngine(fakes::PortWorld& world, Meeting& meeting) : there_(world), meeting_(meeting) {}
    Result<scan::Report> scan(const scan::Job& job, const scan::Listeners& listeners,
                              std::stop_token stop) override {
        if (!meeting_.join()) return fail(ErrorCode::unavailable, "was left alone");
        return there_.scan(job, listeners, std::move(stop));
    }

  private:
    fakes::WorldEngine there_;
    Meeting& meeting_;
};

/// An agent's own network, and what looks at it.
struct FarPlace {
    explicit FarPlace(Meeting& meeting) : tcp(world, meeting) {}
    fakes::PortWorld world;
    MeetingEngine tcp;
    fakes::WorldNames names{world};
    fakes::WorldServices services{world};
    scan::Eyes eyes{tcp, nullptr, names, &services, nullptr};
};

class FarPlaces final : public scan::FarEyes {
  public:
    Result<const scan::Eyes*> of(const std::string& agent) override {
        const auto found = places.find(agent);
        if (found == places.end()) return fail(ErrorCode::unavailable, "agent " + agent + " is away");
        return &found->second.eyes;
    }
    FarPlace& add(const std::string& agent, Meeting& meeting) {
        return places.try_emplace(agent, meeting).first->second;
    }
    std::map<std::string, FarPlace> places;
};

class Agents : public PortWatchTest {
  protected:
    WrittenPorts& host_from(const std::string& agent, const std::string& name, const std::string& must) {
        auto& one = host(name, must);
        one.from = agent;
        return one;
    }
    void watch_from(scan::Engine& here) { start_with({here, nullptr, names, &services, &far}); }
    FarPlaces far;
};

TEST_F(Agents, LookAtTheSameTimeAsThisHost) {
    Meeting meeting(3);
    MeetingEngine here(world, meeting);
    // each is in one network only
    far.add("east", meeting).world.at("192.0.2.1").open = ports("22");
    far.add("west", meeting).world.at("192.0.2.2").open = ports("22,23");
    world.at("192.0.2.3").open = ports("22");
    host_from("east", "192.0.2.1", "22");
    host_from("west", "192.0.2.2", "22");
    host("192.0.2.3", "22");
    watch_from(here);
    settle();
    EXPECT_EQ(status("192.0.2.1").ports.answer, HostAnswer::heard);
    EXPECT_EQ(status("192.0.2.3").ports.answer, HostAnswer::heard);
    pass(31s);
    ASSERT_EQ(office.cases().size(), 1U);
    EXPECT_EQ(office.last_case().subject, "192.0.2.2");
    EXPECT_EQ(status("192.0.2.2").ports.open, ports("22,23"));
}

TEST_F(Agents, MoreOfThemThanLookAtOnce) {
    Meeting nobody(0);
    for (int i = 1; i <= 100; ++i) {
        const auto name = "10.0.0." + std::to_string(i);
        if (i != 50) far.add("a" + std::to_string(i), nobody).world.at(name).open = ports("22");
        host_from("a" + std::to_string(i), name, "22");
    }
    options.unknown_after = 1;
    watch_from(tcp);
    look_twice();
    int seen = 0;
    const auto all = watch->status();
    for (const auto& one : all.value())
        seen += one.ports.open == ports("22") ? 1 : 0;
    EXPECT_EQ(seen, 99);
    ASSERT_EQ(office.cases().size(), 1U);
    EXPECT_EQ(office.last_case().subject, "AGENT a50");
}

TEST_F(Agents, AskServicesAndTheSecondFamilyWhereTheyAre) {
    Meeting nobody(0);
    auto& east = far.add("east", nobody).world;
    east.name("db.inside", {"10.0.0.1", "2001:db8::1"});
    for (const auto* address : {"10.0.0.1", "2001:db8::1"}) {
        east.at(address).open = ports("22");
        east.at(address).services[22].banner = "SSH-2.0-OpenSSH_9.2";
    }
    auto& database = host_from("east", "db.inside", "22");
    database.ipv6 = true;
    database.services[22].banner = "SSH-2.0-*";
    watch_from(tcp);
    look_twice();
    EXPECT_TRUE(office.cases().empty());
    east.at("2001:db8::1").services[22].banner = "SSH-1.99-Cisco";
    next_round();
    ASSERT_EQ(office.cases().size(), 1U);
    EXPECT_EQ(office.last_case().subject, "db.inside");
}

}  // namespace
}  // namespace garita::tests
