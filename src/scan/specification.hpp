#pragma once
// The specification of open ports as it is carried out: every host and address with what is wanted of it.

#include <memory>
#include <optional>
#include <string>
#include <string_view>
#include <unordered_map>
#include <vector>

#include "model/host_ports.hpp"
#include "model/port_specification.hpp"
#include "model/result.hpp"

namespace garita::scan {

/// What is wanted of a host; shared by the addresses of a network.
struct WantedPorts {
    PortSet must;
    PortSet may;
    PortSet scan;  ///< holds the two above
    PortSet udp_must;
    PortSet udp_may;
    PortSet group_must;          ///< of `must`, what a group says
    PortSet group_udp_must;      ///< likewise
    bool all_addresses = false;  ///< of a name
    std::string from;            ///< the agent that looks; empty: the hub itself
    std::vector<WeeklyWindow> maintenance;
    ExpectedServices services;  ///< at ports of `must` and `may`
    WrittenPlace place;

    [[nodiscard]] PortSet udp_scan() const { return udp_must | udp_may; }
    [[nodiscard]] PortSet service_ports() const;
    /// "22,80;443;;": another text means that somebody has written something else.
    [[nodiscard]] std::string text() const;
    /// With what people have accepted since.
    [[nodiscard]] WantedPorts with(const PortDifference& accepted) const;
};

/// One host or address of the specification; what a case is about.
struct Subject {
    std::string host;
    std::optional<IpAddress> address;  ///< nothing: `host` is a name
    std::shared_ptr<const WantedPorts> wanted;
    std::string network;  ///< that it is part of; empty: it is written itself
};

/// What is scanned as one: a host, or a network with its addresses.
struct Entry {
    std::string name;
    std::size_t first = 0;  ///< among the subjects
    std::size_t count = 0;
};

class Specification {
  public:
    /// Addresses and networks of the whole, at most.
    static constexpr std::size_t most_subjects = 1U << 18U;
    /// Prefixes of the widest networks.
    static constexpr unsigned widest_v4 = 16;
    static constexpr unsigned widest_v6 = 112;

    Specification() = default;
    /// An address counts with the longest of the networks that it is in, and with what is written of it
    /// alone before that. The error names the place.
    [[nodiscard]] static Result<Specification> make(const WrittenSpecification& written);

    [[nodiscard]] const std::vector<Subject>& subjects() const { return subjects_; }
    [[nodiscard]] const std::vector<Entry>& entries() const { return entries_; }
    [[nodiscard]] const Subject* find(std::string_view host) const;

    /// What is wanted of a host, or of all of its network, is otherwise from now on.
    void replace(const Subject& subject, WantedPorts wanted);

  private:
    Result<void> add_network(const std::string& name, const IpNetwork& network, const WrittenPorts& written,
                             const std::shared_ptr<const WantedPorts>& wanted);
    Result<void> add(Subject subject);

    std::vector<Subject> subjects_;
    std::vector<Entry> entries_;
    std::unordered_map<std::string, std::size_t> places_;  ///< of subjects
};

}  // namespace garita::scan
