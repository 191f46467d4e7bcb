#include "adapters/mailbox/letter_reader.hpp"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

namespace garita::mailbox {
namespace {

using access::Automatic;
using testing::ElementsAre;
using testing::HasSubstr;

const ReadingRules rules{{"garita@example.org"}, 1U << 20U};

const std::string head =
    "From: Ana =?utf-8?B?w4FuYQ==?= <Ana@Example.org>\r\n"
    "To: garita@example.org\r\n"
    "Subject: =?koi8-r?B?79LE?= laptop\r\n"
    "Date: Mon, 23 Nov 2026 01:30:00 +0300\r\n"
    "Message-ID: <one@example.org>\r\n"
    "In-Reply-To: <case-1@example.org>\r\n"
    "References: <root@example.org>\r\n <case-1@example.org>\r\n"
    "MIME-Version: 1.0\r\n";

access::Letter letter(const std::string& raw) {
    const auto read = read_letter(raw, rules);
    EXPECT_TRUE(read) << raw << (read ? "" : read.error().text);
    return read.value_or(access::Letter{});
}

std::string words(const std::string& fields, const std::string& body) {
    return letter(head + fields + "\r\n" + body).words;
}

TEST(LetterReader, ReadsThePlainest) {
    const auto read = letter(head + "\r\napproved: aabb.ccdd.eeff\r\n\r\n> quoted\r\n");
    EXPECT_EQ(read.from, "ana@example.org");
    EXPECT_EQ(read.subject, "Орд laptop");
    EXPECT_EQ(read.id, "one@example.org");
    EXPECT_THAT(read.answers, ElementsAre("case-1@example.org", "case-1@example.org", "root@example.org"));
    ASSERT_TRUE(read.sent);
    EXPECT_EQ(*read.sent, Time{std::chrono::seconds{1'795'386'600}});
    EXPECT_EQ(read.words, "approved: aabb.ccdd.eeff");
    EXPECT_THAT(read.text, HasSubstr("> quoted"));
    EXPECT_FALSE(read.automatic);
}

TEST(LetterReader, UnderstandsEncodings) {
    const std::string text = "Content-Type: text/plain; charset=";
    EXPECT_EQ(words(text + "koi8-r\r\nContent-Transfer-Encoding: base64\r\n", "z8vFyg=="), "окей");
    EXPECT_EQ(
        words(text + "windows-1251\r\nContent-Transfer-Encoding: quoted-printable\r\n", "=E4=E0: aabb="),
        "да: aabb");
    EXPECT_EQ(words(text + "utf-8\r\nContent-Transfer-Encoding: 8bit\r\n", "sí"), "sí");
    EXPECT_EQ(words(text + "x-nobody-knows\r\n", "sí"), "sí");
    EXPECT_EQ(words(text + "utf-8\r\n", "a\xFF\xFE"), "a\xEF\xBF\xBD\xEF\xBF\xBD");
    EXPECT_EQ(words(text + "utf-16le\r\nContent-Transfer-Encoding: base64\r\n", "bwBrAA=="), "ok");
}

TEST(LetterReader, UnderstandsHtmlAlone) {
    EXPECT_EQ(words("Content-Type: text/html; charset=utf-8\r\n",
                    "<html><head><style>x</style></head><body><div>approved:&nbsp;<b>aabb.ccdd.eeff</b></div>"
                    "<div class=\"gmail_quote\">On 1 wrote: 001b.2c3d.4e5f</div></body></html>"),
              "approved: aabb.ccdd.eeff");
}

std::string part(const std::string& fields, const std::string& body) {
    return "--b\r\n" + fields + "\r\n" + body + "\r\n";
}

TEST(LetterReader, ChoosesThePartThatPeopleWrote) {
    const std::string plain = part("Content-Type: text/plain\r\n", "plain");
    const std::string html = part("Content-Type: text/html\r\n", "<p>html</p>");
    const std::string attached =
        part("Content-Type: text/plain\r\nContent-Disposition: attachment; filename=x.txt\r\n", "attached");
    const std::string within = part("Content-Type: message/rfc822\r\n", "From: x@y.z\r\n\r\nforwarded");
    const std::string end = "--b--\r\n";
    const std::string alternative = "Content-Type: multipart/alternative; boundary=b\r\n";
    const std::string mixed = "Content-Type: multipart/mixed; boundary=b\r\n";
    EXPECT_EQ(words(alternative, plain + html + end), "plain");
    EXPECT_EQ(words(alternative, html + plain + end), "plain");
    EXPECT_EQ(words(alternative, part("Content-Type: text/plain\r\n", " \r\n") + html + end), "html");
    EXPECT_EQ(words(mixed, plain + attached + within + end), "plain");
    EXPECT_EQ(words(mixed, attached + end), "");
    EXPECT_EQ(words("Content-Type: multipart/encrypted; boundary=b\r\n", plain + end), "");
    EXPECT_EQ(words("Content-Type: multipart/signed; boundary=b\r\n", plain + html + end), "plain");
    EXPECT_EQ(words(mixed, plain), "plain") << "cut off";
}

TEST(LetterReader, KnowsWhatNoPersonWrote) {
    const auto why = [](const std::string& field) { return letter(field + head + "\r\nx").automatic; };
    EXPECT_EQ(why("Auto-Submitted: auto-replied (vacation)\r\n"), Automatic::auto_submitted);
    EXPECT_EQ(why("Auto-Submitted: auto-generated\r\n"), Automatic::auto_submitted);
    EXPECT_EQ(why("Auto-Submitted: no\r\n"), std::nullopt);
    EXPECT_EQ(why("X-Autoreply: yes\r\n"), Automatic::auto_submitted);
    EXPECT_EQ(why("Precedence: Bulk\r\n"), Automatic::bulk);
    EXPECT_EQ(why("Precedence: first-class\r\n"), std::nullopt);
    EXPECT_EQ(why("List-Id: <all.example.org>\r\n"), Automatic::list);
    EXPECT_EQ(why("Return-Path: <>\r\n"), Automatic::null_sender);
    EXPECT_EQ(why("Return-Path: <ana@example.org>\r\n"), std::nullopt);
    EXPECT_EQ(why("Content-Type: multipart/report; boundary=b\r\n"), Automatic::null_sender);
    EXPECT_EQ(why("X-Garita: case 12\r\n"), Automatic::own_address);
    EXPECT_EQ(why("X-Loop: x\r\n"), Automatic::loop);
    std::string servers;
    for (int i = 0; i < 60; ++i)
        servers += "Received: from x\r\n";
    EXPECT_EQ(why(servers), Automatic::loop);
    EXPECT_EQ(letter("From: Garita <GARITA@example.org>\r\n\r\nx").automatic, Automatic::own_address);
}

std::string refused(const std::string& raw) {
    const auto read = read_letter(raw, rules);
    EXPECT_FALSE(read) << raw.substr(0, 200);
    return read ? "" : read.error().text;
}

TEST(LetterReader, SetsAsideWhatHasNotExactlyOneSender) {
    EXPECT_THAT(refused("Subject: x\r\n\r\nx"), HasSubstr("From"));
    EXPECT_THAT(refused("From: a@b.org\r\nFrom: c@d.org\r\n\r\nx"), HasSubstr("exactly one From"));
    for (const auto* from : {"", "foo", "<foo>", "a@b.org, c@d.org", "group: a@b.org;", "undisclosed:;",
                             "\"a@b.org\"", "@", "<>"})
        EXPECT_THAT(refused("From: " + std::string(from) + "\r\n\r\nx"), HasSubstr("one address")) << from;
    EXPECT_EQ(letter("From: \"eva@example.org\" <mallory@example.net>\r\n\r\nx").from, "mallory@example.net");
    EXPECT_EQ(letter("From: ana@example.org\n\nx").from, "ana@example.org") << "lines as Unix ends them";
}

TEST(LetterReader, SetsAsideWhatIsMadeToDoHarm) {
    EXPECT_THAT(refused(head + "\r\n" + std::string(2U << 20U, 'x')), HasSubstr("longer"));
    EXPECT_THAT(refused("no head at all"), HasSubstr("head"));
    EXPECT_THAT(refused(""), HasSubstr("From"));
    std::string deep = head;
    for (int i = 0; i < 60; ++i) {
        const auto name = 'b' + std::to_string(i);
        deep += "Content-Type: multipart/mixed; boundary=" + name + "\r\n\r\n--" + name + "\r\n";
    }
    EXPECT_THAT(refused(deep + "\r\nx"), HasSubstr("deep"));
    std::string deeper = head;
    while (deeper.size() < 900'000)
        deeper += "Content-Type: message/rfc822\r\n\r\n";
    EXPECT_THAT(refused(deeper), HasSubstr("parts"));
    std::string many = head + "Content-Type: multipart/mixed; boundary=b\r\n\r\n";
    for (int i = 0; i < 5000; ++i)
        many += "--b\r\n\r\nx\r\n";
    EXPECT_THAT(refused(many), HasSubstr("many"));
    std::string zero = head + "\r\na";
    zero += '\0';
    EXPECT_EQ(letter(zero + "b").from, "ana@example.org") << "a zero byte in the body harms nobody";
}

TEST(LetterReader, ReadsPartsThatWereSigned) {
    const auto read =
        read_words("Content-Type: text/plain; charset=utf-8\r\n\r\nda: aabb.ccdd.eeff\r\n-- \r\nAna", rules);
    ASSERT_TRUE(read);
    EXPECT_EQ(read->own, "da: aabb.ccdd.eeff");
    EXPECT_THAT(read->all, HasSubstr("Ana"));
}

}  // namespace
}  // namespace garita::mailbox
