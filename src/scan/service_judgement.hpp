#pragma once
// What answers at an open port, held against what is expected there.

#include <optional>
#include <string>

#include "model/expected_service.hpp"
#include "scan/service_probe.hpp"

namespace garita::scan {

struct ServiceFinding {
    bool known = false;     ///< false: it did not say enough
    std::string seen;       ///< facts for people, cleaned
    std::string otherwise;  ///< as ServiceTexts of a difference; empty: as expected
};

/// Every byte of `facts` is foreign.
[[nodiscard]] ServiceFinding judge_service(const ExpectedService& expected, const ServiceFacts& facts,
                                           Time now);

/// The first line, fit to be shown, and as a glob that matches it: what is dangerous or '*' is a '?', and a
/// '*' stands for what is too long.
[[nodiscard]] std::string banner_line(std::string_view banner);

}  // namespace garita::scan
