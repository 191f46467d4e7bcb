// What the configuration does not name any more is removed, in order, until a week has passed.

#include "programs/hub/left_rules.hpp"

#include <filesystem>
#include <fstream>

#include <gmock/gmock.h>

#include "fakes/memory_store.hpp"
#include "runtime/config/device_text.hpp"
#include "support/temporary_directory.hpp"

namespace garita::programs {
namespace {

using namespace std::chrono_literals;
using testing::ElementsAre;
using testing::HasSubstr;
using testing::IsEmpty;

class LeftRulesTest : public ::testing::Test {
  protected:
    LeftRulesTest() {
        std::ofstream(program()) << "#!/bin/sh\n"
                                 << "[ ! -e " << file("away") << " ] || exit 1\n"
                                 << "echo $1 >> " << file("done") << "\n";
        std::filesystem::permissions(program(), std::filesystem::perms::owner_all);
    }
    [[nodiscard]] std::string file(const std::string& name) const { return directory_.path() / name; }
    [[nodiscard]] std::string program() const { return file("program"); }

    /// Rules that are cleared by the program with their name; they come after others.
    [[nodiscard]] runtime::DeviceConfig device(const std::string& rules,
                                               const std::string& after = {}) const {
        const std::string options = after.empty() ? "" : ", options: {after: '" + after + "'}";
        auto parsed = runtime::parse_device_text("{hub: {}, devices: {switch1: {rules: {" + rules +
                                                 ": {backend: command, params: {ip: address}, "
                                                 "value: rate, add: [" +
                                                 program() + ", a, '{ip}', '{value}'], delete: [" +
                                                 program() + ", d, '{ip}'], clear: [" + program() + ", " +
                                                 rules + "]" + options + "}}}}}");
        EXPECT_TRUE(parsed) << (parsed ? "" : parsed.error().text);
        return *parsed;
    }
    /// As a start or a reload does it.
    void configure(const std::vector<runtime::DeviceConfig>& devices) {
        auto trace = RuleTrace::open({}, {});
        ASSERT_TRUE(trace);
        left_.emplace(store_, *trace, runtime::Log());
        ASSERT_TRUE(left_->keep(devices, now_));
        work();
    }
    void work() {
        for (int i = 0; i < 100; ++i) {
            const auto next = left_->step(now_);
            ASSERT_TRUE(next);
            if (*next > Duration::zero()) return;
        }
        FAIL() << "never comes to rest";
    }
    void pass(Duration span) {
        now_ += span;
        work();
    }
    [[nodiscard]] std::vector<std::string> done() const {
        std::ifstream in(file("done"));
        std::vector<std::string> lines;
        for (std::string line; std::getline(in, line);)
            lines.push_back(line);
        return lines;
    }

    support::TemporaryDirectory directory_;
    fakes::MemoryStore store_;
    Time now_ = from_micros(1'790'000'000'000'000);
    std::optional<LeftRules> left_;
};

TEST_F(LeftRulesTest, AreRemovedOnceWhenTheyAreNoLongerConfigured) {
    configure({device("speed")});
    configure({device("speed")});
    EXPECT_THAT(done(), IsEmpty());
    configure({});
    EXPECT_THAT(done(), ElementsAre("speed"));
    configure({});
    pass(24h);
    EXPECT_THAT(done(), ElementsAre("speed"));
}

TEST_F(LeftRulesTest, WhatCameAfterOthersGoesBeforeThem) {
    configure({device("classes"), device("marks", "classes"), device("filters", "marks, classes")});
    configure({});
    EXPECT_THAT(done(), ElementsAre("filters", "marks", "classes"));
}

TEST_F(LeftRulesTest, ThatCannotBeRemovedAreToldAndTriedAgainOverRestarts) {
    configure({device("speed"), device("marks", "speed")});
    std::ofstream(file("away")) << "";
    configure({});
    EXPECT_THAT(left_->troubles(), ElementsAre(HasSubstr("rules marks of device switch1 are left behind")));
    configure({});
    EXPECT_THAT(done(), IsEmpty());
    std::filesystem::remove(file("away"));
    pass(1s);
    EXPECT_THAT(done(), IsEmpty()) << "not before its time";
    pass(1min);
    EXPECT_THAT(done(), ElementsAre("marks", "speed"));
    EXPECT_THAT(left_->troubles(), IsEmpty());
}

TEST_F(LeftRulesTest, AreGivenUpAfterAWeek) {
    configure({device("speed")});
    std::ofstream(file("away")) << "";
    configure({});
    pass(24h * 6);
    EXPECT_EQ(left_->troubles().size(), 1U);
    pass(24h * 2);
    EXPECT_THAT(left_->troubles(), IsEmpty());
    std::filesystem::remove(file("away"));
    configure({});
    EXPECT_THAT(done(), IsEmpty());
}

TEST_F(LeftRulesTest, AreForgottenWhereSomebodySaysSo) {
    const Actor ana{Actor::Kind::person, "ana", "cli", Role::administrator};
    configure({device("speed"), device("marks")});
    EXPECT_EQ(left_->forget("switch1", "", ana, now_).error().code, ErrorCode::not_found) << "configured";
    std::ofstream(file("away")) << "";
    configure({});
    pass(1min);
    EXPECT_EQ(left_->troubles().size(), 2U);
    EXPECT_FALSE(left_->forget("switch2", "", ana, now_));
    EXPECT_FALSE(left_->forget("switch1", "other", ana, now_));
    EXPECT_THAT(left_->forget("switch1", "speed", ana, now_).value(),
                ElementsAre("rules speed of device switch1"));
    EXPECT_THAT(left_->troubles(), ElementsAre(HasSubstr("rules marks of device switch1")));
    EXPECT_EQ(left_->forget("switch1", "", ana, now_).value().size(), 1U);
    std::filesystem::remove(file("away"));
    configure({});
    pass(24h);
    EXPECT_THAT(done(), IsEmpty());
    std::vector<std::string> audit;
    ASSERT_TRUE(store_.read([&](store::View& view) -> Result<void> {
        for (const auto& entry : view.audit({}))
            audit.push_back(entry.verb + " " + entry.object + " by " + entry.actor.name);
        return {};
    }));
    EXPECT_THAT(audit, testing::UnorderedElementsAre("rules_forgotten rules speed of device switch1 by ana",
                                                     "rules_forgotten rules marks of device switch1 by ana"));
}

TEST_F(LeftRulesTest, ThatComeBackAreLeftAlone) {
    configure({device("speed")});
    std::ofstream(file("away")) << "";
    configure({});
    std::filesystem::remove(file("away"));
    configure({device("speed")});
    pass(24h);
    EXPECT_THAT(done(), IsEmpty());
}

}  // namespace
}  // namespace garita::programs
