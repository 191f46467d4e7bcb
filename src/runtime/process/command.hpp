#pragma once
// A program that is run for its result: what it is called with, how long it may take, what it said.

#include <chrono>
#include <cstddef>
#include <functional>
#include <string>
#include <string_view>
#include <vector>

#include "model/result.hpp"
#include "model/time.hpp"

namespace garita::runtime {

struct CommandLimits {
    /// For everything, from the start to the last byte.
    Duration total = std::chrono::seconds(30);
    /// From the request to end until it is made to.
    Duration grace = std::chrono::milliseconds(500);
    /// A program that says more than this on its standard output is ended.
    std::size_t output = std::size_t{16} << 20U;
    /// Of the standard error this much is kept, from its beginning; the rest is thrown away.
    std::size_t errors = std::size_t{64} << 10U;
    /// Once this descriptor is readable the program's time is over (on this machine only); -1: none.
    int stop_fd = -1;
};

struct Command {
    std::vector<std::string> words;  ///< the first is the program's absolute path; no shell reads them
    std::vector<std::string> environment{};  ///< "NAME=value"; nothing is inherited
    std::string input{};                     ///< its whole standard input
    CommandLimits limits{};
};

struct CommandEnd {
    enum class How {
        exited,     ///< by itself: `code` is its exit code
        signalled,  ///< by signal `code`, not ours
        timed_out,  ///< ended by us when its time was over
        flooded,    ///< ended by us: more output than allowed
    };
    How how = How::exited;
    int code = 0;
    std::string output;  ///< empty where a sink took it
    std::string errors;
    Duration took{0};

    [[nodiscard]] bool exited_with(int wanted) const { return how == How::exited && code == wanted; }
};

/// Takes standard output as it comes, in pieces of any size.
using OutputSink = std::function<void(std::string_view)>;

/// "ended with exit code 3: no such table" and the like: the last words of standard error on one line,
/// without control characters.
[[nodiscard]] std::string describe(const CommandEnd& end);

/// Where commands are run: on this machine, or on another one. Used by one thread at a time.
class CommandRunner {
  public:
    CommandRunner() = default;
    CommandRunner(const CommandRunner&) = delete;
    CommandRunner& operator=(const CommandRunner&) = delete;
    virtual ~CommandRunner() = default;

    /// An Error: it did not start, or it is not known what became of it. invalid: such words can never be
    /// run here; unavailable: the machine is out of reach. Whatever it started has ended when this returns.
    [[nodiscard]] virtual Result<CommandEnd> run(const Command& command, const OutputSink& output = {}) = 0;
};

}  // namespace garita::runtime
