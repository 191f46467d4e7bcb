#include "adapters/linux_host/logind.hpp"

#include <fstream>
#include <iterator>
#include <memory>
#include <unistd.h>

#include <gtest/gtest.h>

#include "support/child_process.hpp"
#include "support/temporary_directory.hpp"

namespace garita::linux_host {
namespace {

using testing_support::ChildProcess;
using testing_support::eventually;

/// A D-Bus of its own with python-dbusmock's logind on it.
class LogindTest : public ::testing::Test {
  protected:
    void SetUp() override {
        if (std::system("/usr/bin/python3 -c 'import dbusmock' 2>/dev/null") != 0 ||
            access("/usr/bin/dbus-daemon", X_OK) != 0)
            GTEST_SKIP() << "needs dbus-daemon and python3-dbusmock";
        address_ = "unix:path=" + (directory_ / "bus");
        daemon_ = std::make_unique<ChildProcess>(std::vector<std::string>{
            "dbus-daemon", "--session", "--nofork", "--nopidfile", "--address=" + address_});
        ASSERT_TRUE(eventually([&] { return access((directory_ / "bus").c_str(), F_OK) == 0; }));
    }
    void start_logind() {
        logind_ = std::make_unique<ChildProcess>(std::vector<std::string>{
            "env", "DBUS_SYSTEM_BUS_ADDRESS=" + address_, "/usr/bin/python3", "-m", "dbusmock", "--system",
            "--template", "logind", "-l", directory_ / "calls"});
    }
    std::string calls() {
        std::ifstream file(directory_ / "calls");
        return {std::istreambuf_iterator<char>(file), {}};
    }

    support::TemporaryDirectory directory_;
    std::string address_;
    std::unique_ptr<ChildProcess> daemon_;
    std::unique_ptr<ChildProcess> logind_;
};

TEST_F(LogindTest, RestartsAndPowersOffWithoutAskingAnybody) {
    start_logind();
    const Logind logind(address_);
    ASSERT_TRUE(eventually([&] { return logind.reboot().has_value(); }));
    EXPECT_NE(calls().find("Reboot False"), std::string::npos) << calls();
    EXPECT_EQ(calls().find("PowerOff"), std::string::npos);
    const auto off = logind.power_off();
    ASSERT_TRUE(off) << off.error().text;
    EXPECT_NE(calls().find("PowerOff False"), std::string::npos) << calls();
}

TEST_F(LogindTest, SaysWhenNobodyAnswers) {
    const auto refused = Logind(address_).reboot();  // a bus, but no logind on it
    ASSERT_FALSE(refused);
    EXPECT_EQ(refused.error().code, ErrorCode::unavailable);
    EXPECT_NE(refused.error().text.find("restart"), std::string::npos);
    const auto no_bus = Logind("unix:path=" + (directory_ / "nothing")).power_off();
    ASSERT_FALSE(no_bus);
    EXPECT_NE(no_bus.error().text.find("D-Bus"), std::string::npos);
}

}  // namespace
}  // namespace garita::linux_host
