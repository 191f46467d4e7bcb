#pragma once
// A terminal on another machine: bytes in, bytes out. What they mean is somebody else's matter.

#include <string>
#include <string_view>

#include "model/result.hpp"
#include "model/time.hpp"

namespace garita::runtime {

/// Used by one thread at a time. Closed when destroyed.
class Shell {
  public:
    enum class Is {
        data,
        silent,  ///< nothing came within the time
        closed,  ///< by the other side: nothing will come any more
    };
    struct Piece {
        Is is = Is::silent;
        std::string bytes{};
    };

    Shell() = default;
    Shell(const Shell&) = delete;
    Shell& operator=(const Shell&) = delete;
    virtual ~Shell() = default;

    /// All of it, or an Error (unavailable).
    [[nodiscard]] virtual Result<void> write(std::string_view bytes) = 0;
    /// What is there, waiting for the first byte only.
    [[nodiscard]] virtual Result<Piece> read(Duration within) = 0;
};

}  // namespace garita::runtime
