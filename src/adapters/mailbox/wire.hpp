#pragma once
// What the dialogues with mail servers are spoken over: a connection that is logged in, or a test's script.

#include <chrono>
#include <cstddef>
#include <string>
#include <string_view>

#include "model/result.hpp"

namespace garita::mailbox {

/// Errors are unavailable: closed, timed out, stopped; a line that is too long is invalid. After an error the
/// wire is of no use.
class Wire {
  public:
    virtual ~Wire() = default;
    virtual Result<void> send(std::string_view text) = 0;
    /// The next line without its end.
    virtual Result<std::string> line(std::size_t longest) = 0;
    virtual Result<std::string> bytes(std::size_t count) = 0;
    enum class Heard { something, nothing };
    /// Whether there is something to read, within that time.
    virtual Result<Heard> listen(std::chrono::milliseconds longest) = 0;
};

}  // namespace garita::mailbox
