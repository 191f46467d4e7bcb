#include "access/port_range.hpp"

#include <charconv>
#include <string>

namespace garita::access {

namespace {

constexpr unsigned most_ports = 1000;

std::string_view trimmed(std::string_view text) {
    while (text.starts_with(' '))
        text.remove_prefix(1);
    while (text.ends_with(' '))
        text.remove_suffix(1);
    return text;
}

std::optional<unsigned> number_of(std::string_view text) {
    unsigned number = 0;
    const auto* const end = text.data() + text.size();
    const auto [stopped, error] = std::from_chars(text.data(), end, number);
    if (text.empty() || error != std::errc{} || stopped != end) return std::nullopt;
    return number;
}

/// Where the last number of a port's name begins.
std::size_t last_number_of(std::string_view name) {
    const auto before = name.find_last_not_of("0123456789");
    return before == std::string_view::npos ? 0 : before + 1;
}

tl::unexpected<Error> no_port(std::string_view text) {
    return fail(ErrorCode::invalid,
                "'" + std::string(text.substr(0, 64)) + "' is neither a port nor a range of ports");
}

}  // namespace

Result<std::vector<PortName>> parse_port_range(std::string_view text) {
    text = trimmed(text);
    // of "Port-channel3" and "Gi1/0/1-4" only the dash between numbers makes a range
    const auto dash = text.rfind('-');
    const bool range =
        dash != std::string_view::npos && number_of(trimmed(text.substr(dash + 1))) &&
        number_of(trimmed(text.substr(0, dash)).substr(last_number_of(trimmed(text.substr(0, dash)))));
    const auto first_name = range ? trimmed(text.substr(0, dash)) : text;
    const auto first_port = PortName::parse(first_name);
    if (!first_port) return no_port(text);
    if (!range) return std::vector{*first_port};
    const auto stem = first_name.substr(0, last_number_of(first_name));
    const auto first = number_of(first_name.substr(stem.size()));
    const auto last = number_of(trimmed(text.substr(dash + 1)));
    if (!first || !last || *last < *first || *last - *first >= most_ports) return no_port(text);
    std::vector<PortName> ports;
    for (unsigned number = *first; number <= *last; ++number) {
        const auto port = PortName::parse(std::string(stem) + std::to_string(number));
        if (!port) return no_port(text);
        ports.push_back(*port);
    }
    return ports;
}

}  // namespace garita::access
