#pragma once
// Names to addresses, for whoever knows names.

#include <string>
#include <vector>

#include "model/ip.hpp"
#include "model/result.hpp"

namespace garita::scan {

class NameResolver {
  public:
    using Answer = Result<std::vector<IpAddress>>;

    NameResolver() = default;
    NameResolver(const NameResolver&) = delete;
    NameResolver& operator=(const NameResolver&) = delete;
    virtual ~NameResolver() = default;

    /// An answer for each name, in their order: all of its addresses of both families, each once, the
    /// preferred one first, and at least one. `not_found`: there is no such name, or it has no address;
    /// `unavailable`: nobody could tell within the resolver's limit in time.
    virtual std::vector<Answer> resolve(const std::vector<std::string>& names) = 0;
};

}  // namespace garita::scan
