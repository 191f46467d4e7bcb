#include "programs/siem_import/siem_bot_import.hpp"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

namespace garita::programs {
namespace {

using ::testing::Contains;
using ::testing::HasSubstr;
using ::testing::Not;

const std::string settings = R"PY(username = "bot"
password = 'p%40ss+word'
client_secret = "aaaa"
base_url = "https://siem.local/"
tg_bot_token = "123456:AAbbccddeeff"
admin_chat_id = 777
)PY";

Result<ImportedSiemBot> imported(const std::string& text,
                                 std::optional<SiemBotMemory> memory = std::nullopt) {
    return import_siem_bot(text, "settings.py", memory, "/etc/garita");
}

TEST(SiemBotImport, SecretsAreNamedAndNotWritten) {
    const auto made = imported(settings);
    ASSERT_TRUE(made);
    ASSERT_EQ(made->secrets.size(), 3U);
    for (const auto& one : made->secrets) {
        EXPECT_THAT(made->text, HasSubstr(one.file.string()));
        EXPECT_THAT(made->text, Not(HasSubstr(std::string(one.secret.reveal()))));
    }
    EXPECT_EQ(made->secrets[1].secret.reveal(), "p@ss word") << "as the form said it";
    EXPECT_THAT(made->text, HasSubstr("url: \"https://siem.local\""));
}

TEST(SiemBotImport, APasswordThatItsFileQuotesIsThePasswordItself) {
    auto quoting = settings;
    quoting.replace(quoting.find("'p%40ss+word'"), 13, "urllib.parse.quote(\"100% s+fe/@$$\")");
    const auto made = imported(quoting);
    ASSERT_TRUE(made) << made.error().text;
    EXPECT_EQ(made->secrets[1].secret.reveal(), "100% s+fe/@$$");
}

TEST(SiemBotImport, WhatStandsInTextsStaysAText) {
    const auto made = imported(settings + "ping_sticker = \"x\\\" \\\\ \\n}]\"\nunknown_one = 1\n");
    ASSERT_TRUE(made);
    EXPECT_THAT(made->text, HasSubstr("ping: \"x\\\" \\\\ \\x0a}]\"\n"));
    EXPECT_THAT(made->notes, Contains(HasSubstr("settings.py:8: \"unknown_one\" is not known")));
}

TEST(SiemBotImport, ChatsAreEachThereOnceAndADenialCountsBeforeAll) {
    SiemBotMemory memory;
    memory.allowed = {-500, 777, -500, 12, 666};
    memory.denied = {666, 777};
    const auto made = imported(settings, memory);
    ASSERT_TRUE(made);
    EXPECT_THAT(made->text, HasSubstr("    - { id: -500, language: ru }\n    - { id: 12, language: ru }\n"));
    EXPECT_THAT(made->text, HasSubstr("banned: [666]")) << "the administrator cannot ban himself";
    EXPECT_THAT(made->text, Not(HasSubstr("id: 666")));
}

TEST(SiemBotImport, WhatIsMissingOrOfAnotherKindIsToldAllAtOnce) {
    const auto made = imported("admin_chat_id = -5\npause_time = 'soon'\nusername = 5\n");
    ASSERT_FALSE(made);
    for (const auto* what :
         {"settings.py:1: admin_chat_id is a group", "settings.py:2: pause_time is no number",
          "settings.py:3: username is no text", "tg_bot_token is missing"})
        EXPECT_THAT(made.error().text, HasSubstr(what));
}

TEST(SiemBotImport, WhatIsNoTextIsRefusedByItsLine) {
    for (const auto& bytes :
         {std::string("\xef\xf0\xe8"), std::string(1, '\0'), std::string("\xed\xa0\x80")}) {
        const auto made = imported("# one\n# " + bytes + "\n" + settings);
        ASSERT_FALSE(made);
        EXPECT_THAT(made.error().text, HasSubstr("settings.py:2: is not UTF-8"));
    }
    const auto half = imported(settings + "ping_sticker = \"\\ud800\"\n");
    ASSERT_TRUE(half);
    EXPECT_THAT(half->text, Not(HasSubstr("ping")));
    EXPECT_THAT(half->notes, Contains(HasSubstr("settings.py:7: is no assignment")));
}

TEST(SiemBotImport, WhatIsOutOfBoundsIsToldAndATimeWithoutAZoneLosesNothing) {
    SiemBotMemory memory;
    memory.last_incident_time = "2026-11-20T10:00:00.500000";
    const auto begins = [&](const std::string& zone) {
        const auto made = imported(settings + "time_zone = timedelta(hours=" + zone + ")\n", memory);
        return made ? made->text.substr(made->text.find("begin: ") + 7, 19) : made.error().text;
    };
    EXPECT_EQ(begins("3"), "2026-11-20T07:00:00");
    EXPECT_EQ(begins("-5"), "2026-11-20T10:00:00") << "what the SIEM took it for is earlier";
    EXPECT_EQ(begins("5.5"), "2026-11-20T04:00:00") << "rather too early";
    const auto made = imported(settings + "pause_time = 0\nmax_events_count = 99\ntime_zone = 5.5\n");
    ASSERT_TRUE(made);
    EXPECT_THAT(made->text, HasSubstr("interval: 1s\n"));
    EXPECT_THAT(made->text, HasSubstr("max_events: 40\n"));
    EXPECT_THAT(made->text, Not(HasSubstr("Etc/GMT")));
    for (const auto* note : {"settings.py:7: pause_time is 1 here, which is the least",
                             "settings.py:8: max_events_count is 40 here, which is the most",
                             "settings.py:9: time_zone is no whole number of hours"})
        EXPECT_THAT(made->notes, Contains(HasSubstr(note)));
}

}  // namespace
}  // namespace garita::programs
