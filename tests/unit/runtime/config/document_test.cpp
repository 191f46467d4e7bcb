// Every kind of mistake, with its exact place.

#include "runtime/config/document.hpp"

#include <gmock/gmock.h>

#include "model/alert_kinds.hpp"

namespace garita::runtime {
namespace {

using testing::AllOf;
using testing::ElementsAre;
using testing::HasSubstr;
using testing::IsEmpty;
using testing::Not;

std::vector<std::string> errors(std::string_view text) {
    return Document::parse(text, "f.yml", Outside::ignore).texts(Problem::Weight::error);
}

std::vector<std::string> warnings(std::string_view text) {
    return Document::parse(text, "f.yml", Outside::ignore).texts(Problem::Weight::warning);
}

TEST(Mistakes, an_unknown_key_with_the_nearest) {
    EXPECT_THAT(
        errors("hub:\n  lisen: 1.2.3.4:1\n"),
        ElementsAre("f.yml:2:3: hub: 'lisen' is not a setting; allowed: listen, socket, state, certificate, "
                    "key, url, agent_certificates, language, time_zone, step_up; did you mean 'listen'?"));
}

TEST(Mistakes, an_unknown_choice_with_the_nearest) {
    EXPECT_THAT(
        errors("hub:\npolicies:\n  - kind: ssh_login\n    mode: asks\n"),
        ElementsAre("f.yml:4:11: policies[0].mode: 'asks' is not known; allowed: ask, auto or observe; "
                    "did you mean 'ask'?"));
}

TEST(Mistakes, all_are_found_at_once_in_the_order_of_the_file) {
    EXPECT_THAT(
        errors("hub:\n"
               "  listen: nowhere\n"
               "  colour: red\n"
               "log: {level: loud}\n"
               "people: {ana: {telegram: me}}\n"
               "protected: [10.0.0.1/8]\n"
               "retention: {audit: 5y}\n"),
        ElementsAre(
            HasSubstr("f.yml:2:11: hub.listen: 'nowhere' does not fit; allowed: HOST:PORT"),
            HasSubstr("f.yml:3:3: hub: 'colour' is not a setting"),
            HasSubstr("f.yml:4:14: log.level: 'loud' is not known"),
            HasSubstr("f.yml:5:26: people.ana.telegram: 'me' is not a whole number"),
            AllOf(HasSubstr("f.yml:6:13: protected[0]: '10.0.0.1/8' has address bits beyond its prefix"),
                  HasSubstr("did you mean '10.0.0.0/8'?")),
            HasSubstr("f.yml:7:20: retention.audit: '5y' is not a span")));
}

TEST(Mistakes, what_is_missing_is_said_at_its_section) {
    EXPECT_THAT(errors("hub:\nagents:\n  web1: {}\n"),
                ElementsAre(AllOf(HasSubstr("f.yml:3:3: agents.web1: 'code' is missing"),
                                  HasSubstr("{file: PATH}"))));
    EXPECT_THAT(errors("agent:\n  state: /s\n"),
                ElementsAre(HasSubstr("f.yml:1:1: agent: 'name' is missing"),
                            HasSubstr("f.yml:1:1: agent: 'hub' is missing")));
    EXPECT_THAT(errors("agent:\n  name: web1\n  hub: https://hub:8443\n"), IsEmpty()) << "enrolled by hand";
}

TEST(Mistakes, a_key_that_stands_twice) {
    EXPECT_THAT(errors("hub:\n  state: /a\n  state: /b\n"),
                ElementsAre("f.yml:3:3: the key 'state' stands here a second time; the first is in line 2"));
    EXPECT_THAT(errors("hub:\nhub:\n"),
                ElementsAre(HasSubstr("f.yml:2:1: the key 'hub' stands here a second time")));
}

TEST(Mistakes, the_wrong_shape) {
    EXPECT_THAT(errors("hub: yes\n"),
                ElementsAre(HasSubstr("f.yml:1:6: hub: keys belong here; allowed: listen")));
    EXPECT_THAT(errors("hub: {listen: [a]}\n"),
                ElementsAre(HasSubstr("f.yml:1:15: hub.listen: a list stands here where one value belongs")));
    EXPECT_THAT(errors("hub: {listen: {a: b}}\n"),
                ElementsAre(HasSubstr("f.yml:1:15: hub.listen: keys stand here where one value belongs")));
    EXPECT_THAT(errors("hub:\nprotected: 10.0.0.1\n"),
                ElementsAre("f.yml:2:12: protected: a list belongs here; allowed: [10.0.0.1]"));
    EXPECT_THAT(errors("hub:\n  listen:\n"),
                ElementsAre(HasSubstr("f.yml:2:3: hub.listen: there is no value")));
    EXPECT_THAT(errors("hub:\npeople: {'a b': {}}\n"),
                ElementsAre(HasSubstr("f.yml:2:10: people: 'a b' is not a name")));
}

TEST(Mistakes, numbers_and_spans_out_of_range) {
    EXPECT_THAT(
        errors("hub:\nlimits: {connections: 7}\n"),
        ElementsAre(
            "f.yml:2:23: limits.connections: '7' is out of range; allowed: whole number, 8 to 65536"));
    EXPECT_THAT(errors("hub:\ntelegram: {token: 1234567890123456, chats: [{id: 1}], poll_timeout: 2h}\n"),
                ElementsAre(HasSubstr("telegram.poll_timeout: '2h' is out of range")));
    EXPECT_THAT(errors("hub:\nblock: {default_for: 90}\n"),
                ElementsAre(AllOf(HasSubstr("f.yml:2:22: block.default_for: '90' has no unit"),
                                  HasSubstr("did you mean '90s'?"))));
    EXPECT_THAT(errors("hub:\nquiet: {after_allow: never}\n"),
                ElementsAre(HasSubstr("'never' is not a span")));
    EXPECT_THAT(errors("hub:\nblock: {default_for: never}\n"), IsEmpty());
}

constexpr std::string_view agent = "agent: {name: web1, hub: https://hub:8443, code: a-long-code}\n";

std::vector<std::string> agent_errors(const std::string& rest) {
    return errors(std::string(agent) + rest);
}

TEST(Mistakes, expressions_that_do_not_compile_or_find_no_address) {
    const auto found = agent_errors(
        "detectors: {log_patterns: {x: {unit: a, patterns: ['(', 'x', '(?P<adress>x)', "
        "'(?P<address>x)']}}}\n");
    EXPECT_THAT(found,
                ElementsAre(HasSubstr("f.yml:2:52: detectors.log_patterns.x.patterns[0]: '(' is not an RE2 "
                                      "expression: missing ): ("),
                            HasSubstr("patterns[1]: 'x' has no group named 'address'"),
                            HasSubstr("patterns[2]: '(?P<adress>x)' has no group named 'address'")));
}

TEST(Mistakes, urls_of_other_schemes_and_with_passwords) {
    EXPECT_THAT(errors("agent: {name: web1, hub: http://hub, code: a-long-code}\n"),
                ElementsAre(HasSubstr(
                    "f.yml:1:26: agent.hub: 'http://hub' has another scheme; allowed: URL with https")));
    EXPECT_THAT(errors("agent: {name: web1, hub: https://me:hunter2@hub, code: a-long-code}\n"),
                ElementsAre(AllOf(HasSubstr("agent.hub: a user or password cannot stand in this URL"),
                                  Not(HasSubstr("hunter2")))));
}

TEST(Mistakes, thresholds_in_the_wrong_order_also_against_a_default) {
    EXPECT_THAT(
        agent_errors("detectors: {http_errors: {warning: 60, critical: 50}}\n"),
        ElementsAre(
            "f.yml:2:36: detectors.http_errors.warning: warning (60) is above critical (50); allowed: "
            "warning at most critical"));
    EXPECT_THAT(agent_errors("detectors: {http_errors: {critical: 10}}\n"),
                ElementsAre(HasSubstr(
                    "f.yml:2:37: detectors.http_errors.critical: warning (20) is above critical (10)")));
    EXPECT_THAT(agent_errors("detectors: {cpu_load: {warning: 95%}}\n"),
                ElementsAre(HasSubstr("cpu_load.warning: warning (95%) is above critical (90)")));
    EXPECT_THAT(agent_errors("detectors: {cpu_load: {interval: 1m}}\n"),
                ElementsAre(HasSubstr("interval (1m) is above window (30s)")));
}

TEST(Mistakes, a_pattern_detector_without_a_log_or_a_pattern) {
    EXPECT_THAT(
        agent_errors("detectors: {log_patterns: {x: {threshold: 5}}}\n"),
        ElementsAre(
            HasSubstr("f.yml:2:31: detectors.log_patterns.x: nothing to read; allowed: `files` or `unit`"),
            HasSubstr("nothing to look for")));
    EXPECT_THAT(agent_errors("detectors: {log_patterns: {x: {enabled: no}}}\n"), IsEmpty());
}

TEST(Mistakes, answers_that_do_not_suit_the_kind) {
    EXPECT_THAT(
        errors("hub:\npolicies: [{kind: cpu_load, mode: auto, response: block}]\n"),
        ElementsAre(
            "f.yml:2:51: policies[0].response: 'block' does not suit cpu_load; allowed: nothing, reboot, "
            "power_off, allow"));
    EXPECT_THAT(
        errors("hub:\npolicies: [{kind: http_errors, on_silence: close_connection}]\n"),
        ElementsAre(HasSubstr("policies[0].on_silence: 'close_connection' does not suit http_errors")));
    EXPECT_THAT(errors("hub:\npolicies: [{mode: auto, response: reboot}]\n"),
                ElementsAre(HasSubstr("'reboot' does not suit every kind: say which `kind`")));
    EXPECT_THAT(errors("hub:\npolicies: [{kind: fraud, mode: auto, response: block}]\n"), IsEmpty());
}

TEST(Mistakes, a_policy_takes_exactly_the_answers_of_its_kind) {
    for (const std::string kind : {"ssh_login", "http_errors", "log_patterns", "cpu_load", "fraud"}) {
        const auto listed = answers_of(kind);
        for (const auto response : {Response::allow, Response::nothing, Response::close_connection,
                                    Response::block, Response::reboot, Response::power_off}) {
            const bool is_listed = std::find(listed.begin(), listed.end(), response) != listed.end();
            const std::string word(to_text(response));
            EXPECT_EQ(errors("hub:\npolicies: [{kind: " + kind + ", mode: auto, response: " + word + "}]\n")
                          .empty(),
                      is_listed)
                << kind << ' ' << word;
        }
    }
}

TEST(Mistakes, a_kind_that_is_nearly_one_of_ours) {
    EXPECT_THAT(
        errors("hub:\npolicies: [{kind: http_error}]\n"),
        ElementsAre(AllOf(HasSubstr("f.yml:2:19: policies[0].kind: 'http_error' is not a kind of alert"),
                          HasSubstr("did you mean 'http_errors'?"))));
}

TEST(Mistakes, automatic_without_saying_what) {
    EXPECT_THAT(errors("hub:\npolicies: [{kind: cpu_load, mode: auto}]\n"),
                ElementsAre(HasSubstr("f.yml:2:35: policies[0].mode: auto needs to know what to do")));
}

TEST(Mistakes, ids_that_two_people_share) {
    EXPECT_THAT(
        errors("hub:\npeople:\n  ana: {telegram: 7, system_user: u}\n  eva: {telegram: 7, system_user: u}\n"),
        ElementsAre("f.yml:4:19: people.eva.telegram: '7' already belongs to ana",
                    "f.yml:4:35: people.eva.system_user: 'u' already belongs to ana"));
}

TEST(Mistakes, mail_that_two_people_share_or_that_is_none) {
    EXPECT_THAT(errors("hub:\npeople:\n  ana: {mail: [ana@example.org, both@example.org]}\n"
                       "  eva: {mail: [Both@Example.org]}\n"),
                ElementsAre("f.yml:4:15: people.eva.mail: 'Both@Example.org' already belongs to ana"));
    EXPECT_THAT(errors("hub:\npeople: {ana: {mail: [ana@localhost]}}\n"),
                ElementsAre(HasSubstr("people.ana.mail[0]: 'ana@localhost' does not fit")));
    EXPECT_THAT(errors("hub:\npeople: {ana: {keys: ['openpgp:89abcdef']}}\n"),
                ElementsAre(HasSubstr("people.ana.keys[0]: 'openpgp:89abcdef' does not fit")));
    const std::string key = "smime:" + std::string(64, 'a');
    EXPECT_THAT(errors("hub:\npeople: {ana: {keys: ['" + key +
                       "']}, eva: {keys: ['smime:" + std::string(64, 'A') + "']}}\n"),
                ElementsAre(HasSubstr("already belongs to ana")));
}

TEST(Mistakes, tokens_of_nobody_and_with_the_name_of_an_agent) {
    EXPECT_THAT(errors("hub:\npeople: {ana: {}}\nagents: {web1: {code: a-long-code}}\ntokens:\n"
                       "  web1: {secret: sixteen-letters-or-more, scopes: ['alerts:write'], person: anna}\n"),
                ElementsAre(HasSubstr("f.yml:5:9: tokens.web1: an agent has this name too"),
                            AllOf(HasSubstr("tokens.web1.person: 'anna' is not one of the people"),
                                  HasSubstr("did you mean 'ana'?"))));
    EXPECT_THAT(errors("hub:\ntokens: {b: {secret: sixteen-letters-or-more, scopes: [alert:write]}}\n"),
                ElementsAre(HasSubstr("tokens.b.scopes[0]: 'alert:write' is not known")));
    EXPECT_THAT(errors("hub:\ntokens: {b: {secret: sixteen-letters-or-more, scopes: []}}\n"),
                ElementsAre(HasSubstr("tokens.b.scopes: the list is empty")));
}

TEST(Mistakes, a_certificate_without_its_key) {
    EXPECT_THAT(errors("hub: {certificate: /c.pem}\n"),
                ElementsAre("f.yml:1:20: hub.certificate: `certificate` and `key` go together"));
}

TEST(Mistakes, a_chat_that_stands_twice) {
    const std::string start = "hub:\ntelegram:\n  token: 1234567890123456\n  chats: ";
    EXPECT_THAT(errors(start + "[{id: -5}, {id: -5}]\n"),
                ElementsAre("f.yml:4:26: telegram.chats[1].id: this chat is already chats[0]"));
    EXPECT_THAT(errors(start + "[{id: -5, thread: 1}, {id: -5, thread: 2}]\n"), IsEmpty());
}

TEST(Mistakes, what_kind_of_file_it_is) {
    EXPECT_THAT(errors(""),
                ElementsAre(HasSubstr("neither a hub's file nor an agent's; allowed: a top-level key")));
    EXPECT_THAT(errors("hubs: {}\n"),
                ElementsAre(AllOf(HasSubstr("f.yml:1:1: "), HasSubstr("did you mean 'hub'?"))));
    EXPECT_THAT(errors("hub: {}\nagent: {}\n"), ElementsAre(HasSubstr("both `hub` and `agent`")));
    EXPECT_EQ(Document::parse("hub:\n", "f").kind(), FileKind::hub);
    EXPECT_EQ(Document::parse(agent, "f").kind(), FileKind::agent);
}

TEST(Mistakes, columns_count_characters_not_bytes) {
    EXPECT_THAT(errors("hub: {state: \"/\xC3\xB1\xC3\xB1\", listen: x}\n"),
                ElementsAre(HasSubstr("f.yml:1:29: hub.listen")));
}

TEST(Mistakes, windows_line_ends_and_a_byte_order_mark_do_not_move_places) {
    EXPECT_THAT(errors("\xEF\xBB\xBFhub:\r\n  listen: x\r\n"),
                ElementsAre(HasSubstr("f.yml:2:11: hub.listen: 'x'")));
}

TEST(Warnings, policies_that_never_come_to_work) {
    EXPECT_THAT(
        warnings("hub:\npolicies: [{mode: observe}, {kind: cpu_load}]\n"),
        ElementsAre("f.yml:2:29: warning: policies[1]: never reached: policies[0] takes every alert"));
    EXPECT_THAT(warnings("hub:\npolicies: [{kind: fraud, mode: observe, wait: 5m}]\n"),
                ElementsAre(HasSubstr("policies[0].wait: has no effect")));
    EXPECT_THAT(warnings("hub:\npolicies: [{kind: fraud, response: block}]\n"),
                ElementsAre(HasSubstr("policies[0].response: has no effect")));
    EXPECT_THAT(warnings("hub:\nagents: {web1: {code: a-long-code}}\npolicies: [{device: web2}]\n"),
                ElementsAre(AllOf(HasSubstr("policies[0].device: 'web2' is neither"),
                                  HasSubstr("did you mean 'web1'?"))));
}

TEST(Warnings, do_not_make_a_file_wrong) {
    const auto document =
        Document::parse("hub:\ntelegram: {token: 1234567890123456}\n", "f.yml", Outside::ignore);
    EXPECT_TRUE(document.fine());
    EXPECT_THAT(document.texts(Problem::Weight::warning), ElementsAre(HasSubstr("no chat: nobody is asked")));
}

TEST(Outside, files_that_must_exist_are_looked_for) {
    const auto document =
        Document::parse("hub: {certificate: /nowhere/c, key: /nowhere/k}\n", "f.yml", Outside::look);
    EXPECT_THAT(document.texts(Problem::Weight::error),
                ElementsAre(HasSubstr("hub.certificate: there is no file '/nowhere/c'"),
                            HasSubstr("hub.key: there is")));
    EXPECT_THAT(Document::parse("hub: {time_zone: Mars/Base}\n", "f.yml", Outside::look)
                    .texts(Problem::Weight::error),
                ElementsAre(HasSubstr("hub.time_zone: 'Mars/Base' is not a time zone of this machine")));
}

TEST(Values, foreign_bytes_in_messages_are_harmless) {
    const auto found = errors("hub: {language: \"\\e[31m\\nred\"}\n");
    EXPECT_THAT(found, ElementsAre(AllOf(HasSubstr(R"('\x1b[31m\nred')"), Not(HasSubstr("\x1b")))));
}

}  // namespace
}  // namespace garita::runtime
