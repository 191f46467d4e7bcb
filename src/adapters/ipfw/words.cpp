#include "adapters/ipfw/words.hpp"

#include <charconv>

namespace garita::ipfw {
namespace {

/// The next word, cut off the front; empty at the end.
std::string_view take_word(std::string_view& rest) {
    constexpr std::string_view space = " \t\r";
    const auto begin = rest.find_first_not_of(space);
    if (begin == std::string_view::npos) {
        rest = {};
        return {};
    }
    rest.remove_prefix(begin);
    const auto word = rest.substr(0, rest.find_first_of(space));
    rest.remove_prefix(word.size());
    return word;
}

template <typename Number>
std::optional<Number> number_of(std::string_view text) {
    Number number{};
    const auto [end, error] = std::from_chars(text.data(), text.data() + text.size(), number);
    if (error != std::errc{} || end != text.data() + text.size() || text.empty()) return std::nullopt;
    return number;
}

/// "12.345" in thousandths.
std::optional<std::uint64_t> thousandths(std::string_view text) {
    const auto point = text.find('.');
    const auto whole = number_of<std::uint64_t>(text.substr(0, point));
    if (!whole || *whole > 1'000'000'000) return std::nullopt;
    if (point == std::string_view::npos) return *whole * 1000;
    const auto digits = text.substr(point + 1);
    const auto fraction = number_of<std::uint64_t>(digits);
    if (!fraction || digits.size() != 3) return std::nullopt;
    return *whole * 1000 + *fraction;
}

std::uint64_t unit_of(const BitRate& rate) {
    if (rate.bits_per_second >= 1'000'000'000) return 1'000'000'000;
    if (rate.bits_per_second >= 1'000'000) return 1'000'000;
    return rate.bits_per_second >= 1000 ? 1000 : 1;
}

Words table(const Settings& settings, const std::string& name, std::initializer_list<const char*> more) {
    Words words{settings.program, "-q", "table", name};
    words.insert(words.end(), more.begin(), more.end());
    return words;
}

}  // namespace

Words create_table(const Settings& settings, const std::string& name) {
    auto words = table(settings, name, {"create", "type", "addr"});
    if (settings.capacity > 0) words.insert(words.end(), {"limit", std::to_string(settings.capacity)});
    return words;
}

Words destroy_table(const Settings& settings, const std::string& name) {
    return table(settings, name, {"destroy"});
}

Words list_table(const Settings& settings) {
    return {settings.program, "table", settings.table, "list"};
}

Words table_info(const Settings& settings) {
    return {settings.program, "table", settings.table, "info"};
}

Words swap_tables(const Settings& settings, const std::string& other) {
    return table(settings, settings.table, {"swap", other.c_str()});
}

Words configure_pipe(const Settings& settings, std::uint16_t pipe, const BitRate& rate) {
    Words words{settings.program,
                "-q",
                "pipe",
                std::to_string(pipe),
                "config",
                "bw",
                std::to_string(rate.bits_per_second) + "bit/s"};
    if (!settings.mask.empty()) words.insert(words.end(), {"mask", settings.mask, "0xffffffff"});
    return words;
}

Words delete_pipe(const Settings& settings, std::uint16_t pipe) {
    return {settings.program, "-q", "pipe", "delete", std::to_string(pipe)};
}

Words list_pipes(const Settings& settings) {
    return {settings.program, "pipe", "list"};
}

Words batch(const Settings& settings) {
    return {settings.program, "-q", "/dev/stdin"};
}

std::optional<std::pair<IpNetwork, std::uint32_t>> parse_entry(std::string_view line) {
    const auto network = IpNetwork::parse(take_word(line));
    if (!network) return std::nullopt;
    const auto value = take_word(line);
    const auto number = value.empty() ? std::optional<std::uint32_t>(0) : number_of<std::uint32_t>(value);
    if (!number || !take_word(line).empty()) return std::nullopt;
    return std::pair(*network, *number);
}

std::optional<std::size_t> parse_items(std::string_view text) {
    constexpr std::string_view label = "items:";
    const auto at = text.find(label);
    if (at == std::string_view::npos) return std::nullopt;
    text.remove_prefix(at + label.size());
    auto word = take_word(text);
    if (word.ends_with(',')) word.remove_suffix(1);
    return number_of<std::size_t>(word);
}

std::optional<std::pair<std::uint16_t, BitRate>> parse_pipe(std::string_view line) {
    auto number_text = take_word(line);
    if (!number_text.ends_with(':')) return std::nullopt;
    number_text.remove_suffix(1);
    const auto number = number_of<std::uint16_t>(number_text);
    const auto rate = thousandths(take_word(line));
    const auto unit = take_word(line);
    if (!number || !rate) return std::nullopt;
    std::uint64_t scale = 0;
    if (unit == "bit/s") scale = 1;
    if (unit == "Kbit/s") scale = 1000;
    if (unit == "Mbit/s") scale = 1'000'000;
    if (unit == "Gbit/s") scale = 1'000'000'000;
    // a rate of thousandths of a bit is none
    if (scale == 0 || *rate > std::uint64_t{1'000'000'000'000'000} / scale || *rate * scale % 1000 != 0)
        return std::nullopt;
    return std::pair(*number, BitRate{*rate * scale / 1000});
}

bool told_exactly(const BitRate& rate) {
    const auto unit = unit_of(rate);
    return unit < 1000 || rate.bits_per_second % (unit / 1000) == 0;
}

}  // namespace garita::ipfw
