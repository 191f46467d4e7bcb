#pragma once
// What is asked of a scan, what comes of it, and whoever carries it out.

#include <cstdint>
#include <functional>
#include <optional>
#include <stop_token>
#include <string>
#include <vector>

#include "model/ip.hpp"
#include "model/port_set.hpp"
#include "model/result.hpp"
#include "model/time.hpp"

namespace garita::scan {

/// One address with the ports that are asked of it.
struct Target {
    IpAddress address;
    std::uint32_t ports = 0;  ///< place in Job::port_sets: most targets share one
};

/// How fast, and how patient.
struct Limits {
    double probes_per_second = 0;          ///< of the whole scan; 0: the engine's own careful default
    double probes_per_second_of_host = 0;  ///< 0: as the host bears
    unsigned parallel_hosts = 0;           ///< at most; 0: the engine's own
    unsigned tries = 0;  ///< for a port that does not answer, at most; 0: as the loss demands
    std::optional<Duration>
        patience;  ///< longest wait for one answer; nothing: from the round trips measured
    std::optional<Duration> host_timeout;  ///< what is not answered by then is unknown; nothing: none
};

struct Job {
    Transport transport = Transport::tcp;
    std::vector<PortSet> port_sets;
    std::vector<Target> targets;  ///< each address once
    Limits limits;
};

/// Ports of which nobody could tell whether they are open.
struct Unknown {
    PortSet ports;
    std::string why;  ///< "no route to host"
};

struct TargetResult {
    IpAddress address;
    PortSet open;
    PortSet closed;
    PortSet filtered;  ///< no answer, or an ICMP message that forbids; of UDP: open or filtered
    std::vector<Unknown> unknown;
    std::optional<Duration> round_trip;  ///< smoothed; nothing: no answer at all
};

struct Report {
    enum class End {
        complete,
        stopped,    ///< as somebody wanted
        cut_short,  ///< this host could not go on for some targets: a warning says why
    };
    End end = End::complete;
    std::vector<TargetResult>
        targets;  ///< in the order of the job; what could not be judged before the end is unknown
    std::uint64_t probes_sent = 0;
    Duration took{};
    std::vector<std::string> warnings;  ///< what makes the result less sure than it looks, for people
};

struct Progress {
    std::uint64_t probes = 0;      ///< of the job, each (address, port) once
    std::uint64_t judged = 0;      ///< of them
    double per_second = 0;         ///< probes sent lately
    std::optional<Duration> left;  ///< estimate; nothing: too early to tell
};

/// Whoever wants to know before the end. Called from the engine's threads, one at a time; they shall be
/// quick.
struct Listeners {
    std::function<void(const IpAddress&, Port)> open;
    std::function<void(const Progress&)> progress;  ///< about five times a second
};

/// Finds out which ports answer. One scan at a time for each engine.
class Engine {
  public:
    Engine() = default;
    Engine(const Engine&) = delete;
    Engine& operator=(const Engine&) = delete;
    virtual ~Engine() = default;

    /// Fails if nothing could be asked at all (no permission, no interface). Stopped: what is known by then.
    virtual Result<Report> scan(const Job& job, const Listeners& listeners, std::stop_token stop) = 0;
};

}  // namespace garita::scan
