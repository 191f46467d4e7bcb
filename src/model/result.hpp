#pragma once
// Expected failures are values. An Error says, for an administrator, what failed, on which object and what to
// do; never a secret. Start-up and programmer errors are exceptions instead.

#include <string>
#include <utility>

#include <tl/expected.hpp>

namespace garita {

enum class ErrorCode {
    invalid,      ///< the input is wrong; asking again with the same input fails again
    not_found,    ///< the named thing does not exist
    conflict,     ///< somebody else was faster, or the state does not allow it any more
    forbidden,    ///< the actor may not do this, or the target is protected
    unavailable,  ///< the peer or device is away, refuses for now, or timed out
    io,           ///< reading or writing a file, socket or kernel interface failed
    full,         ///< a disk, queue or table has no room
};

/// Whether the same request may succeed later without a change.
enum class Retry { no, later };

struct Error {
    ErrorCode code = ErrorCode::invalid;
    std::string text;  ///< what failed, on which object, what to do
    Retry retry = Retry::no;
};

template <typename T>
using Result = tl::expected<T, Error>;

[[nodiscard]] inline tl::unexpected<Error> fail(ErrorCode code, std::string text, Retry retry = Retry::no) {
    return tl::unexpected<Error>(Error{code, std::move(text), retry});
}

}  // namespace garita
