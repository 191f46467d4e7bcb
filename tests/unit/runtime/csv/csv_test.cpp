#include "runtime/csv/csv.hpp"

#include <gmock/gmock.h>

namespace garita::runtime {
namespace {

using testing::ElementsAre;

/// "LINE:field|field", or "LINE! why".
std::vector<std::string> read(std::string_view text) {
    std::vector<std::string> all;
    CsvReader reader(text);
    for (CsvRecord record; reader.next(record);) {
        auto& shown = all.emplace_back(std::to_string(record.line));
        if (!record.error.empty()) {
            shown += "! " + record.error;
            continue;
        }
        char before = ':';
        for (const auto field : record.fields) {
            (shown += before) += field;
            before = '|';
        }
    }
    return all;
}

TEST(Csv, FieldsStandBetweenCommas) {
    EXPECT_THAT(read("a,b,c\n1,,3\n"), ElementsAre("1:a|b|c", "2:1||3"));
    EXPECT_THAT(read("a,"), ElementsAre("1:a|"));
    EXPECT_THAT(read(","), ElementsAre("1:|"));
    EXPECT_THAT(read(" a , b"), ElementsAre("1: a | b"));
    EXPECT_THAT(read(""), ElementsAre());
}

TEST(Csv, LinesEndAsAnySystemEndsThem) {
    EXPECT_THAT(read("\xEF\xBB\xBF"
                     "a,b\r\n\r\n\n1,2"),
                ElementsAre("1:a|b", "4:1|2"));
}

TEST(Csv, QuotesHoldCommasAndQuotes) {
    EXPECT_THAT(read("\"a,b\",c\n\"\",x\n\"say \"\"hi\"\"\",\"\"\"\"\n"),
                ElementsAre("1:a,b|c", "2:|x", "3:say \"hi\"|\""));
}

TEST(Csv, WhatIsBrokenIsToldAndTheNextLineIsFine) {
    EXPECT_THAT(read("\"a\nb\n"), ElementsAre("1! a quote that does not end on its line", "2:b"));
    EXPECT_THAT(read("\"a\"b,c\nd"), ElementsAre("1! something stands behind a quote's end", "2:d"));
    EXPECT_THAT(read("a\"b,c\nd"), ElementsAre("1! a quote within a field without quotes", "2:d"));
    EXPECT_THAT(read("\"a\"\"\n"), ElementsAre("1! a quote that does not end on its line"));
}

TEST(Csv, FieldsAreWrittenSoThatTheyAreReadAgain) {
    for (const auto* const text : {"", "a", "a,b", "\"", "say \"hi\"", "a b", "'"}) {
        const auto line = csv_field(text) + ',' + csv_field(text);
        CsvReader reader(line);
        CsvRecord record;
        if (line == ",") continue;
        ASSERT_TRUE(reader.next(record)) << text;
        EXPECT_THAT(record.fields, ElementsAre(text, text));
    }
    EXPECT_EQ(csv_field("two\nlines"), "\"two lines\"");
}

}  // namespace
}  // namespace garita::runtime
