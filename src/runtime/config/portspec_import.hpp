#pragma once
// PortSpec's conf.yml as a specification of ours.

#include <string>
#include <string_view>
#include <vector>

#include "model/result.hpp"

namespace garita::runtime {

struct ImportedSpecification {
    std::string text;                ///< YAML for the hub's file
    std::vector<std::string> notes;  ///< what means something else here, with file and line
};

/// invalid: a line for each problem.
[[nodiscard]] Result<ImportedSpecification> import_portspec(std::string_view text, const std::string& file);

}  // namespace garita::runtime
