#include "adapters/catalogue/catalogue.hpp"

#include <algorithm>

#include <gmock/gmock.h>
#include <gtest/gtest.h>

namespace garita::catalogue {
namespace {

TEST(Catalogue, HasEnglishSpanishAndRussian) {
    const MessageCatalogue catalogue;
    EXPECT_THAT(catalogue.languages(), ::testing::IsSupersetOf({"en", "es", "ru"}));
    EXPECT_EQ(catalogue.text("en", "response.block", {}), "Block address");
    EXPECT_EQ(catalogue.text("es", "response.block", {}), "Bloquear IP");
    EXPECT_EQ(catalogue.text("ru", "response.allow", {}), "Разрешить");
}

TEST(Catalogue, EveryLanguageHasEveryTextWithTheSamePlaceholders) {
    const auto embedded = embedded_languages();
    const auto english = std::find_if(embedded.begin(), embedded.end(),
                                      [](const EmbeddedLanguage& l) { return l.language == "en"; });
    ASSERT_NE(english, embedded.end());
    const auto wanted = MoFile::parse(english->mo);
    ASSERT_TRUE(wanted);
    ASSERT_GT(wanted->messages().size(), 60U);
    for (const auto& [language, mo] : embedded) {
        const auto file = MoFile::parse(mo);
        ASSERT_TRUE(file) << language;
        EXPECT_EQ(file->messages().size(), wanted->messages().size()) << language;
        for (const auto& [id, text] : wanted->messages()) {
            const auto translated = file->find(id);
            EXPECT_FALSE(translated.empty()) << language << " lacks " << id;
            EXPECT_THAT(placeholders(translated), ::testing::UnorderedElementsAreArray(placeholders(text)))
                << language << " " << id;
        }
    }
}

TEST(Catalogue, FillsInAndNeverThrows) {
    EXPECT_EQ(fill_in("{a} and {b}, {c}", {{"a", "1"}, {"b", "{a}"}}), "1 and {a}, ?");
    EXPECT_EQ(fill_in("{ not this } {Neither} {}", {}), "{ not this } {Neither} {}");
    EXPECT_EQ(fill_in("open {a", {{"a", "1"}}), "open {a");
    EXPECT_EQ(fill_in("", {}), "");
}

TEST(Catalogue, FallsBackToEnglishThenToTheKey) {
    const MessageCatalogue catalogue;
    EXPECT_EQ(catalogue.text("xx", "response.allow", {}), "Allow");
    EXPECT_EQ(catalogue.text("ru", "no.such.key", {}), "no.such.key");
}

TEST(MoFile, RefusesEveryTruncationAndSurvivesEveryFlippedByte) {
    const std::string whole(embedded_languages().front().mo);
    for (std::size_t length = 0; length < 64; ++length)
        EXPECT_FALSE(MoFile::parse(std::string_view(whole).substr(0, length))) << length;
    for (std::size_t i = 0; i < std::min<std::size_t>(whole.size(), 2000); ++i) {
        std::string damaged = whole;
        damaged[i] = static_cast<char>(damaged[i] ^ 0xff);
        const auto file = MoFile::parse(damaged);
        if (!file) continue;
        std::size_t seen = 0;
        for (const auto& [id, text] : file->messages())
            seen += id.size() + text.size();
        EXPECT_LE(seen, damaged.size() * 300);
    }
}

TEST(MoFile, ReadsTheOtherByteOrder) {
    // one message "a" → "b", numbers with the highest byte first
    const char bytes[] =
        "\x95\x04\x12\xde\0\0\0\0\0\0\0\1\0\0\0\x1c\0\0\0\x24\0\0\0\0\0\0\0\0"
        "\0\0\0\1\0\0\0\x2c\0\0\0\1\0\0\0\x2e"
        "a\0b";
    const auto file = MoFile::parse({bytes, sizeof bytes});
    ASSERT_TRUE(file) << file.error().text;
    EXPECT_EQ(file->find("a"), "b");
    EXPECT_EQ(file->find("c"), "");
}

}  // namespace
}  // namespace garita::catalogue
