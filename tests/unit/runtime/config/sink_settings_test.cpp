// What may stand under `webhooks` and `exec`, and what it becomes.

#include <filesystem>
#include <fstream>
#include <unistd.h>

#include <gmock/gmock.h>

#include "runtime/config/document.hpp"
#include "runtime/config/hub_config.hpp"

namespace garita::runtime {
namespace {

using testing::ElementsAre;
using testing::HasSubstr;
using testing::IsEmpty;
using testing::SizeIs;

std::vector<std::string> errors(const std::string& rest) {
    return Document::parse("hub:\n" + rest, "f.yml", Outside::ignore).texts(Problem::Weight::error);
}
std::vector<std::string> of_webhook(const std::string& rest) {
    return errors("webhooks:\n  desk:\n    url: https://desk.example.org/x\n" + rest);
}
std::vector<std::string> of_program(const std::string& command) {
    return errors("exec:\n  desk: {command: " + command + "}\n");
}

TEST(SinkSettings, TheLeastIsFine) {
    EXPECT_THAT(of_webhook(""), IsEmpty());
    EXPECT_THAT(of_program("[/bin/true]"), IsEmpty());
    EXPECT_THAT(errors("webhooks:\n  desk: {}\n"), ElementsAre(HasSubstr("'url' is missing")));
    EXPECT_THAT(of_program("[]"), ElementsAre(HasSubstr("empty")));
}

TEST(SinkSettings, UrlsThatAreNotCalled) {
    const auto url = [](const std::string& text) {
        return errors("webhooks:\n  x: {url: \"" + text + "\"}\n");
    };
    EXPECT_THAT(url("http://desk.example.org/x"), ElementsAre(HasSubstr("say `insecure: yes` too")));
    EXPECT_THAT(url("http://127.0.0.1:8080/x"), IsEmpty());
    EXPECT_THAT(url("http://169.254.169.254/"), ElementsAre(HasSubstr("are never called")));
    EXPECT_THAT(url("gopher://x.org/secret"), ElementsAre(testing::Not(HasSubstr("secret"))));
    EXPECT_THAT(errors("webhooks:\n  x: {url: {file: /etc/garita/url}}\n"), IsEmpty());
}

TEST(SinkSettings, BodiesThatCannotBeFilledIn) {
    EXPECT_THAT(of_webhook("    body: '{{\"a\": \"{title}\", \"n\": {id}}}'\n"), IsEmpty());
    EXPECT_THAT(of_webhook("    body: '{{\"a\": \"{titel}\"}}'\n"),
                ElementsAre(HasSubstr("{titel} is not known")));
    EXPECT_THAT(of_webhook("    body: '{\"a\": \"{title}\"}'\n"), ElementsAre(HasSubstr("written twice")));
    EXPECT_THAT(of_webhook("    body: '{{\"a\": \"{title}}}'\n"), ElementsAre(HasSubstr("it is not JSON")));
    EXPECT_THAT(of_webhook("    body: '{title}, {fact.user}'\n    content_type: text/plain\n"), IsEmpty());
}

TEST(SinkSettings, PresetsThatLackSomething) {
    EXPECT_THAT(errors("webhooks:\n  x: {url: https://ntfy.sh/, preset: ntfy}\n"),
                ElementsAre(HasSubstr("the topic is missing")));
    EXPECT_THAT(
        of_webhook("    preset: matrix\n"),
        testing::UnorderedElementsAre(HasSubstr("needs the id of a `room`"), HasSubstr("the server alone")));
    EXPECT_THAT(of_webhook("    preset: nfty\n"), ElementsAre(HasSubstr("did you mean 'ntfy'")));
}

TEST(SinkSettings, FieldsThatAreGaritasOwn) {
    EXPECT_THAT(of_webhook("    headers: {X-Key: a, Authorization: {env: TOKEN}}\n"), IsEmpty());
    EXPECT_THAT(of_webhook("    headers: {Webhook-Id: a}\n"), SizeIs(1));
    EXPECT_THAT(of_webhook("    headers: {content-type: a/b}\n"), ElementsAre(HasSubstr("content_type")));
    EXPECT_THAT(of_webhook("    headers: {X: \"a\\nb\"}\n"), ElementsAre(HasSubstr("one line")));
    EXPECT_THAT(of_webhook("    old_secret: a-secret-of-long-ago\n"),
                ElementsAre(HasSubstr("goes with a `secret`")));
}

TEST(SinkSettings, ProgramsThatCouldNotBeRun) {
    EXPECT_THAT(of_program("[apprise]"), ElementsAre(HasSubstr("absolute path")));
    EXPECT_THAT(of_program("[\"/usr/bin/{title}\"]"), ElementsAre(HasSubstr("without placeholders")));
    EXPECT_THAT(of_program("[/bin/echo, \"{tite}\"]"), ElementsAre(HasSubstr("{tite} is not known")));
    EXPECT_THAT(of_program("[/bin/echo, \"-{title}-\", \"{fact.user|url}\"]"), IsEmpty());
    EXPECT_THAT(errors("exec:\n  x: {command: [/bin/true], kinds: [ssh_logn]}\n"),
                ElementsAre(HasSubstr("did you mean 'ssh_login'")));
}

TEST(SinkSettings, BecomeValues) {
    const auto file =
        std::filesystem::temp_directory_path() / ("sinks-" + std::to_string(::getpid()) + ".yml");
    std::ofstream(file)
        << "hub:\nwebhooks:\n  desk:\n    url: https://desk.example.org/x\n    preset: teams\n"
           "    method: PUT\n    headers: {X-Key: key-of-ours}\n    secret: a-secret-of-ours\n"
           "    severity: critical\n    kinds: [ssh_login]\n    timeout: 7s\n    limit: 3\n"
           "exec:\n  tell: {command: [/bin/echo, '{title}'], give_up_after: 2h}\n";
    std::filesystem::permissions(file, std::filesystem::perms::owner_read);
    const auto config = load_hub_config(file);
    std::filesystem::remove(file);
    ASSERT_TRUE(config) << config.error().text;
    ASSERT_THAT(config->webhooks, SizeIs(1));
    const auto& webhook = config->webhooks[0];
    EXPECT_EQ(webhook.name, "desk");
    EXPECT_TRUE(webhook.url.matches("https://desk.example.org/x"));
    EXPECT_EQ(webhook.preset, WebhookConfig::Preset::teams);
    EXPECT_EQ(webhook.method, WebhookConfig::Method::put);
    EXPECT_TRUE(webhook.headers.at("X-Key").matches("key-of-ours"));
    EXPECT_TRUE(webhook.secret.matches("a-secret-of-ours"));
    EXPECT_EQ(webhook.severity, Severity::critical);
    EXPECT_THAT(webhook.kinds, ElementsAre("ssh_login"));
    EXPECT_EQ(webhook.timeout, std::chrono::seconds(7));
    EXPECT_EQ(webhook.limit, 3);
    EXPECT_EQ(webhook.give_up_after, std::chrono::hours(24));
    ASSERT_THAT(config->exec, SizeIs(1));
    EXPECT_THAT(config->exec[0].command, ElementsAre("/bin/echo", "{title}"));
    EXPECT_EQ(config->exec[0].give_up_after, std::chrono::hours(2));
}

}  // namespace
}  // namespace garita::runtime
