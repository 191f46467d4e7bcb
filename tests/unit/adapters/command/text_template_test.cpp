#include "adapters/command/text_template.hpp"

#include <gtest/gtest.h>

#include "model/ready_classes.hpp"

namespace garita::command {
namespace {

ParamSpec spec(std::string name, ParamType type) {
    ParamSpec made;
    made.name = std::move(name);
    made.type = type;
    return made;
}

/// One of each type that has a format of its own.
const RuleClass& rules() {
    static const RuleClass made(
        "all",
        {spec("ip", ParamType::address), spec("net", ParamType::network), spec("mac", ParamType::mac),
         spec("mark", ParamType::mark), spec("word", ParamType::text)},
        spec("value", ParamType::rate));
    return made;
}

std::string filled(std::string_view text, std::string_view value = "10Mbit", std::string_view word = "x",
                   TextTemplate::Place place = TextTemplate::Place::line) {
    const auto made = TextTemplate::parse(text, {rules(), {{"set", "vip-4"}}}, place);
    if (!made) return "refused: " + made.error().text;
    const std::vector<ParamValue> params{parse_value(rules().params()[0], "192.0.2.7").value(),
                                         parse_value(rules().params()[1], "2001:db8::/32").value(),
                                         parse_value(rules().params()[2], "02:aa:bb:cc:dd:ee").value(),
                                         parse_value(rules().params()[3], "255").value(),
                                         ParamValue(std::string(word))};
    std::string out;
    const auto done = made->fill(out, params, parse_value(rules().value(), value).value());
    return done ? out : "error: " + done.error().text;
}

TEST(TextTemplate, FillsInWhatItIsGiven) {
    EXPECT_EQ(filled("add {set} {ip} {net} rate {value}"), "add vip-4 192.0.2.7 2001:db8::/32 rate 10Mbit");
    EXPECT_EQ(filled("{mac} {mac:dots} {mac:dashes}"), "02:aa:bb:cc:dd:ee 02aa.bbcc.ddee 02-aa-bb-cc-dd-ee");
    EXPECT_EQ(filled("{net:address} {net:prefix} {mark} {mark:hex}"), "2001:db8:: 32 255 0xff");
    EXPECT_EQ(filled("{value:bit} {value:kbit} {value:mbit} {value:bytes}"), "10000000 10000 10 1250000");
    EXPECT_EQ(filled("{{ip}} {ip}/32"), "{ip} 192.0.2.7/32");
}

TEST(TextTemplate, LosesNothingOfARate) {
    EXPECT_EQ(filled("{value:kbit}", "1500kbit"), "1500");
    EXPECT_TRUE(filled("{value:mbit}", "1500kbit").starts_with("error: 1500kbit is no whole number"));
}

TEST(TextTemplate, WhatIsNotKnownIsRefusedWhenItIsMade) {
    EXPECT_EQ(filled("{io}"),
              "refused: {io} is not known; there are {value} {ip} {net} {mac} {mark} {word} {set}");
    for (const char* text : {"{", "}", "{ip", "ip}", "{}", "{ip:hex}", "{value:hex}", "{mark:kbit}",
                             "{set:hex}", "{ip:}", "{ip}\n{net}", "a\tb", "{ip }"})
        EXPECT_TRUE(filled(text).starts_with("refused: ")) << text;
    EXPECT_TRUE(filled("a b", "10Mbit", "x", TextTemplate::Place::word).starts_with("refused: "));
    EXPECT_TRUE(filled(std::string(2000, 'x')).starts_with("refused: "));
    EXPECT_FALSE(TextTemplate::parse("{set}", {rules(), {{"set", "two words"}}}, TextTemplate::Place::line));
    EXPECT_FALSE(TextTemplate::parse("{set}", {rules(), {{"set", "a\nb"}}}, TextTemplate::Place::line));
}

TEST(TextTemplate, NoValueBecomesAnythingElse) {
    for (const char* word :
         {"a b", "a\nadd other", "a\"b", "a'b", "$(id)", "#x", "a;b", "", "a\\", "\xd0\xb0"})
        EXPECT_TRUE(filled("add {word}", "10Mbit", word).starts_with("error: ")) << word;
    EXPECT_TRUE(filled("add {word}", "10Mbit", "-x").starts_with("error: "));
    EXPECT_TRUE(filled("{word}", "10Mbit", "--help").starts_with("error: "));
    EXPECT_EQ(filled("add x{word}", "10Mbit", "-x"), "add x-x");
}

TEST(ArgumentTemplate, NamesAProgramThatIsNoShell) {
    const Vocabulary vocabulary{rules(), {}};
    EXPECT_TRUE(ArgumentTemplate::parse({"/usr/sbin/x", "{ip}"}, vocabulary, "add"));
    EXPECT_TRUE(ArgumentTemplate::parse({}, vocabulary, "add"));
    for (const char* program : {"", "x", "./x", "/bin/sh", "/usr/bin/bash", "/bin/{ip}", "{word}"}) {
        const auto made = ArgumentTemplate::parse({program, "{ip}"}, vocabulary, "add");
        ASSERT_FALSE(made) << program;
        EXPECT_TRUE(made.error().text.starts_with("add: ")) << made.error().text;
    }
}

TEST(ArgumentTemplate, EachWordStaysOne) {
    const auto made =
        ArgumentTemplate::parse({"/usr/sbin/x", "add", "{word}", "r={value:kbit}"}, {rules(), {}}, "add");
    ASSERT_TRUE(made);
    const std::vector<ParamValue> params{{}, {}, {}, {}, ParamValue(std::string("a"))};
    const auto words = made->fill(params, parse_value(rules().value(), "1Mbit").value());
    ASSERT_TRUE(words);
    EXPECT_EQ(*words, (std::vector<std::string>{"/usr/sbin/x", "add", "a", "r=1000"}));
    EXPECT_FALSE(made->fill(std::vector<ParamValue>{{}, {}, {}, {}, ParamValue(std::string("-a"))},
                            parse_value(rules().value(), "1Mbit").value()));
    EXPECT_FALSE(made->fill(params, std::nullopt));
}

}  // namespace
}  // namespace garita::command
