#pragma once
// Which MAC address an approval names. People write them in any notation and next to any punctuation; what
// only looks like one (telephone numbers, dates, identifiers, IPv6 addresses, digests) is none.

#include <cstddef>
#include <string>
#include <string_view>
#include <vector>

#include <tl/expected.hpp>

#include "model/rule_class.hpp"

namespace garita::access {

/// One place of the text where a MAC address stands.
struct NamedMac {
    MacAddress address;
    std::size_t begin = 0;  ///< bytes
    std::size_t end = 0;

    friend bool operator==(const NamedMac&, const NamedMac&) = default;
};

struct MacReading {
    std::vector<NamedMac> named;  ///< in order; the same address may stand there more than once
    /// Decimal digits that might be a MAC address, a telephone number or a date stand there, and nothing says
    /// that they are a MAC address.
    bool doubtful = false;
};

/// Six groups of two, four of three, three of four, two of six digits or twelve digits, in either case, with
/// ':', '-', '.' or blanks between; Cyrillic letters that look like Latin ones and the letter O as zero.
/// Only decimal digits are a MAC address where the notation or the word "MAC" before them says so.
[[nodiscard]] MacReading read_macs(std::string_view text);

struct ApprovedMac {
    MacAddress address;
    /// Locally administered: a telephone or laptop makes up another one for each network or day, so that what
    /// is approved may not be seen again.
    bool randomised = false;
};

struct MacRefusal {
    enum class Reason {
        none,       ///< none is named
        doubtful,   ///< none, but digits that might be one: write it with separators, or "MAC" before it
        several,    ///< more than one
        broadcast,  ///< ff:ff:ff:ff:ff:ff
        group,      ///< a multicast address: no device has it
        zero,
    };
    Reason reason = Reason::none;
    std::vector<MacAddress> named;  ///< each once
};
/// "none", "doubtful" …: a word for logs and names of messages.
[[nodiscard]] std::string_view to_text(MacRefusal::Reason reason);

/// The one MAC address that the text names, however often.
[[nodiscard]] tl::expected<ApprovedMac, MacRefusal> the_one_mac(std::string_view text);

}  // namespace garita::access
