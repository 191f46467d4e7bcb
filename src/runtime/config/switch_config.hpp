#pragma once
// The switches of the hub's file and of its inventory, with what each has from `login`.

#include <map>
#include <string>
#include <vector>

#include "runtime/config/access_config.hpp"

namespace garita::runtime {

struct Inventory {
    std::vector<SwitchConfig> switches;  ///< in the order of the files
    std::map<std::string, std::size_t> files;
};

enum class FetchSecrets { no, yes };

/// The error's text has a line for each problem. `section`: access.
[[nodiscard]] Result<Inventory> read_inventory(const Section& section, const std::string& file,
                                               FetchSecrets fetch);

}  // namespace garita::runtime
