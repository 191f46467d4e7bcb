// A connection's bytes, cut at arbitrary places, through the request parser, the router and back into a
// response. The first byte says how long the pieces are. Invariants: nothing throws, limits hold, pieces make
// no difference.

#include <cstddef>
#include <cstdint>
#include <cstdlib>
#include <string>
#include <string_view>

#include "runtime/http/router.hpp"
#include "runtime/http/target.hpp"
#include "runtime/http/wire.hpp"

namespace {

namespace http = garita::runtime::http;

constexpr std::size_t header_limit = 2048;
constexpr std::size_t body_limit = 512;

void require(bool condition) {
    if (!condition) std::abort();
}

const http::Router& router() {
    static const http::Router built = [] {
        http::Router made;
        const auto nothing = [](const http::Request&) -> http::Answer { return http::Response{}; };
        made.add(http::Method::get, "/", nothing);
        made.add(http::Method::get, "/api/v1/cases", nothing);
        made.add(http::Method::get, "/api/v1/cases/{id}", nothing);
        made.add(http::Method::post, "/api/v1/cases/{id}/decision", nothing);
        made.add(http::Method::get, "/web/{file...}", nothing);
        return made;
    }();
    return built;
}

struct Reading {
    bool done = false;
    int status = 0;
    std::string path;
    std::string body;

    friend bool operator==(const Reading&, const Reading&) = default;
};

/// As a session does it, the bytes arriving in pieces.
Reading read(std::string_view bytes, std::size_t piece) {
    http::RequestParser parser(header_limit);
    std::string input;
    const auto feed = [&](auto step) {
        auto progress = step();
        while (progress == http::RequestParser::Progress::more && !bytes.empty()) {
            input.append(bytes.substr(0, piece));
            bytes.remove_prefix(std::min(piece, bytes.size()));
            progress = step();
        }
        return progress;
    };
    Reading reading;
    const auto head = feed([&] { return parser.read_head(input); });
    if (head == http::RequestParser::Progress::failed) reading.status = parser.refusal().status;
    if (head != http::RequestParser::Progress::done) return reading;
    const auto request = parser.take_request();
    reading.status = parser.refusal().status;
    if (!request) return reading;
    require(request->path == "*" || request->path.front() == '/');
    reading.path = request->path;
    static_cast<void>(router().find(request->method, request->path));
    const auto body = feed([&] { return parser.read_body(input, body_limit); });
    reading.status = parser.refusal().status;
    reading.done = body == http::RequestParser::Progress::done;
    if (reading.done) reading.body = parser.take_body();
    require(reading.body.size() <= body_limit);
    return reading;
}

void check_response(std::string_view text) {
    http::Response response = http::problem(400, text, text);
    response.content_type = text;
    response.headers.add("X-Echo", std::string(text));
    response.headers.add(std::string(text), "value");
    const auto head = http::response_head(response, http::KeepAlive::yes, {});
    require(head.find("\r\n\r\n") == head.size() - 4);
}

}  // namespace

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
    if (size == 0) return 0;
    const std::string_view bytes(reinterpret_cast<const char*>(data) + 1, size - 1);
    const std::size_t piece = 1 + data[0] % 64;
    const Reading in_pieces = read(bytes, piece);
    // a refusal may come earlier or later with other pieces; what is read whole must be the same
    const Reading at_once = read(bytes, bytes.size() + 1);
    if (in_pieces.done && at_once.done) require(in_pieces == at_once);
    static_cast<void>(http::parse_query(bytes));
    static_cast<void>(http::parse_target(bytes));
    const auto decoded = http::percent_decode(bytes, http::Plus::space);
    if (decoded) require(decoded->size() <= bytes.size());
    check_response(bytes.substr(0, 256));
    return 0;
}
