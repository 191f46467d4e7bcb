#pragma once
// What a switch's show command said, as JSON.

#include <string_view>

#include <boost/json/value.hpp>

#include "adapters/ios/command.hpp"
#include "adapters/ios/output.hpp"
#include "model/result.hpp"

namespace garita::programs {

/// By the parser of this command. The error names the line and what is wrong with it.
[[nodiscard]] Result<boost::json::value> parsed_json(const ios::ShowCommand& command,
                                                     const ios::Output& output);

}  // namespace garita::programs
