#pragma once
// What ipfw is told, and what it says: pure functions, in one place.

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "adapters/ipfw/settings.hpp"
#include "model/rule_class.hpp"

namespace garita::ipfw {

using Words = std::vector<std::string>;

[[nodiscard]] Words create_table(const Settings& settings, const std::string& table);
[[nodiscard]] Words destroy_table(const Settings& settings, const std::string& table);
[[nodiscard]] Words list_table(const Settings& settings);
[[nodiscard]] Words table_info(const Settings& settings);
[[nodiscard]] Words swap_tables(const Settings& settings, const std::string& other);
[[nodiscard]] Words configure_pipe(const Settings& settings, std::uint16_t pipe, const BitRate& rate);
[[nodiscard]] Words delete_pipe(const Settings& settings, std::uint16_t pipe);
[[nodiscard]] Words list_pipes(const Settings& settings);
/// Reads lines from standard input.
[[nodiscard]] Words batch(const Settings& settings);

/// "192.0.2.7/32 10": the network and the table's value. Nothing: some other line.
[[nodiscard]] std::optional<std::pair<IpNetwork, std::uint32_t>> parse_entry(std::string_view line);
/// The number of entries that "table … info" tells.
[[nodiscard]] std::optional<std::size_t> parse_items(std::string_view text);
/// "20000:  10.000 Mbit/s    0 ms burst 0"
[[nodiscard]] std::optional<std::pair<std::uint16_t, BitRate>> parse_pipe(std::string_view line);

/// ipfw tells a rate with three digits behind the point; one that has more could not be read back.
[[nodiscard]] bool told_exactly(const BitRate& rate);

}  // namespace garita::ipfw
