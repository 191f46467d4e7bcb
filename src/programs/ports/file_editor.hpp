#pragma once
// Accepted differences written into the files of the specification.

#include <map>
#include <string>

#include "scan/specification_editor.hpp"

namespace garita::programs {

/// Changes a file only while it is as it was read, all at once: the old file or the new one is there at any
/// moment, with the same owner and mode.
class FileEditor final : public scan::SpecificationEditor {
  public:
    /// `files`: what was read, by path. Hosts that are written elsewhere are not changed.
    explicit FileEditor(std::map<std::string, std::string> files) : files_(std::move(files)) {}
    Result<std::string> write(const scan::Subject& subject, const SpecificationChange& change) override;

  private:
    std::map<std::string, std::string> files_;
};

}  // namespace garita::programs
