#pragma once
// How the rules of one class stand in a chain of iptables.

#include <string>

#include "model/time.hpp"

namespace garita::iptables {

struct Settings {
    enum class Side { source, destination };

    std::string table = "filter";  ///< of iptables; marks want mangle
    std::string chain;             ///< Garita's own: 1 to 28 of [A-Za-z0-9_-]
    std::string from =
        "FORWARD";  ///< the chain that jumps there, as its first rule; empty: somebody else's rule does
    Side side = Side::source;       ///< which address of a packet the entry is about
    std::string target = "ACCEPT";  ///< of an entry whose value is a word
    /// Of the programs: "/usr/sbin/iptables", "/usr/sbin/iptables-legacy"; "-restore" and "-save" go behind
    /// it, and "ip6" in the place of "ip" for IPv6.
    std::string program = "/usr/sbin/iptables";
    Duration limit = std::chrono::seconds(60);
};

}  // namespace garita::iptables
