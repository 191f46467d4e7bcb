#include "runtime/text_template/text_template.hpp"

#include <array>

#include <gmock/gmock.h>

namespace garita::runtime {
namespace {

using Filter = TextTemplate::Filter;
using testing::HasSubstr;

constexpr std::array<std::string_view, 3> names = {"title", "id", "fact."};

std::string value(std::string_view name) {
    if (name == "title") return "a \"b\"\n\xff{id}";
    if (name == "id") return "12";
    return std::string(name) + " ñ/";
}

std::string filled(std::string_view text, Filter usual = Filter::plain) {
    const auto read = TextTemplate::parse(text, names, usual);
    return read ? read->fill(value) : "ERROR " + read.error().text;
}

TEST(TextTemplate, FillsInWhatIsNamed) {
    EXPECT_EQ(filled(""), "");
    EXPECT_EQ(filled("plain"), "plain");
    EXPECT_EQ(filled("#{id}, {fact.user}"), "#12, fact.user ñ/");
}

TEST(TextTemplate, BracesAreWrittenTwice) {
    EXPECT_EQ(filled("{{id}} {{{id}}}"), "{id} {12}");
}

TEST(TextTemplate, AValueIsNeverReadAsATemplate) {
    EXPECT_THAT(filled("{title}"), HasSubstr("{id}"));
}

TEST(TextTemplate, FiltersKeepAValueWhereItBelongs) {
    EXPECT_EQ(filled("\"{title}\"", Filter::json), R"("a \"b\"\n)"
                                                   "\xef\xbf\xbd{id}\"");
    EXPECT_EQ(filled("{fact.x|url}", Filter::json), "fact.x%20%C3%B1%2F");
    EXPECT_EQ(filled("{title|plain}", Filter::json), value("title"));
    EXPECT_EQ(filled("{title|json}"), filled("{title}", Filter::json));
}

TEST(TextTemplate, RefusesWhatItDoesNotKnow) {
    EXPECT_THAT(filled("{titel}"), HasSubstr("ERROR {titel} is not known; there are title, id, fact.NAME"));
    EXPECT_THAT(filled("{fact.}"), HasSubstr("ERROR"));
    EXPECT_THAT(filled("{}"), HasSubstr("ERROR"));
    EXPECT_THAT(filled("{id|upper}"), HasSubstr("ERROR {id|upper}: the filters are"));
    EXPECT_THAT(filled("{\"a\": {id}}"), HasSubstr("ERROR a '{' with no name behind it"));
    EXPECT_THAT(filled("{id"), HasSubstr("ERROR a '{' without its '}'"));
    EXPECT_THAT(filled("id}"), HasSubstr("ERROR a '}' without its '{'"));
}

TEST(TextTemplate, KnowsWhatIsFixed) {
    EXPECT_TRUE(TextTemplate::parse("a {{b}}", names, Filter::plain)->is_fixed());
    EXPECT_FALSE(TextTemplate::parse("a {id}", names, Filter::plain)->is_fixed());
}

}  // namespace
}  // namespace garita::runtime
