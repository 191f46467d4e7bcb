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

}  // namespace
}  // namespace garita::programs
