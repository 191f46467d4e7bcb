#pragma once
// Lines of nginx and Apache in the common and combined formats, with or without further fields:
//   ADDRESS IDENT USER [TIME] "REQUEST" STATUS BYTES …
// Read by position, never by search: what a client wrote into its request, user name or headers cannot become
// the status, the time or the address. This rests on both servers escaping quotes in what clients send (their
// default): the first bare quote of a line opens the request, so everything before it is the server's own but
// IDENT and USER.

#include <optional>
#include <string_view>

#include "model/ip.hpp"

namespace garita::detect {

enum class AccessLogLayout {
    plain,      ///< the line begins with the address
    with_host,  ///< "%v:%p %h …", Apache's vhost_combined: the name of the virtual host comes first
};

/// Views into the line.
struct AccessLogFields {
    std::string_view address;
    std::string_view time;  ///< for ClfClock
    unsigned status = 0;    ///< three digits, 0 to 999
    std::string_view rest;  ///< everything behind the status: size, referrer, agent, further fields
};

/// Nothing for a line that is not of this shape. The address and the time are not validated here: most lines
/// are turned away by their status first.
[[nodiscard]] std::optional<AccessLogFields> split_access_log_line(std::string_view line,
                                                                   AccessLogLayout layout);

/// The n-th quoted field of `rest` (1: the referrer), or the last one when n is 0, which must end the line.
[[nodiscard]] std::optional<std::string_view> quoted_field(std::string_view rest, unsigned n);

}  // namespace garita::detect
