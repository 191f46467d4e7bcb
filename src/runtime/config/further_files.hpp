#pragma once
// Files beside the hub's own: a file, or a folder of them, that a setting names.

#include <array>
#include <filesystem>
#include <string>
#include <string_view>
#include <vector>

#include "model/result.hpp"
#include "runtime/config/shape.hpp"
#include "runtime/config/yaml_reader.hpp"

namespace garita::runtime {

/// The file itself, or those of the folder that end with .yml or .yaml, in the order of their names.
[[nodiscard]] Result<std::vector<std::filesystem::path>> files_of(const std::filesystem::path& place);
/// Up to 16 MiB.
[[nodiscard]] Result<std::string> content_of(const std::filesystem::path& file);

/// Which keys of a section may stand in a file of its own.
struct FileKeys {
    std::array<std::string_view, 6> keys;  ///< empty ones at the end
    std::string_view section;
};
/// What is wrong in one file, without a look outside of it, a line each.
[[nodiscard]] Result<void> check_file(const YamlTree& tree, const std::string& file, const Shape& shape,
                                      const FileKeys& keys, Outside outside = Outside::ignore);

}  // namespace garita::runtime
