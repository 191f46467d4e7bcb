// Whoever works on a port may die between any two lines. Whoever comes after finds the journal, and the port
// is then either as it was before, or finished and saved.

#include "port_world.hpp"

namespace garita::ios {
namespace {

using Kind = access::PortOutcome::Kind;

struct Story {
    const char* name;
    std::string lines;
    std::string more;
};

class PortDeaths : public PortWorkTest, public ::testing::WithParamInterface<std::tuple<int, bool>> {
  protected:
    static const Story& story() {
        static const std::array stories{
            Story{"replaced", desk_port + old_line + on, ""},
            Story{"err_disabled",
                  " switchport mode access\n switchport port-security mac-address 0050.56aa.0102\n" +
                      std::string(on),
                  ""},
            Story{"moved", desk_port + old_line + on,
                  "interface GigabitEthernet1/0/2\n" + desk_port +
                      " switchport port-security mac-address sticky 0050.56aa.0101\n" + on}};
        return stories.at(static_cast<std::size_t>(std::get<0>(GetParam())));
    }
    /// One life: everything is as in the beginning, and the session breaks at this line.
    Kind die_at(int line) {
        journal_.clear();
        modes({{"die_after", line}, {"die_executes", std::get<1>(GetParam())}});
        login_.connect_within = std::chrono::seconds(5);  // some deaths leave a login without an answer
        const auto first = work(order());
        login_.connect_within = std::chrono::seconds(60);
        switches_->ask(name_, "modes", {{"reset", true}});
        return first.kind;
    }
};

TEST_P(PortDeaths, AtAnyLineLeaveNothingHalfDone) {
    int line = 1;
    constexpr int most_lines = 70;
    start_with(story().lines, story().more, most_lines);
    for (bool finished = false; !finished && line < most_lines; ++line) {
        SCOPED_TRACE("dies at line " + std::to_string(line));
        look_at(line);
        plug("Gi1/0/1", one_mac);
        finished = die_at(line) == Kind::secured;
        if (!finished && !journal_.empty()) {
            const auto resumed = resume();
            EXPECT_TRUE(resumed.kind == Kind::secured || resumed.kind == Kind::undone)
                << resumed.why << log_.text();
            if (resumed.kind == Kind::secured) {
                EXPECT_TRUE(is_secured()) << log_.text();
            }
            if (resumed.kind == Kind::undone) {
                EXPECT_TRUE(is_as_before()) << text_of("running") << log_.text();
            }
        } else {
            EXPECT_TRUE(finished ? is_secured() : is_as_before());
        }
        if (HasFailure()) return;
        log_.lines.clear();
    }
    EXPECT_GT(line, 10) << "a session has more lines than that";
    EXPECT_LT(line, most_lines);
}

TEST_P(PortDeaths, AreTakenBackWhereSomebodyKilledTheRequest) {
    constexpr int most_lines = 70;
    start_with(story().lines, story().more, most_lines);
    int taken_back = 0;
    for (int line = 1; line < most_lines; line += 3) {
        look_at(line);
        plug("Gi1/0/1", one_mac);
        if (die_at(line) == Kind::secured) break;
        if (journal_.empty()) continue;
        ++taken_back;
        const auto resumed = resume(access::PortJournal::Stage::undoing);
        EXPECT_EQ(resumed.kind, Kind::undone) << resumed.why << log_.text();
        EXPECT_EQ(text_of("running"), running_) << log_.text();
        EXPECT_EQ(text_of("startup"), text_of("running"));
        log_.lines.clear();
    }
    EXPECT_GT(taken_back, 2);
}

INSTANTIATE_TEST_SUITE_P(Stories, PortDeaths,
                         ::testing::Combine(::testing::Values(0, 1, 2), ::testing::Bool()));

}  // namespace
}  // namespace garita::ios
