#pragma once
// Requests from bytes and responses to bytes. Boost.Beast parses; its headers stay in wire.cpp.

#include <chrono>
#include <cstddef>
#include <cstdint>
#include <memory>
#include <optional>
#include <string>
#include <string_view>

#include "runtime/http/message.hpp"

namespace garita::runtime::http {

/// Reads one request, fed with pieces as they arrive: first the head, then, when told the limit, the body.
class RequestParser {
  public:
    enum class Progress { more, done, failed };

    explicit RequestParser(std::size_t header_limit);
    ~RequestParser();
    RequestParser(const RequestParser&) = delete;
    RequestParser& operator=(const RequestParser&) = delete;

    /// Takes bytes from the front of `input` until the blank line after the header fields.
    [[nodiscard]] Progress read_head(std::string& input);
    /// Takes the body, after read_head() was done. A declared or real length above the limit fails with 413.
    [[nodiscard]] Progress read_body(std::string& input, std::size_t limit);

    /// After `failed`: what to answer before closing.
    [[nodiscard]] const Response& refusal() const { return refusal_; }

    // After read_head() was done:
    [[nodiscard]] bool has_body() const;
    [[nodiscard]] bool keep_alive() const;
    [[nodiscard]] bool expects_continue() const;
    /// Moves the request out; without its body before read_body() was done. Nothing, with a refusal, for an
    /// unknown method or a bad target.
    [[nodiscard]] std::optional<Request> take_request();
    /// Moves the body out, after read_body() was done.
    [[nodiscard]] std::string take_body();

  private:
    struct Beast;
    Progress refuse(int status, std::string_view detail);

    std::unique_ptr<Beast> beast_;
    Response refusal_;
};

enum class KeepAlive { no, yes };
enum class BodySent { no, yes };  ///< `no` answers HEAD: all fields, no body

/// Status line, fields and blank line. Fields with characters that could end the field are left out.
[[nodiscard]] std::string response_head(const Response& response, KeepAlive keep_alive,
                                        std::chrono::system_clock::time_point now);

/// Whether a response of that status may carry a body at all.
[[nodiscard]] bool may_have_body(int status);

}  // namespace garita::runtime::http
