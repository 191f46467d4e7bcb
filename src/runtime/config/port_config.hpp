#pragma once
// Open ports as the hub's file and the files of the specification have them.

#include <chrono>
#include <cstdint>
#include <filesystem>
#include <map>
#include <optional>
#include <string>
#include <vector>

#include "model/port_specification.hpp"
#include "model/result.hpp"
#include "runtime/config/document.hpp"
#include "runtime/config/section.hpp"

namespace garita::runtime {

struct PortsConfig {
    std::filesystem::path specification;  ///< file or folder; empty: none
    std::chrono::seconds interval = std::chrono::hours{1};
    std::string engine = "connect";  ///< or "syn", "auto"
    std::chrono::seconds confirm_after{30};
    int unknown_after = 3;
    std::chrono::seconds mute_for = std::chrono::hours{24};
    std::chrono::seconds history = std::chrono::days{400};
    std::optional<std::int64_t> rate;
    std::optional<std::int64_t> rate_per_host;
    std::optional<std::int64_t> parallel_hosts;
    WrittenSpecification written;              ///< all of it, with the files of `specification`
    std::map<std::string, std::string> files;  ///< what was read, by path: to tell whether it has changed
};

/// What the section and the files that it names say. The error's text has a line for each problem.
[[nodiscard]] Result<PortsConfig> build_ports(const Section& section, const std::string& file);

/// One file of a specification; adds to `into`.
[[nodiscard]] Result<void> read_specification(std::string_view text, const std::string& file,
                                              WrittenSpecification& into);

/// `text` with the change made where this host or network is written, and all else byte by byte as it was.
/// invalid: what is to be changed is not written there as one value on one line. Only the `sha256` of a
/// certificate is added where there is none.
[[nodiscard]] Result<std::string> with_change(std::string_view text, std::string_view host,
                                              const SpecificationChange& change);

}  // namespace garita::runtime
