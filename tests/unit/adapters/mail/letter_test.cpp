// What a letter looks like on the wire. That a mail program reads it back is tested among real servers.

#include "adapters/mail/letter.hpp"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "adapters/mail/encoding.hpp"

namespace garita::mail {
namespace {

using testing::HasSubstr;
using testing::Not;
using testing::StartsWith;

std::vector<std::string> lines_of(const std::string& mime) {
    std::vector<std::string> lines;
    std::size_t at = 0;
    while (at < mime.size()) {
        const auto end = mime.find("\r\n", at);
        EXPECT_NE(end, std::string::npos) << "the last line has no end";
        if (end == std::string::npos) break;
        lines.push_back(mime.substr(at, end - at));
        at = end + 2;
    }
    return lines;
}

void expect_fit_for_the_wire(const std::string& mime) {
    for (const auto& line : lines_of(mime)) {
        EXPECT_LE(line.size(), longest_line) << line;
        for (const char c : line)
            EXPECT_TRUE((c >= ' ' && c <= '~')) << "byte " << static_cast<int>(c) << " in: " << line;
    }
}

Letter plain_letter() {
    Letter letter;
    letter.from = "garita@example.org";
    letter.to = "ana@example.org";
    letter.subject = "[Garita] #12 web1: SSH login";
    letter.text = "One line.\n  indented\n";
    letter.id = "case-12.0123@example.org";
    letter.date = Time{std::chrono::sys_days{std::chrono::year{2026} / 11 / 22} + std::chrono::hours{22} +
                       std::chrono::minutes{8} + std::chrono::seconds{5}};
    letter.about = "case 12";
    return letter;
}

TEST(Letter, IsWhatMailProgramsExpect) {
    EXPECT_EQ(to_mime(plain_letter()),
              "Date: Sun, 22 Nov 2026 22:08:05 +0000\r\n"
              "From: Garita <garita@example.org>\r\n"
              "To: <ana@example.org>\r\n"
              "Subject: [Garita] #12 web1: SSH login\r\n"
              "Message-ID: <case-12.0123@example.org>\r\n"
              "Auto-Submitted: auto-generated\r\n"
              "X-Auto-Response-Suppress: All\r\n"
              "X-Garita: case 12\r\n"
              "MIME-Version: 1.0\r\n"
              "Content-Type: text/plain; charset=utf-8\r\n"
              "Content-Transfer-Encoding: quoted-printable\r\n"
              "\r\n"
              "One line.\r\n"
              "  indented\r\n");
}

TEST(Letter, CarriesALongTextBesideIt) {
    auto letter = plain_letter();
    letter.cause = Letter::Cause::letter;
    letter.attachment = {"access-A12\r\n\"/../\".txt",
                         "first\n--=_garita_=_--\n" + std::string(200, 'x') + "\n"};
    const auto mime = to_mime(letter);
    expect_fit_for_the_wire(mime);
    EXPECT_THAT(mime, HasSubstr("\r\nAuto-Submitted: auto-replied\r\n"));
    EXPECT_THAT(mime, HasSubstr("\r\nContent-Type: multipart/mixed; boundary=\"=_garita_=_\"\r\n\r\n"
                                "--=_garita_=_\r\n"
                                "Content-Type: text/plain; charset=utf-8\r\n"
                                "Content-Transfer-Encoding: quoted-printable\r\n\r\n"
                                "One line.\r\n  indented\r\n\r\n"
                                "--=_garita_=_\r\n"
                                "Content-Disposition: attachment; filename=\"access-A12...txt\"\r\n"));
    EXPECT_THAT(mime, HasSubstr("\r\n--=3D_garita_=3D_--\r\n")) << "its text ends no part";
    EXPECT_TRUE(mime.ends_with("x\r\n\r\n--=_garita_=_--\r\n"));
}

TEST(Letter, AnswersTheFirstOfItsThread) {
    auto letter = plain_letter();
    letter.answers = "case-12.abcd@example.org";
    const auto mime = to_mime(letter);
    EXPECT_THAT(mime, HasSubstr("\r\nIn-Reply-To: <case-12.abcd@example.org>\r\n"));
    EXPECT_THAT(mime, HasSubstr("\r\nReferences: <case-12.abcd@example.org>\r\n"));
}

TEST(Letter, NothingThatOthersChoseMakesAHeader) {
    using namespace std::string_literals;
    for (const std::string& evil :
         {std::string("x\r\nBcc: eva@evil.example"), std::string("x\nBcc: eva@evil.example"),
          std::string("x\rBcc: eva@evil.example"), "x\0y\r\n\r\nBcc: eva@evil.example"s,
          std::string("x\xE2\x80\xA8"
                      "Bcc: eva@evil.example"),
          std::string("=?utf-8?Q?x=0D=0ABcc:_eva@evil.example?="),
          std::string("x\xC2\x85\x0B\x0C"
                      "Bcc: eva@evil.example")}) {
        auto letter = plain_letter();
        letter.subject = evil;
        letter.text = evil;
        letter.id = "case-1." + evil + "@example.org";
        letter.answers = evil;
        letter.about = evil;
        letter.to = "ana@example.org" + evil;
        letter.from = "garita@example.org" + evil;
        const auto mime = to_mime(letter);
        const auto head = mime.substr(0, mime.find("\r\n\r\n") + 2);
        int headers = 0;
        for (const auto& line : lines_of(head)) {
            EXPECT_THAT(line, Not(StartsWith("Bcc")));
            if (!line.starts_with(' ')) ++headers;
        }
        EXPECT_EQ(headers, 13) << head;
        EXPECT_EQ(mime.find("\r\n\r\n"), head.size() - 2);
    }
}

TEST(Letter, ASubjectOfOtherLettersIsFoldedBetweenThem) {
    auto letter = plain_letter();
    letter.subject.clear();
    for (int i = 0; i < 12; ++i)
        letter.subject += "Ошибки ñ 日本 ";
    const auto mime = to_mime(letter);
    expect_fit_for_the_wire(mime);
    EXPECT_THAT(mime, HasSubstr("Subject: =?utf-8?B?"));
}

TEST(Letter, ALongPlainSubjectIsFoldedToo) {
    auto letter = plain_letter();
    letter.subject = std::string(150, 'x');
    expect_fit_for_the_wire(to_mime(letter));
    letter.subject = "=?utf-8?B?aGk=?=";
    EXPECT_THAT(to_mime(letter), Not(HasSubstr("Subject: =?utf-8?B?aGk=?=")))
        << "what looks encoded is shown as it was written";
}

TEST(Letter, EveryTextFitsTheWire) {
    auto letter = plain_letter();
    for (const std::string& text :
         {std::string(5000, 'x'), std::string(5000, '='), std::string(200, ' '),
          std::string("\xff\xfe\x80 a"),
          std::string("Ошибки HTTP: 50 с адреса 192.0.2.7\n.\n..\nFrom here\n"), std::string(75, 'a') + " \n",
          std::string(76, 'a') + "\n", std::string(77, 'a') + "\n", std::string(75, 'a') + "=\n",
          std::string("\n\n\n"), std::string(), std::string("ñ = ") + std::string(100, 'n') + "\n"}) {
        letter.text = text;
        expect_fit_for_the_wire(to_mime(letter));
    }
}

TEST(Letter, TextOfOtherLettersIsBase64AndOfFewIsReadable) {
    auto letter = plain_letter();
    letter.text = "Случай ждёт ответа.\n";
    EXPECT_THAT(to_mime(letter), HasSubstr("Content-Transfer-Encoding: base64\r\n"));
    letter.text = "Un caso espera respuesta: inicio de sesi\xC3\xB3n desde 192.0.2.7 en el servidor.\n";
    EXPECT_THAT(to_mime(letter), HasSubstr("sesi=C3=B3n desde"));
}

TEST(Encoding, Base64AsInTheRfc) {
    EXPECT_EQ(base64(""), "");
    EXPECT_EQ(base64("f"), "Zg==");
    EXPECT_EQ(base64("fo"), "Zm8=");
    EXPECT_EQ(base64("foo"), "Zm9v");
    EXPECT_EQ(base64("foobar"), "Zm9vYmFy");
    EXPECT_EQ(base64("\xff\xfe\xfd"), "//79");
}

TEST(Encoding, QuotedPrintableKeepsSpacesAtTheEndOfALine) {
    EXPECT_EQ(quoted_printable("a \nb\n"), "a=20\r\nb\r\n");
    EXPECT_EQ(quoted_printable("a=b\n"), "a=3Db\r\n");
    const auto folded = quoted_printable(std::string(76, 'x') + "\n");
    EXPECT_EQ(folded, std::string(76, 'x') + "\r\n");
    EXPECT_EQ(quoted_printable(std::string(77, 'x') + "\n"), std::string(75, 'x') + "=\r\nxx\r\n");
}

TEST(Encoding, DatesAreThoseOfMail) {
    EXPECT_EQ(mail_date(Time{}), "Thu, 01 Jan 1970 00:00:00 +0000");
    EXPECT_EQ(mail_date(Time{std::chrono::sys_days{std::chrono::year{2024} / 2 / 29}}),
              "Thu, 29 Feb 2024 00:00:00 +0000");
}

}  // namespace
}  // namespace garita::mail
