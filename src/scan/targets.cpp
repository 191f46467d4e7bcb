#include "scan/targets.hpp"

#include <algorithm>
#include <array>
#include <charconv>
#include <optional>
#include <set>

namespace garita::scan {
namespace {

constexpr std::string_view separators = ", \t\r\n";
/// Where a range across it would turn into IPv4 on the way: ::ffff:0:0/96.
constexpr std::array<std::uint8_t, 16> mapped{0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0xff, 0xff, 0, 0, 0, 0};

std::string shown(std::string_view item) {
    constexpr std::size_t longest = 80;
    std::string text = "'";
    for (const char c : item.substr(0, longest))
        text += c < 0x20 || c >= 0x7f ? '?' : c;
    return text + (item.size() > longest ? "…'" : "'");
}

tl::unexpected<Error> refuse(std::string_view item, const std::string& why) {
    return fail(ErrorCode::invalid, shown(item) + " " + why);
}

std::optional<unsigned> number(std::string_view digits, int base, unsigned greatest) {
    unsigned value = 0;
    const char* const end = digits.data() + digits.size();
    const auto [stop, error] = std::from_chars(digits.data(), end, value, base);
    if (error != std::errc{} || stop != end || value > greatest) return std::nullopt;
    return value;
}

/// "192.0.2.1" and "20" are 192.0.2.20; "2001:db8::1" and "ff" are 2001:db8::ff.
std::optional<IpAddress> last_part_replaced(const IpAddress& first, std::string_view part) {
    auto bytes = first.bytes();
    if (first.is_v4()) {
        const auto value = number(part, 10, 0xff);
        if (!value) return std::nullopt;
        return IpAddress::from_v4({bytes[0], bytes[1], bytes[2], static_cast<std::uint8_t>(*value)});
    }
    const auto value = number(part, 16, 0xffff);
    if (!value) return std::nullopt;
    bytes[14] = static_cast<std::uint8_t>(*value >> 8);
    bytes[15] = static_cast<std::uint8_t>(*value & 0xff);
    return IpAddress::from_v6(bytes);
}

Result<AddressRange> read_range(std::string_view item, const IpAddress& first, std::string_view end) {
    const auto last = end.find_first_of(".:") == std::string_view::npos ? last_part_replaced(first, end)
                                                                        : IpAddress::parse(end);
    if (!last || last->family() != first.family())
        return refuse(item, "is no range: write 192.0.2.1-20 or 192.0.2.1-192.0.3.5, or as much of IPv6");
    if (*last < first) return refuse(item, "runs backwards: write the lower address first");
    return AddressRange{first, *last};
}

Result<AddressRange> read_network(std::string_view item, const IpAddress& address, std::string_view bits) {
    const auto prefix = number(bits, 10, address.bits());
    if (!prefix)
        return refuse(item, "is no network: behind the slash comes a number from 0 to " +
                                std::to_string(address.bits()));
    return AddressRange::of(IpNetwork(address, *prefix));
}

Result<AddressRange> within_bounds(std::string_view item, const AddressRange& range, Width width) {
    if (!range.first.is_v4() && range.first.bytes() < mapped && range.last.bytes() > mapped)
        return refuse(item, "goes across ::ffff:0:0/96, which is IPv4: name a part of it");
    if (width == Width::bounded && range.size() > widest_unasked)
        return refuse(item, std::string("is larger than ") + (range.first.is_v4() ? "a /16" : "a /112") +
                                " (65536 addresses): scan parts of it, or say --yes-large if all of it is "
                                "meant");
    return range;
}

/// Nothing: it does not begin with an address.
std::optional<Result<AddressRange>> read_addresses(std::string_view item) {
    const auto mark = item.find_first_of("/-");
    const auto first = IpAddress::parse(item.substr(0, mark));
    if (!first) return std::nullopt;
    if (mark == std::string_view::npos) return AddressRange{*first, *first};
    const auto rest = item.substr(mark + 1);
    return item[mark] == '/' ? read_network(item, *first, rest) : read_range(item, *first, rest);
}

bool letter_or_digit(char c) {
    return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9');
}

bool is_label(std::string_view label) {
    constexpr std::size_t longest = 63;
    return !label.empty() && label.size() <= longest && label.front() != '-' && label.back() != '-' &&
           std::all_of(label.begin(), label.end(),
                       [](char c) { return letter_or_digit(c) || c == '-' || c == '_'; });
}

/// A host's name as resolvers take it. Its last label is no number: "10.0.0.300" is a mistyped address.
bool is_name(std::string_view item) {
    constexpr std::size_t longest = 253;
    if (item.ends_with('.')) item.remove_suffix(1);
    if (item.size() > longest) return false;
    std::string_view label;
    for (std::size_t at = 0; at <= item.size();) {
        const auto dot = std::min(item.find('.', at), item.size());
        label = item.substr(at, dot - at);
        if (!is_label(label)) return false;
        at = dot + 1;
    }
    return label.find_first_not_of("0123456789") != std::string_view::npos;
}

std::string lower(std::string_view text) {
    std::string out(text);
    for (char& c : out)
        if (c >= 'A' && c <= 'Z') c = static_cast<char>(c - 'A' + 'a');
    return out;
}

Result<void> read_one(std::string_view item, Width width, TargetText& into) {
    if (const auto range = read_addresses(item)) {
        const auto bounded =
            range->and_then([&](const AddressRange& read) { return within_bounds(item, read, width); });
        if (!bounded) return tl::unexpected<Error>(bounded.error());
        into.addresses.push_back(*bounded);
        return {};
    }
    if (!is_name(item))
        return refuse(item,
                      "is no address, network, range or name: write 192.0.2.7, 192.0.2.0/24, 192.0.2.1-20, "
                      "2001:db8::7 or web.example.org");
    into.names.push_back(lower(item));
    return {};
}

using Answers = std::map<std::string, NameResolver::Answer>;

Answers resolved(const TargetText& wanted, const TargetText& excluded, NameResolver& resolver) {
    std::set<std::string> unique(wanted.names.begin(), wanted.names.end());
    unique.insert(excluded.names.begin(), excluded.names.end());
    const std::vector<std::string> names(unique.begin(), unique.end());
    Answers answers;
    if (names.empty()) return answers;
    auto all = resolver.resolve(names);
    for (std::size_t i = 0; i < names.size() && i < all.size(); ++i)
        answers.emplace(names[i], std::move(all[i]));
    return answers;
}

std::vector<IpAddress> meant(const std::vector<IpAddress>& addresses, PerName which) {
    if (which == PerName::all || addresses.empty()) return addresses;
    const auto v4 = std::find_if(addresses.begin(), addresses.end(),
                                 [](const IpAddress& address) { return address.is_v4(); });
    return {v4 != addresses.end() ? *v4 : addresses.front()};
}

Result<AddressSet> excluded_addresses(const TargetText& excluded, const Answers& answers) {
    auto ranges = excluded.addresses;
    for (const auto& name : excluded.names) {
        const auto& answer = answers.at(name);
        if (!answer)
            return fail(answer.error().code,
                        "nothing was scanned: " + name +
                            " is excluded, and its addresses are not known: " + answer.error().text,
                        answer.error().retry);
        for (const auto& address : *answer)
            ranges.push_back({address, address});
    }
    return AddressSet(std::move(ranges));
}

}  // namespace

Result<void> read_targets(std::string_view text, Width width, TargetText& into) {
    TargetText read;
    while (true) {
        const auto from = text.find_first_not_of(separators);
        if (from == std::string_view::npos) break;
        const auto to = std::min(text.find_first_of(separators, from), text.size());
        if (auto done = read_one(text.substr(from, to - from), width, read); !done) return done;
        text.remove_prefix(to);
    }
    into.addresses.insert(into.addresses.end(), read.addresses.begin(), read.addresses.end());
    into.names.insert(into.names.end(), read.names.begin(), read.names.end());
    return {};
}

Result<void> read_target_file(std::string_view content, std::string_view file, Width width,
                              TargetText& into) {
    TargetText read;
    std::size_t line_number = 0;
    while (!content.empty()) {
        const auto end = std::min(content.find('\n'), content.size());
        const auto line = content.substr(0, end);
        ++line_number;
        if (const auto done = read_targets(line.substr(0, line.find('#')), width, read); !done)
            return fail(done.error().code,
                        std::string(file) + ":" + std::to_string(line_number) + ": " + done.error().text);
        content.remove_prefix(std::min(end + 1, content.size()));
    }
    into.addresses.insert(into.addresses.end(), read.addresses.begin(), read.addresses.end());
    into.names.insert(into.names.end(), read.names.begin(), read.names.end());
    return {};
}

Result<TargetChoice> choose_targets(const TargetText& wanted, const TargetText& excluded,
                                    NameResolver& resolver, PerName which) {
    const auto answers = resolved(wanted, excluded, resolver);
    const auto without = excluded_addresses(excluded, answers);
    if (!without) return tl::unexpected<Error>(without.error());
    TargetChoice choice;
    auto ranges = wanted.addresses;
    for (const auto& name : std::set<std::string>(wanted.names.begin(), wanted.names.end())) {
        const auto& answer = answers.at(name);
        if (!answer) {
            choice.unresolved.push_back({name, answer.error().text});
            continue;
        }
        for (const auto& address : meant(*answer, which)) {
            ranges.push_back({address, address});
            if (!without->contains(address)) choice.names.emplace(address, name);
        }
    }
    choice.addresses = AddressSet(std::move(ranges)) - *without;
    return choice;
}

}  // namespace garita::scan
