#pragma once
// Changing what an administrator has written.

#include <string>

#include "model/result.hpp"
#include "scan/specification.hpp"

namespace garita::scan {

class SpecificationEditor {
  public:
    SpecificationEditor() = default;
    SpecificationEditor(const SpecificationEditor&) = delete;
    SpecificationEditor& operator=(const SpecificationEditor&) = delete;
    virtual ~SpecificationEditor() = default;

    /// Writes all of the change at the place where the host is written, or the network that it is part of, or
    /// nothing; what is not of the change stays as it is. Returns the place. Once more is harmless. The error
    /// says why it cannot be: another has changed the file, the hub may not write it, or it does not say such
    /// a thing there.
    virtual Result<std::string> write(const Subject& subject, const SpecificationChange& change) = 0;
};

}  // namespace garita::scan
