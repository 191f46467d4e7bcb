#include "access/port_event.hpp"

#include <algorithm>
#include <charconv>
#include <string.h>  // NOLINT(modernize-deprecated-headers): memmem

#include "access/port_event_header.hpp"

namespace garita::access {
namespace {

bool holds(std::string_view line, std::string_view what) {
    return ::memmem(line.data(), line.size(), what.data(), what.size()) != nullptr;
}

/// "FACILITY-SUB-SEVERITY-MNEMONIC" in its parts.
struct Mnemonic {
    std::string_view facility;
    std::string_view name;
    std::size_t begin = 0;  ///< of the '%'
    std::size_t end = 0;    ///< behind the colon
};

std::optional<Mnemonic> mnemonic_at(std::string_view line, std::size_t percent) {
    static constexpr std::string_view letters = "ABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789_-";
    const auto end = line.find_first_not_of(letters, percent + 1);
    if (end == std::string_view::npos || line[end] != ':') return std::nullopt;
    const auto whole = line.substr(percent + 1, end - percent - 1);
    const auto first = whole.find('-');
    const auto last = whole.rfind('-');
    if (first == std::string_view::npos || first == 0 || last < first + 2 || last + 1 == whole.size())
        return std::nullopt;
    if (whole[last - 2] != '-') return std::nullopt;  // one digit or letter of severity between them
    return Mnemonic{whole.substr(0, first), whole.substr(last + 1), percent, end + 1};
}

std::optional<Mnemonic> first_mnemonic(std::string_view line) {
    for (auto at = line.find('%'); at != std::string_view::npos; at = line.find('%', at + 1))
        if (const auto found = mnemonic_at(line, at)) return found;
    return std::nullopt;
}

/// The word behind `mark`; empty: the mark is not there.
std::string_view word_behind(std::string_view text, std::string_view mark) {
    const auto at = text.find(mark);
    if (at == std::string_view::npos) return {};
    auto word = text.substr(at + mark.size());
    word = word.substr(0, word.find_first_of(" \t\r\n"));
    while (word.ends_with('.') || word.ends_with(','))
        word.remove_suffix(1);
    return word;
}

std::uint16_t vlan_of(std::string_view text) {
    auto word = word_behind(text, " on VLAN ");
    if (word.empty()) word = word_behind(text, " on vlan ");
    std::uint16_t number = 0;
    const auto [end, error] = std::from_chars(word.data(), word.data() + word.size(), number);
    return error == std::errc() && end == word.data() + word.size() && number <= 4094 ? number
                                                                                      : std::uint16_t{0};
}

std::optional<PortEvent> violation(std::string_view text) {
    const auto mac = MacAddress::parse(word_behind(text, " MAC address "));
    const auto port = PortName::parse(word_behind(text, " on port "));
    if (!mac || !is_one_host(*mac) || !port) return std::nullopt;
    PortEvent event;
    event.mac = mac;
    event.port = *port;
    event.vlan = vlan_of(text);
    return event;
}

std::optional<PortEvent> err_disable(std::string_view text) {
    static constexpr std::string_view mark = " error detected on ";
    const auto at = text.find(mark);
    const auto port = PortName::parse(word_behind(text, mark));
    if (at == std::string_view::npos || !port) return std::nullopt;
    const auto before = text.substr(0, at);
    const auto blank = before.rfind(' ');
    PortEvent event;
    event.kind = PortEvent::Kind::err_disable;
    event.port = *port;
    event.cause = blank == std::string_view::npos ? before : before.substr(blank + 1);
    return event;
}

}  // namespace

bool may_be_port_event(std::string_view line) {
    return holds(line, "PSECURE_VIOLATION") || holds(line, "ERR_DISABLE");
}

std::optional<PortEvent> read_port_event(std::string_view line) {
    line = line.substr(0, longest_event_line);
    if (!may_be_port_event(line)) return std::nullopt;
    const auto mnemonic = first_mnemonic(line);
    if (!mnemonic) return std::nullopt;
    const auto text = line.substr(mnemonic->end);
    std::optional<PortEvent> event;
    if (mnemonic->facility == "PORT_SECURITY" && mnemonic->name.starts_with("PSECURE_VIOLATION"))
        event = violation(text);
    else if (mnemonic->facility == "PM" && mnemonic->name.starts_with("ERR_DISABLE"))
        event = err_disable(text);
    if (!event) return std::nullopt;
    const auto header = read_event_header(line.substr(0, mnemonic->begin));
    event->relayed = header.relayed;
    event->origin_id = header.origin_id;
    return event;
}

}  // namespace garita::access
