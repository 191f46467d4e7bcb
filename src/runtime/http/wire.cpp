#include "runtime/http/wire.hpp"

#include <ctime>

#include <boost/asio/buffer.hpp>
#include <boost/beast/http/error.hpp>
#include <boost/beast/http/parser.hpp>
#include <boost/beast/http/string_body.hpp>
#include <fmt/format.h>

#include "runtime/http/target.hpp"

namespace garita::runtime::http {
namespace beast_http = boost::beast::http;

struct RequestParser::Beast {
    beast_http::request_parser<beast_http::string_body> parser;
};

namespace {

using Error = boost::beast::error_code;

constexpr std::size_t most_unparsed = 64 * 1024;

std::string text(boost::beast::string_view view) {
    return {view.data(), view.size()};
}

/// Feeds until `stop` or until the parser wants more than there is.
template <typename Parser, typename Stop>
Error feed(Parser& parser, std::string& input, Stop stop) {
    Error error;
    while (!input.empty() && !stop()) {
        const std::size_t taken = parser.put(boost::asio::buffer(input), error);
        input.erase(0, taken);
        if (error == beast_http::error::need_more) return {};
        if (error || taken == 0) break;
    }
    return error;
}

bool is_token(std::string_view name) {
    constexpr std::string_view allowed =
        "abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789!#$%&'*+-.^_`|~";
    return !name.empty() && name.find_first_not_of(allowed) == std::string_view::npos;
}

bool is_field_value(std::string_view value) {
    for (const char c : value) {
        const auto byte = static_cast<unsigned char>(c);
        if ((byte < 0x20 && c != '\t') || byte == 0x7f) return false;
    }
    return true;
}

std::string http_date(std::chrono::system_clock::time_point now) {
    const std::time_t seconds = std::chrono::system_clock::to_time_t(now);
    std::tm parts{};
    gmtime_r(&seconds, &parts);
    static constexpr const char* days[] = {"Sun", "Mon", "Tue", "Wed", "Thu", "Fri", "Sat"};
    static constexpr const char* months[] = {"Jan", "Feb", "Mar", "Apr", "May", "Jun",
                                             "Jul", "Aug", "Sep", "Oct", "Nov", "Dec"};
    return fmt::format("{}, {:02} {} {} {:02}:{:02}:{:02} GMT", days[parts.tm_wday], parts.tm_mday,
                       months[parts.tm_mon], parts.tm_year + 1900, parts.tm_hour, parts.tm_min, parts.tm_sec);
}

}  // namespace

RequestParser::RequestParser(std::size_t header_limit) : beast_(std::make_unique<Beast>()) {
    beast_->parser.header_limit(static_cast<std::uint32_t>(header_limit));
    beast_->parser.body_limit(boost::none);  // known only when the route is
    beast_->parser.eager(false);
}

RequestParser::~RequestParser() = default;

RequestParser::Progress RequestParser::refuse(int status, std::string_view detail) {
    refusal_ = problem(status, reason_phrase(status), detail);
    return Progress::failed;
}

RequestParser::Progress RequestParser::read_head(std::string& input) {
    auto& parser = beast_->parser;
    const auto error = feed(parser, input, [&parser] { return parser.is_header_done(); });
    if (error == beast_http::error::header_limit) return refuse(431, "the header fields are too large");
    if (error == beast_http::error::bad_version) return refuse(505, "this is an HTTP/1.1 server");
    if (error) return refuse(400, "the request is malformed: " + error.message());
    if (!parser.is_header_done()) return Progress::more;
    if (parser.get().version() >= 11 && parser.get().count(beast_http::field::host) != 1) {
        return refuse(400, "exactly one Host field is needed");
    }
    return Progress::done;
}

RequestParser::Progress RequestParser::read_body(std::string& input, std::size_t limit) {
    auto& parser = beast_->parser;
    if (parser.is_done()) return Progress::done;
    const auto length = parser.content_length();
    if (length && *length > limit)
        return refuse(413, fmt::format("the body may have at most {} bytes", limit));
    if (!parser.eager()) {
        parser.eager(true);
        parser.body_limit(limit);
    }
    const auto error = feed(parser, input, [&parser] { return parser.is_done(); });
    if (error == beast_http::error::body_limit) {
        return refuse(413, fmt::format("the body may have at most {} bytes", limit));
    }
    if (error) return refuse(400, "the body is malformed: " + error.message());
    if (parser.is_done()) return Progress::done;
    // what the parser leaves is the beginning of one chunk's header or trailer
    return input.size() > most_unparsed ? refuse(400, "a chunk header is too large") : Progress::more;
}

bool RequestParser::has_body() const {
    return !beast_->parser.is_done();
}

bool RequestParser::keep_alive() const {
    return beast_->parser.keep_alive();
}

bool RequestParser::expects_continue() const {
    const auto& head = beast_->parser.get();
    return head.version() >= 11 && boost::beast::iequals(head[beast_http::field::expect], "100-continue");
}

std::optional<Request> RequestParser::take_request() {
    const auto& head = beast_->parser.get();
    const auto method = parse_method(text(head.method_string()));
    if (!method) {
        refuse(501, "the method is not known here");
        return std::nullopt;
    }
    auto target = parse_target(text(head.target()));
    if (!target) {
        refuse(400, "the request target is malformed");
        return std::nullopt;
    }
    Request request;
    request.method = *method;
    request.path = std::move(target->path);
    request.query = std::move(target->query);
    for (const auto& field : head)
        request.headers.add(text(field.name_string()), text(field.value()));
    return request;
}

std::string RequestParser::take_body() {
    return std::move(beast_->parser.get().body());
}

bool may_have_body(int status) {
    return status >= 200 && status != 204 && status != 304;
}

std::string response_head(const Response& response, KeepAlive keep_alive,
                          std::chrono::system_clock::time_point now) {
    std::string head = fmt::format("HTTP/1.1 {} {}\r\nDate: {}\r\n", response.status,
                                   reason_phrase(response.status), http_date(now));
    if (may_have_body(response.status)) {
        head += fmt::format("Content-Length: {}\r\n", response.body.size());
        if (!response.content_type.empty() && is_field_value(response.content_type)) {
            head += "Content-Type: " + response.content_type + "\r\n";
        }
    }
    for (const auto& [name, value] : response.headers) {
        if (is_token(name) && is_field_value(value))
            head.append(name).append(": ").append(value).append("\r\n");
    }
    head += keep_alive == KeepAlive::yes ? "Connection: keep-alive\r\n\r\n" : "Connection: close\r\n\r\n";
    return head;
}

}  // namespace garita::runtime::http
