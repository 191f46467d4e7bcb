// The rules that devices have: mistakes with their places, and typed values.

#include <gmock/gmock.h>

#include "runtime/config/build.hpp"
#include "runtime/config/device_text.hpp"
#include "runtime/config/param_text.hpp"

namespace garita::runtime {
namespace {

using testing::AllOf;
using testing::ElementsAre;
using testing::HasSubstr;
using testing::IsEmpty;
using testing::SizeIs;

std::vector<std::string> messages(Problem::Weight weight, std::string_view rules) {
    return Document::parse("hub:\ndevices:\n" + std::string(rules), "f.yml", Outside::ignore).texts(weight);
}
std::vector<std::string> errors(std::string_view rules) {
    return messages(Problem::Weight::error, rules);
}
/// The errors of one kind of rules on device d.
std::vector<std::string> of_rule(std::string_view rule) {
    return errors("  d: {rules: {" + std::string(rule) + "}}\n");
}

std::vector<DeviceConfig> built(std::string_view rules) {
    const auto document = Document::parse("hub:\ndevices:\n" + std::string(rules), "f.yml", Outside::ignore);
    EXPECT_THAT(document.texts(Problem::Weight::error), IsEmpty());
    if (!document.fine()) return {};
    SecretFetcher secrets;
    return build_hub_config(document, secrets).devices;
}

TEST(Devices, ready_rules_need_a_backend_only) {
    const auto devices = built("  border1:\n    rules:\n      inet_access: {backend: nftables}\n");
    ASSERT_THAT(devices, SizeIs(1));
    EXPECT_EQ(devices[0].name, "border1");
    EXPECT_EQ(devices[0].connect, DeviceConfig::Connect::local);
    const auto* const access = devices[0].find("inet_access");
    ASSERT_NE(access, nullptr);
    EXPECT_EQ(access->backend, "nftables");
    EXPECT_EQ(access->batch_size, 4000U);
    EXPECT_EQ(access->timeout, std::chrono::seconds(30));
    EXPECT_TRUE(access->rules.absent());
    EXPECT_EQ(devices[0].find("ip_mark"), nullptr);
}

TEST(Devices, rules_of_ones_own_say_what_they_are) {
    const auto devices = built(
        "  border1:\n    connect: ssh://root@192.0.2.1:2222\n    ssh_key: /k\n    ssh_known_hosts: /h\n"
        "    rules:\n      phone:\n        backend: command\n        params: {ip: address, number: 'text "
        "[0-9]{6,15}'}\n"
        "        value: on|off\n        absent: off\n        add: [/usr/sbin/x, '{ip}', '{number}', "
        "'{value:raw}']\n"
        "        delete: [/usr/sbin/x, -d, '{ip}']\n        list: [/usr/sbin/x, -l]\n        batch_size: 7\n"
        "        timeout: 2m\n        options: {colour: red}\n");
    ASSERT_THAT(devices, SizeIs(1));
    EXPECT_EQ(devices[0].connect, DeviceConfig::Connect::ssh);
    EXPECT_EQ(devices[0].ssh, (SshTarget{"root", "192.0.2.1", 2222}));
    EXPECT_EQ(devices[0].ssh_key, "/k");
    EXPECT_EQ(devices[0].ssh_known_hosts, "/h");
    const auto& phone = devices[0].rules.at(0);
    EXPECT_EQ(phone.name(), "phone");
    EXPECT_THAT(phone.add, ElementsAre("/usr/sbin/x", "{ip}", "{number}", "{value:raw}"));
    EXPECT_THAT(phone.delete_, ElementsAre("/usr/sbin/x", "-d", "{ip}"));
    EXPECT_THAT(phone.list, ElementsAre("/usr/sbin/x", "-l"));
    EXPECT_EQ(phone.batch_size, 7U);
    EXPECT_EQ(phone.timeout, std::chrono::minutes(2));
    EXPECT_EQ(phone.options.at("colour"), "red");
    EXPECT_TRUE(phone.rules.read_params("192.0.2.7 5551234"));
    EXPECT_FALSE(phone.rules.read_params("192.0.2.7 555123x")) << "the pattern has to match wholly";
    EXPECT_EQ(phone.rules.absent(), *phone.rules.read_value("off"));
}

TEST(Devices, a_slip_in_a_name_is_told_with_the_nearest) {
    EXPECT_THAT(
        of_rule("inet_acess: {backend: nftables}"),
        ElementsAre(AllOf(HasSubstr("f.yml:3:27: devices.d.rules.inet_acess: 'inet_acess' is not one of the "
                                    "ready ones; allowed: inet_access, ip_mark"),
                          HasSubstr("did you mean 'inet_access'?"))));
    EXPECT_THAT(
        of_rule("inet_access: {backend: nftable}"),
        ElementsAre(AllOf(HasSubstr("'nftable' is not known"), HasSubstr("did you mean 'nftables'?"))));
    EXPECT_THAT(of_rule("inet_access: {}"), ElementsAre(HasSubstr("'backend' is missing")));
    EXPECT_THAT(
        of_rule("x: {backend: ipset, params: {ip: adress}, value: rate}"),
        ElementsAre(AllOf(HasSubstr("devices.d.rules.x.params.ip: 'adress' is not a type of parameters"),
                          HasSubstr("did you mean 'address'?"))));
}

TEST(Devices, what_cannot_be_meant_is_refused) {
    EXPECT_THAT(of_rule("block: {backend: nftables, params: {ip: address}, value: rate}"),
                ElementsAre(HasSubstr("'block' is what agents do")));
    EXPECT_THAT(of_rule("ip_mark: {backend: nftables, value: rate}"),
                ElementsAre(HasSubstr("'ip_mark' is a ready one")));
    EXPECT_THAT(of_rule("x: {backend: ipset, params: {ip: address}, value: open|closed, absent: shut}"),
                ElementsAre(HasSubstr("value: 'shut' is not one of open, closed")));
    EXPECT_THAT(of_rule("x: {backend: ipset, params: {value: address}, value: rate}"),
                ElementsAre(HasSubstr("'value' means something else in templates")));
    EXPECT_THAT(of_rule("x: {backend: ipset, params: {ip: 'text ['}, value: rate}"),
                ElementsAre(HasSubstr("'[' is not an RE2 expression")));
    EXPECT_THAT(of_rule("x: {backend: ipset, params: {ip: address}, value: open|open}"),
                ElementsAre(HasSubstr("'open' stands twice")));
    EXPECT_THAT(of_rule("x: {backend: ipset, params: {ip: address}, value: open|-x}"),
                ElementsAre(HasSubstr("'-x' is not a word")));
    EXPECT_THAT(errors("  all: {rules: {ip_mark: {backend: ipset}}}\n"),
                ElementsAre(HasSubstr("'all' stands for every device")));
}

TEST(Devices, templates_name_what_there_is) {
    const auto command = [](std::string_view more) {
        return of_rule(
            "x: {backend: command, params: {ip: address}, value: rate, add: [/x, '{ip}'], delete: [/x], " +
            std::string(more) + "}");
    };
    EXPECT_THAT(command("list: [/x]"), IsEmpty());
    EXPECT_THAT(
        command("change: [/x, 'a{ip}b{vallue}']"),
        ElementsAre(AllOf(HasSubstr("'vallue' is not a parameter"), HasSubstr("did you mean 'value'?"))));
    EXPECT_THAT(command("change: [/x, '{ip']"), ElementsAre(HasSubstr("a '{' without its '}'")));
    EXPECT_THAT(command("change: [x, '{ip}']"), ElementsAre(HasSubstr("not the absolute path")));
    EXPECT_THAT(command("clear: [/x, '{ip}']"), ElementsAre(HasSubstr("it is run for all entries")));
    EXPECT_THAT(command("batch: [/x], change: [set, '{ip}', '{value}']"), IsEmpty())
        << "a line is no program";
    EXPECT_THAT(of_rule("x: {backend: command, params: {ip: address}, value: rate}"),
                ElementsAre(HasSubstr("needs `add`"), HasSubstr("needs `delete`")));
    EXPECT_THAT(
        of_rule(
            "x: {backend: command, params: {ip: address}, value: rate, add: [/x], delete: [/x, '{value}']}"),
        ElementsAre(HasSubstr("'value' is not a parameter")));
    EXPECT_THAT(messages(Problem::Weight::warning, "  d: {rules: {ip_mark: {backend: ipset, add: [/x]}}}\n"),
                ElementsAre(HasSubstr("only backend command runs it")));
}

TEST(Devices, a_name_means_the_same_everywhere) {
    const std::string_view two =
        "  a: {rules: {x: {backend: ipset, params: {ip: address}, value: rate}}}\n"
        "  b: {rules: {x: {backend: nftables, params: {ip: network}, value: rate}}}\n";
    EXPECT_THAT(errors(two), ElementsAre(AllOf(HasSubstr("devices.b.rules.x"), HasSubstr("than on a"))));
    EXPECT_THAT(
        errors("  a: {rules: {ip_mark: {backend: ipset}}}\n  b: {rules: {ip_mark: {backend: nftables}}}\n"),
        IsEmpty());
}

TEST(Devices, ways_to_a_device) {
    EXPECT_THAT(
        errors("  d: {connect: locall}\n"),
        ElementsAre(AllOf(HasSubstr("'locall' is no way to a device"), HasSubstr("did you mean 'local'?"))));
    EXPECT_THAT(errors("  d: {connect: ssh://root@h}\n"),
                ElementsAre(HasSubstr("`ssh_key` is missing"), HasSubstr("`ssh_known_hosts` is missing")));
    EXPECT_THAT(
        errors("  d: {connect: ssh://root@h, ssh_key: /k, ssh_known_hosts: /h, rules: {ip_mark: {backend: "
               "nftables}}}\n"),
        ElementsAre(HasSubstr("nftables is spoken to by the kernel of the same machine only")));
    EXPECT_EQ(parse_ssh_target("ssh://root@[2001:db8::1]"), (SshTarget{"root", "2001:db8::1", 22}));
    EXPECT_EQ(parse_ssh_target("ssh://root@[2001:db8::1]:22022"), (SshTarget{"root", "2001:db8::1", 22022}));
    EXPECT_EQ(parse_ssh_target("ssh://root@gw.example"), (SshTarget{"root", "gw.example", 22}));
    for (const auto* const wrong :
         {"ssh://gw", "ssh://@gw", "ssh://-x@gw", "ssh://root@", "ssh://root@gw:0", "ssh://root@gw:x",
          "ssh://ro ot@gw", "ssh://root@-oProxyCommand=x", "root@gw"})
        EXPECT_FALSE(parse_ssh_target(wrong)) << wrong;
}

TEST(Devices, are_read_again_from_their_own_text) {
    const auto devices = built(
        "  switch1:\n    connect: ssh://root@[2001:db8::1]:2222\n    ssh_key: /k\n    ssh_known_hosts: /h\n"
        "    rules:\n      phone:\n        backend: command\n        table: t1\n"
        "        params: {ip: address, number: 'text [0-9]{6,15}'}\n"
        "        value: on|off\n        absent: off\n        add: [/usr/sbin/x, '{ip}', 'a\"b\\c: "
        "{number}']\n"
        "        delete: [/usr/sbin/x, -d, '{ip}']\n        list: [/usr/sbin/x, -l]\n        batch_size: 7\n"
        "        timeout: 2m\n        options: {colour: red, after: 'ip_mark, mac_ip'}\n"
        "      ip_mark: {backend: ipset}\n");
    ASSERT_THAT(devices, SizeIs(1));
    for (const auto& rules : devices[0].rules) {
        const auto text = device_text(devices[0], rules);
        EXPECT_EQ(text.find('\n'), std::string::npos);
        const auto again = parse_device_text(text);
        ASSERT_TRUE(again) << again.error().text << "\n" << text;
        EXPECT_EQ(device_text(*again, again->rules.at(0)), text);
        EXPECT_EQ(again->name, "switch1");
        EXPECT_EQ(again->ssh, devices[0].ssh);
        EXPECT_EQ(again->rules[0].name(), rules.name());
        EXPECT_EQ(again->rules[0].add, rules.add);
        EXPECT_EQ(again->rules[0].timeout, rules.timeout);
        EXPECT_EQ(again->rules[0].options, rules.options);
        EXPECT_EQ(again->rules[0].rules.absent(), rules.rules.absent());
    }
    EXPECT_FALSE(parse_device_text(""));
    EXPECT_FALSE(parse_device_text("{\"hub\": {}}"));
}

TEST(Params, texts_are_written_as_they_were_read) {
    for (const auto* const text : {"address", "network", "mac", "port", "mark", "rate", "interface", "text",
                                   "text a|b", "open|closed"}) {
        const auto spec = parse_param("p", text);
        ASSERT_TRUE(spec) << spec.error().text;
        EXPECT_EQ(param_text(*spec), text);
        EXPECT_EQ(spec->name, "p");
    }
    EXPECT_FALSE(parse_param("p", "word"));
    EXPECT_FALSE(parse_param("p", ""));
    EXPECT_FALSE(parse_param("p", "open|"));
}

TEST(Devices, TwoRulesInOnePlaceAreRefused) {
    const auto two = [](const std::string& first, const std::string& second) {
        return errors("  a:\n    rules:\n      inet_access: " + first +
                      "\n  b:\n    rules:\n      inet_access: " + second + "\n");
    };
    const std::string nft = "{backend: nftables}";
    EXPECT_THAT(two(nft, nft),
                ElementsAre(HasSubstr("lies where inet_access of a lies, on the same machine")));
    EXPECT_THAT(two(nft, "{backend: nftables, table: other}"), IsEmpty());
    EXPECT_THAT(two(nft, "{backend: ipset}"), IsEmpty());
    EXPECT_THAT(two("{backend: ipset, table: garita-inet_access}", "{backend: ipset}"), SizeIs(1));
    EXPECT_THAT(two("{backend: iptables}", "{backend: iptables, options: {in: raw}}"), IsEmpty());
    EXPECT_THAT(errors("  a:\n    connect: agent\n    rules:\n      inet_access: {backend: nftables}\n"
                       "  b:\n    rules:\n      inet_access: {backend: nftables}\n"),
                IsEmpty());
    EXPECT_THAT(errors("  a:\n    rules:\n      inet_access: {backend: nftables, table: ip_mark}\n"
                       "      ip_mark: {backend: nftables}\n"),
                ElementsAre(HasSubstr("devices.a.rules.ip_mark")));
}

TEST(Devices, OneNameOfRulesLimitsADirectionOfAnInterface) {
    const auto two = [](const std::string& first, const std::string& second) {
        return of_rule("shaping_in: " + first + ", tariff: " + second);
    };
    const auto tariff = [](const std::string& backend, const std::string& options) {
        return "{params: {ip: address}, value: rate, backend: " + backend + ", options: {" + options + "}}";
    };
    for (const std::string backend : {"tc", "limiter"}) {
        const std::string ready = "{backend: " + backend + ", options: {interface: eth1}}";
        EXPECT_THAT(
            two(ready, tariff(backend, "interface: eth1, direction: receives")),
            ElementsAre(AllOf(HasSubstr("devices.d.rules.tariff.options"), HasSubstr("'eth1' receive"),
                              HasSubstr("limited by shaping_in of d already, by " + backend))));
        EXPECT_THAT(two(ready, tariff(backend, "interface: eth1, direction: sends")), IsEmpty());
        EXPECT_THAT(two(ready, tariff(backend, "interface: eth2, direction: receives")), IsEmpty());
        EXPECT_THAT(errors("  a: {rules: {shaping_out: " + ready + "}}\n  b: {rules: {tariff: " +
                           tariff(backend, "interface: eth1, direction: sends") + "}}\n"),
                    ElementsAre(HasSubstr("limited by shaping_out of a already")))
            << "two devices, one machine";
    }
    EXPECT_THAT(two("{backend: limiter, options: {interface: 'eth1, eth2'}}",
                    tariff("limiter", "interface: 'eth3, eth2', direction: receives")),
                ElementsAre(HasSubstr("'eth2'")));
    EXPECT_THAT(two("{backend: limiter, options: {interface: eth1}}",
                    tariff("tc", "interface: eth1, direction: receives")),
                IsEmpty());
}

TEST(Devices, TwoLimitersWithOneFolderAreRefused) {
    const auto two = [](const std::string& second) {
        return errors(
            "  a: {rules: {shaping_in: {backend: limiter, options: {interface: eth1}}}}\n"
            "  b: {rules: {shaping_in: {backend: limiter, " +
            second + "}}}\n");
    };
    EXPECT_THAT(two("options: {interface: eth2}"), ElementsAre(HasSubstr("lies where shaping_in of a lies")));
    EXPECT_THAT(two("table: b, options: {interface: eth2}"), IsEmpty());
    EXPECT_THAT(two("options: {interface: eth2, folder: /sys/fs/bpf/b}"), IsEmpty());
}

TEST(Devices, AnAgentsOwnFileIsHeldToTheSame) {
    const auto own = [](const std::string& rules) {
        return Document::parse("agent: {name: a, hub: 'https://h', code: eight-letters}\nrules:\n" + rules,
                               "a.yml", Outside::ignore)
            .texts(Problem::Weight::error);
    };
    EXPECT_THAT(own("  shaping_in: {backend: tc, options: {interface: eth1}}\n"
                    "  tariff: {backend: tc, params: {ip: address}, value: rate,\n"
                    "           options: {interface: eth1, direction: receives}}\n"),
                ElementsAre(HasSubstr("limited by shaping_in already, by tc")));
    EXPECT_THAT(own("  shaping_in: {backend: limiter, options: {interface: eth1}}\n"
                    "  shaping_out: {backend: tc, options: {interface: eth1}}\n"
                    "  inet_access: {backend: nftables}\n"),
                IsEmpty());
    EXPECT_THAT(own("  inet_access: {backend: nftables, table: ip_mark}\n  ip_mark: {backend: nftables}\n"),
                ElementsAre(HasSubstr("lies where inet_access lies")));
}

}  // namespace
}  // namespace garita::runtime
