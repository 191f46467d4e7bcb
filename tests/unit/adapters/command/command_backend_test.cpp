#include "adapters/command/command_backend.hpp"

#include <map>
#include <set>

#include <gtest/gtest.h>

#include "model/ready_classes.hpp"

namespace garita::command {
namespace {

/// Answers instead of a machine, and keeps what it was asked.
class ScriptedRunner final : public runtime::CommandRunner {
  public:
    Result<runtime::CommandEnd> run(const runtime::Command& command,
                                    const runtime::OutputSink& output) override {
        asked.push_back(command);
        if (away) return fail(ErrorCode::unavailable, "away", Retry::later);
        auto end = answer ? answer(command) : runtime::CommandEnd{};
        if (output) output(end.output);
        return end;
    }
    std::vector<runtime::Command> asked;
    std::function<runtime::CommandEnd(const runtime::Command&)> answer;
    bool away = false;

    [[nodiscard]] std::string words(std::size_t index) const {
        std::string text;
        for (const auto& word : asked.at(index).words)
            text += (text.empty() ? "" : " ") + word;
        return text;
    }
};

Settings single() {
    Settings settings;
    settings.add = {"/sbin/x", "add", "{set}", "{ip}", "{value:kbit}"};
    settings.change = {"/sbin/x", "change", "{set}", "{ip}", "{value:kbit}"};
    settings.remove = {"/sbin/x", "del", "{set}", "{ip}"};
    settings.list = {"/sbin/x", "list", "{set}"};
    settings.listed = "^(?P<ip>\\S+) (?P<value_kbit>\\d+)$";
    settings.fine = "not there";
    settings.names = {{"set", "speeds"}};
    return settings;
}

Settings batch() {
    Settings settings = single();
    settings.batch = {"/sbin/x", "-"};
    settings.add_line = "add {set} {ip} {value:kbit}";
    settings.remove_line = "del {set} {ip}";
    return settings;
}

class CommandBackendTest : public ::testing::Test {
  protected:
    CommandBackend& use(const Settings& settings) {
        auto made = CommandBackend::make(rules, settings, runner);
        if (!made) throw std::runtime_error(made.error().text);
        backend = std::move(*made);
        return *backend;
    }
    RuleKey key(const std::string& text) { return rules.read_params(text).value(); }
    RuleValue value(const std::string& text) { return rules.read_value(text).value(); }
    std::vector<enforce::ClassChange> hosts(unsigned count) {
        std::vector<enforce::ClassChange> changes;
        for (unsigned i = 1; i <= count; ++i)
            changes.push_back({key("192.0.2." + std::to_string(i)), {}, value("1Mbit")});
        return changes;
    }
    RuleClass rules = ready_class("shaping_in").value();
    ScriptedRunner runner;
    std::unique_ptr<CommandBackend> backend;
};

runtime::CommandEnd refused(std::string errors, int code = 1) {
    runtime::CommandEnd end;
    end.code = code;
    end.errors = std::move(errors);
    return end;
}

TEST_F(CommandBackendTest, AsksForEachChangeByItsOwnWords) {
    use(single());
    const std::vector<enforce::ClassChange> changes{{key("192.0.2.1"), {}, value("1Mbit")},
                                                    {key("192.0.2.2"), value("1Mbit"), value("2Mbit")},
                                                    {key("192.0.2.3"), value("1Mbit"), {}}};
    ASSERT_TRUE(backend->apply(changes));
    ASSERT_EQ(runner.asked.size(), 3U);
    EXPECT_EQ(runner.words(0), "/sbin/x add speeds 192.0.2.1 1000");
    EXPECT_EQ(runner.words(1), "/sbin/x change speeds 192.0.2.2 2000");
    EXPECT_EQ(runner.words(2), "/sbin/x del speeds 192.0.2.3");
    EXPECT_TRUE(runner.asked[0].environment.empty());
}

TEST_F(CommandBackendTest, TriesTheOtherWayWhereItsBeliefWasWrong) {
    use(single());
    runner.answer = [](const runtime::Command& command) {
        return command.words[1] == "change" ? refused("no such entry") : runtime::CommandEnd{};
    };
    const std::vector<enforce::ClassChange> changes{{key("192.0.2.2"), value("1Mbit"), value("2Mbit")}};
    const auto failed = backend->apply(changes);
    ASSERT_TRUE(failed);
    EXPECT_TRUE(failed->empty());
    EXPECT_EQ(runner.words(1), "/sbin/x add speeds 192.0.2.2 2000");
}

TEST_F(CommandBackendTest, WhatWasNotThereIsRemoved) {
    use(single());
    runner.answer = [](const runtime::Command&) { return refused("x: not there"); };
    const std::vector<enforce::ClassChange> changes{{key("192.0.2.2"), value("1Mbit"), {}}};
    EXPECT_TRUE(backend->apply(changes)->empty());
    runner.answer = [](const runtime::Command&) { return refused("x: table is broken"); };
    const auto failed = backend->apply(changes);
    ASSERT_EQ(failed->size(), 1U);
    EXPECT_EQ(failed->front().error.text, "/sbin/x ended with exit code 1: x: table is broken");
}

TEST_F(CommandBackendTest, ABatchIsOneProgramAndItsLines) {
    use(batch());
    auto changes = hosts(2);
    changes.push_back({key("192.0.2.9"), value("1Mbit"), {}});
    ASSERT_TRUE(backend->apply(changes));
    ASSERT_EQ(runner.asked.size(), 1U);
    EXPECT_EQ(runner.words(0), "/sbin/x -");
    EXPECT_EQ(runner.asked[0].input,
              "add speeds 192.0.2.1 1000\nadd speeds 192.0.2.2 1000\ndel speeds 192.0.2.9\n");
}

/// A program that stops at a bad line, having done those before it, and perhaps says which it was.
class Stubborn {
  public:
    explicit Stubborn(std::set<std::string> bad, bool tells) : bad_(std::move(bad)), tells_(tells) {}
    runtime::CommandEnd operator()(const runtime::Command& command) {
        std::size_t number = 1;
        for (std::size_t at = 0; at < command.input.size(); ++number) {
            const auto end = command.input.find('\n', at);
            const auto line = command.input.substr(at, end - at);
            for (const auto& bad : bad_)
                if (line.find(" " + bad + " ") != std::string::npos)
                    return refused(tells_ ? "Error in line " + std::to_string(number) + ": bad" : "bad");
            done.insert(line);
            at = end + 1;
        }
        return {};
    }
    std::set<std::string> done;

  private:
    std::set<std::string> bad_;
    bool tells_;
};

class RefusedLines : public CommandBackendTest, public ::testing::WithParamInterface<bool> {};

TEST_P(RefusedLines, AreFoundAndTheOthersDone) {
    auto settings = batch();
    if (GetParam()) settings.line_number = "line (\\d+):";
    use(settings);
    Stubborn program({"192.0.2.1", "192.0.2.7", "192.0.2.8", "192.0.2.100"}, GetParam());
    runner.answer = [&](const runtime::Command& command) { return program(command); };
    const auto failed = backend->apply(hosts(100));
    ASSERT_TRUE(failed) << failed.error().text;
    ASSERT_EQ(failed->size(), 4U);
    EXPECT_EQ((*failed)[0].change, 0U);
    EXPECT_EQ((*failed)[1].change, 6U);
    EXPECT_EQ((*failed)[2].change, 7U);
    EXPECT_EQ((*failed)[3].change, 99U);
    EXPECT_NE((*failed)[3].error.text.find("bad"), std::string::npos);
    EXPECT_EQ(program.done.size(), 96U);
    EXPECT_LT(runner.asked.size(), 60U);
}

INSTANTIATE_TEST_SUITE_P(Told, RefusedLines, ::testing::Values(true));
INSTANTIATE_TEST_SUITE_P(Halved, RefusedLines, ::testing::Values(false));

TEST_F(CommandBackendTest, WhenEveryLineIsRefusedItIsNotTheLines) {
    use(batch());
    runner.answer = [](const runtime::Command&) { return refused("no such table"); };
    const auto failed = backend->apply(hosts(200));
    ASSERT_FALSE(failed);
    EXPECT_EQ(failed.error().retry, Retry::later);
    EXPECT_NE(failed.error().text.find("no such table"), std::string::npos);
    EXPECT_LT(runner.asked.size(), 200U);
    EXPECT_EQ(backend->apply(hosts(3))->size(), 3U);  // few enough to be their own fault
}

TEST_F(CommandBackendTest, AMachineThatIsAwayOrHangsIsAnErrorOfTheWholeCall) {
    for (const auto& settings : {single(), batch()}) {
        use(settings);
        runner.away = true;
        EXPECT_FALSE(backend->apply(hosts(3)));
        EXPECT_FALSE(backend->read_back([](const RuleKey&, const RuleValue&) {}));
        runner.away = false;
        runner.asked.clear();
        runner.answer = [](const runtime::Command&) {
            runtime::CommandEnd end;
            end.how = runtime::CommandEnd::How::timed_out;
            return end;
        };
        const auto failed = backend->apply(hosts(3));
        ASSERT_FALSE(failed);
        EXPECT_EQ(failed.error().code, ErrorCode::unavailable);
        EXPECT_EQ(runner.asked.size(), 1U);  // not asked again and again
        runner.answer = {};
    }
}

TEST_F(CommandBackendTest, AValueThatTheTemplateCannotHoldIsRefusedAlone) {
    for (const auto& settings : {single(), batch()}) {
        use(settings);
        auto changes = hosts(3);
        changes[1].after = value("1234bit");
        const auto failed = backend->apply(changes);
        ASSERT_EQ(failed->size(), 1U);
        EXPECT_EQ(failed->front().change, 1U);
        EXPECT_EQ(failed->front().error.retry, Retry::no);
    }
}

TEST_F(CommandBackendTest, ADeviceThatCannotTellIsBelievedToHaveWhatItWasTold) {
    auto settings = batch();
    settings.list.clear();
    settings.line_number = "line (\\d+):";
    settings.clear = {"/sbin/x", "clear"};
    use(settings);
    Stubborn program({"192.0.2.2"}, true);
    runner.answer = [&](const runtime::Command& command) { return program(command); };
    const auto there = [&] {
        std::string text;
        EXPECT_TRUE(backend->read_back([&](const RuleKey& key, const RuleValue& value) {
            text += rules.params_text(key) + "=" + rules.value_text(value) + " ";
        }));
        return text;
    };
    EXPECT_EQ(backend->apply(hosts(3))->size(), 1U);
    EXPECT_EQ(there(), "192.0.2.1=1Mbit 192.0.2.3=1Mbit ");
    const std::vector<enforce::ClassChange> change{{key("192.0.2.1"), {}, {}},
                                                   {key("192.0.2.3"), {}, value("2Mbit")}};
    EXPECT_TRUE(backend->apply(change)->empty());
    EXPECT_EQ(there(), "192.0.2.3=2Mbit ");
    EXPECT_EQ(backend->check(7).value(), enforce::Drift::none);
    runner.asked.clear();
    ASSERT_TRUE(
        backend->rebuild([&](const enforce::EntrySink& sink) { sink(key("192.0.2.9"), value("1Mbit")); }, 1));
    EXPECT_EQ(runner.words(0), "/sbin/x clear");
    EXPECT_EQ(there(), "192.0.2.9=1Mbit ");
    ASSERT_TRUE(backend->remove_all());
    EXPECT_EQ(there(), "");
}

TEST_F(CommandBackendTest, WhatIsMissingInTheSettingsIsNamed) {
    const auto error = [&](auto spoil, Settings settings) {
        spoil(settings);
        const auto made = CommandBackend::make(rules, settings, runner);
        return made ? std::string() : made.error().text;
    };
    using S = Settings;
    EXPECT_NE(error([](S& s) { s.add.clear(); }, single()).find("add and delete"), std::string::npos);
    EXPECT_NE(error([](S& s) { s.remove_line.clear(); }, batch()).find("add and delete"), std::string::npos);
    EXPECT_NE(error([](S& s) { s.remove = {"/sbin/x", "flush"}; }, single()).find("{ip}"), std::string::npos);
    EXPECT_NE(error([](S& s) { s.remove_line = "flush"; }, batch()).find("{ip}"), std::string::npos);
    EXPECT_NE(error([](S& s) { s.remove.push_back("{value}"); }, single()).find("{value}"),
              std::string::npos);
    EXPECT_NE(error([](S& s) { s.list.push_back("{ip}"); }, single()).find("list is not about one entry"),
              std::string::npos);
    EXPECT_NE(error([](S& s) { s.fine = "("; }, single()).find("no pattern"), std::string::npos);
    EXPECT_NE(error([](S& s) { s.line_number = "line"; }, batch()).find("one group"), std::string::npos);
    EXPECT_NE(error([](S& s) { s.swap_line = "add {ip}"; }, batch()).find("behind"), std::string::npos);
    EXPECT_NE(error([](S& s) { s.clear = {"sh", "-c", "x"}; }, single()).find("clear: "), std::string::npos);
    EXPECT_NE(error([](S& s) { s.limit = Duration::zero(); }, single()).find("time limit"),
              std::string::npos);
    EXPECT_EQ(error([](S&) {}, batch()), "");
}

}  // namespace
}  // namespace garita::command
