// Files that somebody wrote to hurt: each is answered quickly, with one clear problem.

#include <chrono>

#include <gmock/gmock.h>

#include "runtime/config/document.hpp"

namespace garita::runtime {
namespace {

using testing::ElementsAre;
using testing::HasSubstr;
using testing::SizeIs;

std::vector<std::string> errors(std::string_view text) {
    return Document::parse(text, "f.yml", Outside::ignore).texts(Problem::Weight::error);
}

std::string repeated(std::string_view part, std::size_t times) {
    std::string out;
    for (std::size_t i = 0; i < times; ++i)
        out += part;
    return out;
}

TEST(Hostile, nesting) {
    EXPECT_THAT(errors("hub: " + repeated("[", 20) + repeated("]", 20) + "\n"),
                ElementsAre(HasSubstr("f.yml:1:17: nested deeper than any setting is")));
    EXPECT_THAT(errors("hub: " + repeated("[", 20000)), SizeIs(1));
    EXPECT_THAT(errors(repeated("{a: ", 100000)), SizeIs(1));
    EXPECT_THAT(errors(repeated("- ", 100000)), SizeIs(1));
}

TEST(Hostile, a_bomb_of_aliases) {
    EXPECT_THAT(errors("a: &a [x, x]\nb: &b [*a, *a]\nhub: *b\n"), ElementsAre(HasSubstr("f.yml:1:4: ")));
    EXPECT_THAT(errors("hub: &x {}\n"), ElementsAre(HasSubstr("write the value where it is needed")));
    EXPECT_THAT(errors("hub: *x\n"), ElementsAre(HasSubstr("not YAML: ")));
}

TEST(Hostile, size) {
    EXPECT_THAT(errors("hub:\n" + std::string(10U << 20U, ' ')),
                ElementsAre("f.yml: the file is larger than 1 MiB: not a configuration"));
}

TEST(Hostile, bytes_that_are_not_text) {
    EXPECT_THAT(errors(std::string_view("hub:\n  state: /a\0b\n", 18)),
                ElementsAre("f.yml:2:12: a control character: \\x00"));
    EXPECT_THAT(errors("hub:\n# \xFF\n"), ElementsAre("f.yml:2:3: this byte is not UTF-8 text"));
    EXPECT_THAT(errors("hub:\n# \xC0\x80\n"), ElementsAre("f.yml:2:3: this byte is not UTF-8 text"));
    EXPECT_THAT(errors("hub:\r  x: y\r"), ElementsAre("f.yml:1:5: a control character: \\r"));
    EXPECT_THAT(errors("hub: # \x1b[2J\n"), ElementsAre("f.yml:1:8: a control character: \\x1b"));
}

TEST(Hostile, tags_documents_and_odd_keys) {
    EXPECT_THAT(errors("hub: !!python/object:os.system {}\n"), ElementsAre(HasSubstr("f.yml:1:6: the tag ")));
    EXPECT_THAT(errors("hub: {}\n---\nhub: {}\n"), ElementsAre(HasSubstr("a second document begins")));
    EXPECT_THAT(errors("hub: {? [a] : b}\n"), ElementsAre(HasSubstr("a key has to be a single word")));
    EXPECT_THAT(errors("hub: {<<: {a: b}}\n"),
                ElementsAre(HasSubstr("f.yml:1:7: hub: '<<' is not a setting")));
    EXPECT_THAT(errors("hub: {\n"), ElementsAre(HasSubstr("not YAML: ")));
    EXPECT_THAT(errors("hub:\n\tlisten: x\n"), SizeIs(1));
    EXPECT_THAT(errors("- hub\n"), SizeIs(1));
    EXPECT_THAT(errors("hub"), SizeIs(1));
}

TEST(Hostile, many_keys_take_no_longer_than_a_moment) {
    std::string text = "hub:\npeople:\n";
    for (int i = 0; i < 20000; ++i)
        text += "  p" + std::to_string(i) + ": {}\n";
    const auto before = std::chrono::steady_clock::now();
    const auto found = errors(text);
    EXPECT_LT(std::chrono::steady_clock::now() - before, std::chrono::seconds(40));  // with sanitizers
    EXPECT_THAT(found, SizeIs(testing::Le(1)));
}

TEST(Hostile, mistakes_without_end_are_counted_not_listed) {
    std::string text = "hub:\nprotected:\n";
    for (int i = 0; i < 1000; ++i)
        text += "- x\n";
    const auto found = errors(text);
    ASSERT_THAT(found, SizeIs(201));
    EXPECT_THAT(found.front(), HasSubstr("f.yml:3:3: protected[0]"));
    EXPECT_EQ(found.back(), "f.yml: and 800 more");
}

TEST(Hostile, an_expression_that_would_explode) {
    const auto found = errors(
        "agent: {name: a, hub: https://h, code: a-long-code}\n"
        "detectors: {log_patterns: {x: {unit: a, patterns: ['(?P<address>((a{900}){900}){900})']}}}\n");
    EXPECT_THAT(found, ElementsAre(HasSubstr("is not an RE2 expression")));
}

}  // namespace
}  // namespace garita::runtime
