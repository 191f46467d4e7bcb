#pragma once
// What people write when they say what is to be scanned: addresses, networks, ranges and names.

#include <map>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "model/result.hpp"
#include "scan/address_set.hpp"
#include "scan/name_resolver.hpp"

namespace garita::scan {

/// Whether one network or range may be larger than a /16 of IPv4 or a /112 of IPv6.
enum class Width { bounded, wide };

/// Addresses in one network or range that nobody has to ask for twice.
inline constexpr std::uint64_t widest_unasked = 65536;

/// What was written; names still are names.
struct TargetText {
    std::vector<AddressRange> addresses;
    std::vector<std::string> names;  ///< in lower case
};

/// One by one, by commas or spaces:
///   192.0.2.7  2001:db8::7     an address
///   192.0.2.0/24               a network, its first and last address too; 192.0.2.7/24 is the same
///   192.0.2.1-20               up to 192.0.2.20 (of IPv6: 2001:db8::1-ff)
///   192.0.2.250-192.0.3.10     a range
///   web.example.org            a name
/// Adds them to `into`, which is as before where something is wrong.
[[nodiscard]] Result<void> read_targets(std::string_view text, Width width, TargetText& into);

/// The same for a file's content, of any number of lines; from # on a line is a comment. The error names
/// `file` and the line.
[[nodiscard]] Result<void> read_target_file(std::string_view content, std::string_view file, Width width,
                                            TargetText& into);

/// Which addresses of a name are meant.
enum class PerName { first, all };

struct Unresolved {
    std::string name;
    std::string why;
};

/// What is to be scanned.
struct TargetChoice {
    AddressSet addresses;
    std::multimap<IpAddress, std::string> names;  ///< by which an address was meant
    std::vector<Unresolved> unresolved;
};

/// Asks for the names. The first address of a name is its first of IPv4, where it has one. Fails where a name
/// that is excluded has no addresses: it could be scanned otherwise.
[[nodiscard]] Result<TargetChoice> choose_targets(const TargetText& wanted, const TargetText& excluded,
                                                  NameResolver& resolver, PerName which);

}  // namespace garita::scan
