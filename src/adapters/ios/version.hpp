#pragma once
// `show version`: what kind of switch this is, and what runs on it.

#include <string>
#include <vector>

#include "adapters/ios/output.hpp"
#include "model/result.hpp"

namespace garita::ios {

struct Version {
    enum class Software { ios, ios_xe };
    Software software = Software::ios;
    std::string version;  ///< "15.2(4)E6", "16.9.4"
    std::string image;    ///< "C2960-LANBASEK9-M"
    std::string hostname;
    std::string uptime;
    std::string model;
    std::string serial;  ///< of the (first) board; empty: not told
    std::string system_image;
    std::string reload_reason;
    std::string config_register;
};
[[nodiscard]] std::string_view to_text(Version::Software software);
[[nodiscard]] Result<Version> parse_version(const Output& output);

}  // namespace garita::ios
