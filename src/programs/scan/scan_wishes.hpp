#pragma once
// What somebody asks of `garita scan`.

#include <optional>
#include <string>
#include <vector>

#include "model/port_set.hpp"
#include "scan/engine.hpp"
#include "scan/targets.hpp"

namespace CLI {
class App;
}

namespace garita::programs {

enum class ScanForm { table, json, grepable };
enum class EngineChoice { automatic, connect, syn };

struct ScanWishes {
    std::vector<std::string> targets;
    std::vector<std::string> target_files;
    std::vector<std::string> excluded;
    std::vector<std::string> excluded_files;
    std::optional<PortSet> ports;  ///< nothing: the usual ones
    EngineChoice engine = EngineChoice::automatic;
    Transport transport = Transport::tcp;
    scan::Limits limits;
    scan::Width width = scan::Width::bounded;
    scan::PerName per_name = scan::PerName::first;
    ScanForm form = ScanForm::table;
    std::string from;    ///< an agent's name; empty: from here
    Duration wait{0};    ///< for the agent
    std::string socket;  ///< of the hub; empty: where it usually is
    bool banner = false;
    bool certificate = false;
};

/// Adds all options; `wishes` must outlive the parsing.
void add_scan_options(CLI::App& command, ScanWishes& wishes);

/// The targets and exclusions as written on the command line and in files. `invalid`: wrong use.
struct WrittenTargets {
    scan::TargetText wanted;
    scan::TargetText excluded;
};
[[nodiscard]] Result<WrittenTargets> written_targets(const ScanWishes& wishes);

}  // namespace garita::programs
