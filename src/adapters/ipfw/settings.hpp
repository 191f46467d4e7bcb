#pragma once
// How the rules of one class stand in tables of FreeBSD's ipfw.

#include <cstddef>
#include <cstdint>
#include <string>

#include "model/time.hpp"

namespace garita::ipfw {

/// What an entry's value becomes.
enum class ValueKind {
    presence,  ///< of a word: there or not, as in "allow ip from table(garita_inet_access) to any"
    number,    ///< of a mark or port: the table's value, for tablearg
    pipe,      ///< of a rate: the number of a pipe with that rate, for "pipe tablearg"
};

struct Settings {
    std::string table;  ///< 1 to 59 of [A-Za-z0-9_]; rules of the administrator name it
    std::string program = "/sbin/ipfw";
    /// Of pipes: the numbers from `first_pipe` on are Garita's own, one for each rate in use.
    std::uint16_t first_pipe = 20'000;
    std::uint16_t pipes = 1'000;
    /// Of pipes: each address has the rate for itself. "dst-ip" for what comes to subscribers, "src-ip" for
    /// what they send, empty: all share one pipe.
    std::string mask = "dst-ip";
    std::uint32_t capacity = 0;  ///< most entries of the table; 0: the system's own limit
    Duration limit = std::chrono::seconds(60);
};

}  // namespace garita::ipfw
