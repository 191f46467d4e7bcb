#include "runtime/http/wire.hpp"

#include <gtest/gtest.h>

namespace garita::runtime::http {
namespace {

using Progress = RequestParser::Progress;

TEST(RequestParser, ReadsByteByByteWhatItReadsAtOnce) {
    const std::string whole =
        "POST /a/b?c=d HTTP/1.1\r\nHost: h\r\nX-One: 1\r\nTransfer-Encoding: chunked\r\n\r\n"
        "3\r\nabc\r\n4;x=y\r\ndefg\r\n0\r\n\r\nGET /next";
    RequestParser parser(4096);
    std::string input;
    std::size_t at = 0;
    auto progress = Progress::more;
    while (progress == Progress::more) {
        ASSERT_LT(at, whole.size());
        input += whole[at++];
        progress = parser.read_head(input);
    }
    ASSERT_EQ(progress, Progress::done);
    EXPECT_TRUE(parser.has_body());
    auto request = parser.take_request();
    ASSERT_TRUE(request);
    EXPECT_EQ(request->method, Method::post);
    EXPECT_EQ(request->path, "/a/b");
    EXPECT_EQ(request->query.find("c"), "d");
    EXPECT_EQ(request->headers.find("x-one"), "1");
    progress = Progress::more;
    while (progress == Progress::more) {
        ASSERT_LT(at, whole.size());
        input += whole[at++];
        progress = parser.read_body(input, 7);
    }
    ASSERT_EQ(progress, Progress::done);
    EXPECT_EQ(parser.take_body(), "abcdefg");
    EXPECT_EQ(input + whole.substr(at), "GET /next");
}

TEST(RequestParser, HoldsTheLimitOfTheBody) {
    for (const std::string framing :
         {"Content-Length: 8\r\n\r\nabcdefgh",
          "Transfer-Encoding: chunked\r\n\r\n4\r\nabcd\r\n4\r\nefgh\r\n0\r\n\r\n"}) {
        for (const std::size_t limit : {7U, 8U}) {
            RequestParser parser(4096);
            std::string input = "POST / HTTP/1.1\r\nHost: h\r\n" + framing;
            ASSERT_EQ(parser.read_head(input), Progress::done);
            EXPECT_EQ(parser.read_body(input, limit), limit == 8 ? Progress::done : Progress::failed);
            EXPECT_EQ(parser.refusal().status, limit == 8 ? 200 : 413);
        }
    }
}

TEST(RequestParser, HoldsTheLimitOfTheHead) {
    const std::string head = "GET / HTTP/1.1\r\nHost: h\r\nx: " + std::string(1000, 'y') + "\r\n\r\n";
    RequestParser narrow(1000);
    std::string input = head;
    EXPECT_EQ(narrow.read_head(input), Progress::failed);
    EXPECT_EQ(narrow.refusal().status, 431);
    RequestParser wide(1100);
    input = head;
    EXPECT_EQ(wide.read_head(input), Progress::done);
}

TEST(ResponseHead, LeavesOutWhatWouldSplitTheResponse) {
    Response response = json_response(201, "{}");
    response.headers.add("Location", "/cases/1");
    response.headers.add("X-Evil", "a\r\nSet-Cookie: b");
    response.headers.add("X Evil", "a");
    const auto head = response_head(response, KeepAlive::yes, std::chrono::system_clock::time_point{});
    EXPECT_EQ(head,
              "HTTP/1.1 201 Created\r\nDate: Thu, 01 Jan 1970 00:00:00 GMT\r\nContent-Length: 2\r\n"
              "Content-Type: application/json\r\nLocation: /cases/1\r\nConnection: keep-alive\r\n\r\n");
    const auto empty =
        response_head(Response{204, {}, {}, {}}, KeepAlive::no, std::chrono::system_clock::time_point{});
    EXPECT_EQ(empty.find("Content-Length"), std::string::npos);
    EXPECT_NE(empty.find("Connection: close\r\n\r\n"), std::string::npos);
}

TEST(Problem, IsQuoted) {
    const auto response = problem(404, "Not \"Found\"", "line\nbreak");
    EXPECT_EQ(response.content_type, "application/problem+json");
    EXPECT_EQ(response.body,
              R"({"type":"about:blank","title":"Not \"Found\"","status":404,"detail":"line\u000abreak"})");
}

TEST(Problem, IsUtf8WhateverItRepeats) {
    EXPECT_EQ(problem(422, "x", "caf\xc3\xa9 \x9b\xc3").body,
              "{\"type\":\"about:blank\",\"title\":\"x\",\"status\":422,\"detail\":\"caf\xc3\xa9 "
              "\\ufffd\\ufffd\"}");
}

}  // namespace
}  // namespace garita::runtime::http
