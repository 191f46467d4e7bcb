#include "access/own_words.hpp"

#include <string>

#include <gtest/gtest.h>

namespace garita::access {
namespace {

constexpr const char* own = "approved: aabb.ccdd.eeff";

TEST(OwnWords, EndWhereTheQuoteBegins) {
    const std::string above = std::string(own) + "\n\n";
    for (const auto* quote : {
             "> Is 001b.2c3d.4e5f yours?",
             "  > indented",
             ">> twice",
             "On Mon, Nov 23, 2026 at 1:30 AM Ana <ana@example.org> wrote:\n\n> 001b.2c3d.4e5f",
             "On Mon, Nov 23, 2026 at 1:30 AM Ana Very Long Name of Somebody\n<ana@example.org> "
             "wrote:\n001b.2c3d.4e5f",
             "On 11/23/26 01:30, Ana wrote:\n001b.2c3d.4e5f",
             "El lun, 23 nov 2026 a las 1:30, Ana (<ana@example.org>) escribió:\n001b.2c3d.4e5f",
             "El 23 nov 2026, a las 1:30, Ana <ana@example.org> escribió:\n001b.2c3d.4e5f",
             "пн, 23 нояб. 2026 г. в 01:30, Ana <ana@example.org>:\n001b.2c3d.4e5f",
             "23.11.2026 01:30, Ana пишет:\n001b.2c3d.4e5f",
             "23 нояб. 2026 г., в 01:30, Ana <ana@example.org> написал(а):\n001b.2c3d.4e5f",
             "Понедельник, 23 ноября 2026, 1:30 +03:00 от Ana <ana@example.org>:\n001b.2c3d.4e5f",
             "23.11.2026, 01:30, \"Ana\" <ana@example.org>:\n001b.2c3d.4e5f",
             "-----Original Message-----\nFrom: Ana\n001b.2c3d.4e5f",
             "-----Исходное сообщение-----\n001b.2c3d.4e5f",
             "-----Mensaje original-----\n001b.2c3d.4e5f",
             "---------- Forwarded message ---------\n001b.2c3d.4e5f",
             "-------- Пересылаемое сообщение --------\n001b.2c3d.4e5f",
             "Begin forwarded message:\n001b.2c3d.4e5f",
             "________________________________\nFrom: Ana\n001b.2c3d.4e5f",
             "From: Ana <ana@example.org>\nSent: Monday, November 23, 2026 1:30 AM\nTo: Gate\nSubject: "
             "x\n001b.2c3d.4e5f",
             "*From:* Ana\n*Date:* Monday\n*To:* Gate\n001b.2c3d.4e5f",
             "От: Ana\nОтправлено: 23 ноября 2026 г. 1:30\nКому: Gate\nТема: x\n001b.2c3d.4e5f",
             "De: Ana\nEnviado el: lunes, 23 de noviembre de 2026 1:30\nPara: Gate\nAsunto: "
             "x\n001b.2c3d.4e5f",
             "-- \nAna, extension 001b.2c3d.4e5f",
             "--\r\nAna 001b.2c3d.4e5f",
         })
        EXPECT_EQ(own_words(above + quote), own) << quote;
}

TEST(OwnWords, AreKeptWhereNothingIsQuoted) {
    for (const auto* text : {
             "approved",
             "I wrote to Ivan:\nhe agrees",
             "As Ivan wrote: fine",
             "De: nobody in particular",
             "From: my desk\napproved",
             "On it:\naabb.ccdd.eeff",
             "a -- b",
             "---",
             "It costs > 5",
             "Утверждаю:\naabb.ccdd.eeff",
         })
        EXPECT_EQ(own_words(text), text);
}

TEST(OwnWords, AreWithoutBlanksAtTheirEnds) {
    EXPECT_EQ(own_words("\r\n  \r\n  approved  \r\n thanks \r\n\r\n> x\r\n"), "approved\n thanks");
    EXPECT_EQ(own_words("> x\nbelow"), "") << "what is below a quote is not read";
    EXPECT_EQ(own_words(""), "");
}

}  // namespace
}  // namespace garita::access
