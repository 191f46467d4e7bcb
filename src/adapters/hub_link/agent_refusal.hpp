#pragma once
// How an error is told to an agent.

#include "model/result.hpp"
#include "runtime/http/message.hpp"

namespace garita::hub_link {

inline runtime::http::Response refusal(const Error& error) {
    switch (error.code) {
        case ErrorCode::invalid:
            return runtime::http::problem(400, "Bad Request", error.text);
        case ErrorCode::forbidden:
            return runtime::http::problem(401, "Unauthorized", error.text);
        case ErrorCode::full:
            return runtime::http::problem(507, "Insufficient Storage", error.text);
        default:
            return runtime::http::problem(503, "Service Unavailable", error.text);
    }
}

}  // namespace garita::hub_link
