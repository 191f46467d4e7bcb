// What may stand under `sources` and `detectors.json_alerts`.

#include <filesystem>
#include <fstream>
#include <unistd.h>

#include <gmock/gmock.h>

#include "runtime/config/agent_config.hpp"
#include "runtime/config/document.hpp"
#include "runtime/config/hub_config.hpp"

namespace garita::runtime {
namespace {

using testing::ElementsAre;
using testing::HasSubstr;
using testing::IsEmpty;
using testing::SizeIs;

std::vector<std::string> errors(const std::string& text) {
    return Document::parse(text, "f.yml", Outside::ignore).texts(Problem::Weight::error);
}
std::vector<std::string> of_alertmanager(const std::string& rest) {
    return errors("hub:\nsources:\n  alertmanager:\n    main:\n" + rest);
}
std::vector<std::string> of_logs(const std::string& rest) {
    return errors("agent: {name: web1, hub: 'https://h:1'}\ndetectors:\n  json_alerts:\n    ids: " + rest +
                  "\n");
}

std::filesystem::path written(const std::string& name, const std::string& text) {
    const auto file = std::filesystem::temp_directory_path() / (name + std::to_string(getpid()) + ".yml");
    std::ofstream(file) << text;
    std::filesystem::permissions(file,
                                 std::filesystem::perms::owner_read | std::filesystem::perms::owner_write);
    return file;
}

TEST(Sources, AnAlertmanagerHasOneLogin) {
    EXPECT_THAT(of_alertmanager("      url: http://127.0.0.1:9093\n"), IsEmpty());
    EXPECT_THAT(of_alertmanager("      mute_for: 1h\n"), ElementsAre(HasSubstr("'url' is missing")));
    const std::string url = "      url: https://am.example\n";
    EXPECT_THAT(of_alertmanager(url + "      user: u\n"),
                ElementsAre(HasSubstr("`user` needs a `password`")));
    EXPECT_THAT(of_alertmanager(url + "      password: secret\n"), ElementsAre(HasSubstr("needs a `user`")));
    EXPECT_THAT(of_alertmanager(url + "      user: u\n      password: p\n      token: t\n"),
                ElementsAre(HasSubstr("one login only")));
    EXPECT_THAT(
        of_alertmanager("      url: http://am.example\n      pin: sha256:" + std::string(64, 'a') + "\n"),
        ElementsAre(HasSubstr("no certificate without TLS")));
}

TEST(Sources, AreReadWithTheirDefaults) {
    const auto file = written("sources", R"(hub:
sources:
  alertmanager:
    main: {url: "https://am.example/", token: a-token}
  crowdsec:
    lapi: {url: "http://127.0.0.1:8080", machine: garita, password: a-password}
)");
    const auto config = load_hub_config(file);
    std::filesystem::remove(file);
    ASSERT_TRUE(config) << config.error().text;
    const auto& alertmanager = config->alertmanagers.at("main");
    EXPECT_EQ(alertmanager.url, "https://am.example");
    EXPECT_EQ(alertmanager.token.reveal(), "a-token");
    EXPECT_EQ(alertmanager.mute_for, AlertmanagerConfig{}.mute_for);
    EXPECT_EQ(alertmanager.timeout, AlertmanagerConfig{}.timeout);
    const auto& crowdsec = config->crowdsecs.at("lapi");
    EXPECT_EQ(crowdsec.machine, "garita");
    EXPECT_EQ(crowdsec.password.reveal(), "a-password");
    EXPECT_EQ(crowdsec.interval, CrowdsecConfig{}.interval);
    EXPECT_EQ(crowdsec.bans, CrowdsecConfig{}.bans);
}

TEST(Sources, LogsOfAlertsNameFilesAndFormat) {
    EXPECT_THAT(of_logs("{files: [/var/log/suricata/eve.json], format: suricata}"), IsEmpty());
    EXPECT_THAT(of_logs("{files: [/var/log/eve.json]}"), ElementsAre(HasSubstr("format")));
    EXPECT_THAT(of_logs("{format: wazuh}"), ElementsAre(HasSubstr("files")));
    EXPECT_THAT(of_logs("{files: [], format: wazuh}"), SizeIs(1));
    EXPECT_THAT(of_logs("{files: [/a], format: snort}"), SizeIs(1));
}

TEST(Sources, LogsOfAlertsAreReadWithTheirDefaults) {
    const auto file = written("agent",
                              "agent: {name: web1, hub: 'https://h:1'}\ndetectors:\n  json_alerts:\n"
                              "    siem: {files: [/a, /b*], format: wazuh, level: 9}\n");
    const auto config = load_agent_config(file);
    std::filesystem::remove(file);
    ASSERT_TRUE(config) << config.error().text;
    const auto& siem = config->detectors.json_alerts.at("siem");
    EXPECT_EQ(siem.format, JsonAlertsConfig::Format::wazuh);
    EXPECT_THAT(siem.files, ElementsAre("/a", "/b*"));
    EXPECT_EQ(siem.level, 9U);
    EXPECT_EQ(siem.priority, JsonAlertsConfig{}.priority);
    EXPECT_EQ(siem.window, JsonAlertsConfig{}.window);
    EXPECT_EQ(siem.max_tracked, JsonAlertsConfig{}.max_tracked);
}

}  // namespace
}  // namespace garita::runtime
