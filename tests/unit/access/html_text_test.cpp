#include "access/html_text.hpp"

#include <string>

#include <gtest/gtest.h>

namespace garita::access {
namespace {

TEST(HtmlText, IsWhatPeopleSee) {
    EXPECT_EQ(html_text("<p>approved: <b>aabb</b>.ccdd.eeff</p>"), "approved: aabb.ccdd.eeff\n");
    EXPECT_EQ(html_text("a<br>b<br/>c<br><br>d"), "a\nb\nc\n\nd");
    EXPECT_EQ(html_text("<div>a</div><div>b</div>"), "a\nb\n");
    EXPECT_EQ(html_text("<tr><td>a</td><td>b</td></tr>").substr(0, 3), "a b");
    EXPECT_EQ(html_text("a\n   b\t c"), "a b c");
    EXPECT_EQ(html_text("a &lt; b &amp;&nbsp;c &#1072;&#x430; &unknown; & d"), "a < b & c аа &unknown; & d");
    EXPECT_EQ(html_text("1 < 2 and 3 > 2"), "1 < 2 and 3 > 2");
    EXPECT_EQ(html_text("aa<wbr>bb<!-- 001b.2c3d.4e5f -->cc"), "aabbcc");
    EXPECT_EQ(html_text("<a href=\"https://example.org/?m=aabb.ccdd.eeff\">here</a>"), "here");
}

TEST(HtmlText, LeavesOutWhatNobodySees) {
    for (const auto* hidden :
         {"<script>var m = '001b.2c3d.4e5f'; if (a<b) x();</script>", "<style>p{color:red}</style>",
          "<head><title>001b.2c3d.4e5f</title></head>",
          "<div style=\"display: none\">001b.2c3d.4e5f<div>x</div>y</div>",
          "<span style='DISPLAY:NONE'>001b.2c3d.4e5f</span>",
          "<span style=\"font-size:0px\">001b.2c3d.4e5f</span>", "<!-- 001b.2c3d.4e5f -->",
          "<img alt=\"001b.2c3d.4e5f\">", "<SCRIPT>x</SCRIPT >"})
        EXPECT_EQ(html_text(std::string("a") + hidden + "b"), "ab") << hidden;
}

TEST(HtmlText, MarksWhatIsQuoted) {
    EXPECT_EQ(html_text("a<blockquote>b<br>c</blockquote>d"), "a\n> b\n> c\nd");
    for (const auto* quote : {"<div class=\"gmail_quote\">x</div>", "<div id=\"divRplyFwdMsg\">x</div>",
                              "<div class=\"moz-cite-prefix\">On 1 wrote:</div><blockquote>x</blockquote>",
                              "<div id='appendonsend'></div><hr>x", "<div class=\"yahoo_quoted\">x</div>"})
        EXPECT_EQ(html_text(std::string("<p>a</p>") + quote), "a\n") << quote;
}

TEST(HtmlText, SurvivesWhatIsBroken) {
    EXPECT_EQ(html_text("a<b"), "a");
    EXPECT_EQ(html_text("a<"), "a<");
    EXPECT_EQ(html_text("a<!-- never ended"), "a");
    EXPECT_EQ(html_text("a<script>never ended"), "a");
    EXPECT_EQ(html_text("a</p></p></blockquote>b"), "a\nb");
    EXPECT_EQ(html_text("<p title=\"a>b\">c</p>"), "c\n");
    EXPECT_EQ(html_text("&#0;&#xD800;&#99999999;x"), "\xEF\xBF\xBD\xEF\xBF\xBD&#99999999;x");
}

TEST(HtmlText, TakesBoundedTime) {
    std::string html;
    while (html.size() < 1'000'000)
        html += "<a='<script><";
    EXPECT_LT(html_text(html).size(), html.size());
    EXPECT_EQ(html_text(std::string(1'000'000, '<')).size(), 1'000'000U);
}

}  // namespace
}  // namespace garita::access
