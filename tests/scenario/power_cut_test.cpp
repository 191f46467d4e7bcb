// Power fails before and after every write, every change of a device and every act on a host, one after the
// other; each time everything starts again from what is stored.

#include "scenario/town.hpp"

namespace garita::tests {
namespace {

struct PowerCut {};

/// Blows once, at the n-th place.
class Fuse {
  public:
    explicit Fuse(int at) : left_(at) {}
    void place() {
        if (left_-- == 0) throw PowerCut{};
    }
    [[nodiscard]] bool blown() const { return left_ < 0; }

  private:
    int left_;
};

class FusedStore final : public store::Store {
  public:
    FusedStore(store::Store& inner, Fuse& fuse) : inner_(inner), fuse_(fuse) {}
    Result<void> read(const Reading& work) override { return inner_.read(work); }
    Result<void> write(const Writing& work) override {
        fuse_.place();
        auto result = inner_.write(work);
        fuse_.place();
        return result;
    }
    void on_ring(std::function<void(const store::Ring&)>) override {}

  private:
    store::Store& inner_;
    Fuse& fuse_;
};

class FusedAgentStore final : public PlainAgentStore {
  public:
    Fuse* fuse = nullptr;
    Result<void> hold_rules(const std::vector<Rule>& changes, std::int64_t seq) override {
        fuse->place();
        auto result = PlainAgentStore::hold_rules(changes, seq);
        fuse->place();
        return result;
    }
    Result<bool> begin_action(ActionId id, Time now) override {
        fuse->place();
        auto result = PlainAgentStore::begin_action(id, now);
        fuse->place();
        return result;
    }
    Result<void> finish_action(const store::ActionReport& report, Time now) override {
        fuse->place();
        auto result = PlainAgentStore::finish_action(report, now);
        fuse->place();
        return result;
    }
    Result<void> acknowledge_actions(const std::vector<ActionId>& ids) override {
        fuse->place();
        auto result = PlainAgentStore::acknowledge_actions(ids);
        fuse->place();
        return result;
    }
};

class FusedDevice final : public enforce::RuleBackend, public enforce::HostControl {
  public:
    explicit FusedDevice(Fuse& fuse) : fuse_(fuse) { host.live_sessions = {4321}; }
    fakes::MemoryRuleBackend kernel;
    fakes::MemoryHostControl host;

    Result<void> prepare() override { return kernel.prepare(); }
    Result<enforce::BatchResult> apply(std::span<const enforce::BlockEntry> add,
                                       std::span<const IpNetwork> remove, Time now) override {
        fuse_.place();
        auto result = kernel.apply(add, remove, now);
        fuse_.place();
        return result;
    }
    Result<std::vector<enforce::BlockEntry>> read_back(Time now) override { return kernel.read_back(now); }
    Result<enforce::BatchResult> rebuild(std::span<const enforce::BlockEntry> all, Time now) override {
        fuse_.place();
        auto result = kernel.rebuild(all, now);
        fuse_.place();
        return result;
    }
    Result<enforce::Drift> check(Time now) override { return kernel.check(now); }
    Result<void> remove_all() override { return kernel.remove_all(); }
    Result<enforce::SessionClosed> close_session(const CloseSession& session) override {
        fuse_.place();
        auto result = host.close_session(session);
        fuse_.place();
        return result;
    }
    Result<void> reboot() override {
        fuse_.place();
        auto result = host.reboot();
        fuse_.place();
        return result;
    }
    Result<void> power_off() override { return host.power_off(); }

  private:
    Fuse& fuse_;
};

/// What outlives a power cut, and what has to be made again.
class World {
  public:
    explicit World(int cut_at) : fuse(cut_at) {
        agent.fuse = &fuse;
        Office setup(disk.store());
        setup.enrol("web1");
        start();
    }

    Fuse fuse;
    StoreUnderTest disk;
    FusedStore store{disk.store(), fuse};
    FusedAgentStore agent;
    FusedDevice device{fuse};
    std::optional<Office> office;

    void start() {
        office.emplace(store);
        decide::Policy automatic;
        automatic.kind = "log_patterns";
        automatic.mode = decide::Policy::Mode::automatic;
        automatic.response = Response::block;
        office->options.policies = {automatic};
        agent.restart();
        inbox_.emplace();
        orders_.emplace();
        report_.emplace();
        reconciler_.emplace(enforce::Reconciler::World{agent, device, protection_, *inbox_, *report_},
                            enforce::ReconcilerOptions{});
        runner_.emplace(agent, device, *orders_, nullptr);
    }

    /// A day at the desk. Everything in it may be begun again.
    void play() {
        auto pattern = flood_alert("203.0.113.77");
        pattern.kind = "log_patterns";
        office->raise({flood_alert("203.0.113.9"), login_alert("203.0.113.10"), load_alert(), pattern});
        office->file();
        for (const auto& about : office->cases()) {
            const auto answer = about.kind == "cpu_load" ? Response::reboot : Response::block;
            ASSERT_TRUE(office->answer(about, answer, person("eva", Role::approver)));
        }
        for (int round = 0; round < 3; ++round)
            call_hub();
        office->run(office->settlement);
        office->run(office->expiry);
    }

    void check_nothing_without_a_decision() {
        const auto cases = office->cases();
        for (const auto& entry : device.kernel.entries()) {
            const auto& network = entry.first;
            const auto decided = std::any_of(cases.begin(), cases.end(), [&](const Case& about) {
                return about.decision && about.decision->response == Response::block &&
                       about.address == network;
            });
            EXPECT_TRUE(decided) << network.text();
        }
        EXPECT_LE(device.host.reboots, 1);
        EXPECT_LE(device.host.closed.size(), 1U);
    }

  private:
    fakes::FixedLocalNetworks local_;
    enforce::HostProtection protection_{local_, {}, {}};
    std::optional<enforce::RuleInbox> inbox_;
    std::optional<enforce::ActionInbox> orders_;
    std::optional<KeptReport> report_;
    std::optional<enforce::Reconciler> reconciler_;
    std::optional<enforce::ActionRunner> runner_;

    void call_hub() {
        const auto now = office->now;
        const auto known = agent.rules_seq();
        const auto changes =
            office->look([&](store::View& v) { return v.rule_changes("web1", *known, 100); });
        if (!changes.empty()) {
            ASSERT_TRUE(agent.hold_rules(changes, changes.back().seq));
            inbox_->offer({*known, changes.back().seq, changes});
        }
        for (const auto& action :
             office->look([&](store::View& v) { return v.pending_actions("web1", now); }))
            orders_->offer({{action.id, action.order, action.expires_at}});
        office->run(*reconciler_);
        office->run(*runner_);
        ASSERT_TRUE(office->settlement.rules_in_force(
            "web1", {report_->last.up_to_seq, report_->last.failed, 0}, now));
        const auto reports = agent.unreported_actions();
        std::vector<ActionId> ids;
        for (const auto& report : *reports) {
            ASSERT_TRUE(
                office->settlement.actions_finished("web1", {{report.id, report.state, report.result}}, now));
            ids.push_back(report.id);
        }
        ASSERT_TRUE(agent.acknowledge_actions(ids));
    }
};

TEST(PowerCuts, AtEveryPlaceLoseNothingAndDoNothingTwice) {
    int places = 0;
    for (bool more = true; more; ++places) {
        SCOPED_TRACE("power fails at place " + std::to_string(places));
        World world(places);
        for (int starts = 0; starts < 3; ++starts) {
            try {
                world.play();
                break;
            } catch (const PowerCut&) {
                world.check_nothing_without_a_decision();
                world.start();
            }
        }
        more = world.fuse.blown();

        world.check_nothing_without_a_decision();
        const auto cases = world.office->cases();
        ASSERT_EQ(cases.size(), 4U);
        for (const auto& about : cases)
            EXPECT_EQ(about.state, CaseState::closed) << about.kind;
        const auto verbs = world.office->verbs();
        EXPECT_EQ(std::count(verbs.begin(), verbs.end(), "decide"), 4);
        const auto actions = std::count(verbs.begin(), verbs.end(), "action_done") +
                             std::count(verbs.begin(), verbs.end(), "action_failed");
        EXPECT_EQ(actions, 2);
        EXPECT_EQ(world.device.kernel.entries().size(), 3U);
        const auto rules = world.office->rules_now();
        EXPECT_EQ(rules.size(), 3U);
        for (const auto& rule : rules)
            EXPECT_TRUE(rule.settled()) << rule.params;
        if (!more) {
            EXPECT_EQ(world.device.host.reboots, 1);
            EXPECT_EQ(world.device.host.closed.size(), 1U);
        }
        if (::testing::Test::HasFailure()) return;
    }
    EXPECT_GT(places, 40);
}

}  // namespace
}  // namespace garita::tests
