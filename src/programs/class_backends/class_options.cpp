#include "programs/class_backends/class_options.hpp"

#include <algorithm>
#include <array>

namespace garita::programs {

using runtime::DeviceClassConfig;

Result<void> only_known(const DeviceClassConfig& config, std::initializer_list<std::string_view> known) {
    // of every backend
    constexpr std::array<std::string_view, 2> common{"after", "foreign"};
    for (const auto& [name, text] : config.options)
        if (std::find(known.begin(), known.end(), name) == known.end() &&
            std::find(common.begin(), common.end(), name) == common.end())
            return refuse(config, "option " + name + " is not known to backend " + config.backend);
    return {};
}

}  // namespace garita::programs
