#include "adapters/ios/mac_table.hpp"

#include <algorithm>
#include <array>

#include "adapters/ios/words.hpp"

namespace garita::ios {
namespace {

enum class Column { vlan, mac, type, protocols, learn, age, qos, ports };
using Columns = std::vector<Column>;

struct Title {
    std::string_view words;
    Column column;
};
constexpr std::array titles = {
    Title{"destination address", Column::mac},
    Title{"mac address", Column::mac},
    Title{"address type", Column::type},
    Title{"destination port", Column::ports},
    Title{"vlan", Column::vlan},
    Title{"type", Column::type},
    Title{"protocols", Column::protocols},
    Title{"learn", Column::learn},
    Title{"age", Column::age},
    Title{"qos", Column::qos},
    Title{"ports", Column::ports},
    Title{"port", Column::ports},
};

/// The columns that a head names; nothing: the line is none.
std::optional<Columns> columns_of(std::string_view line) {
    const std::string lowered = lower(line);
    std::string text;
    for (const auto word : words_of(lowered))
        text += std::string(word) + " ";
    Columns columns;
    std::string_view rest = text;
    while (!rest.empty()) {
        const auto title = std::find_if(titles.begin(), titles.end(), [&](const Title& one) {
            return rest.starts_with(one.words) && rest.size() > one.words.size() &&
                   rest[one.words.size()] == ' ';
        });
        if (title == titles.end()) return std::nullopt;
        if (std::find(columns.begin(), columns.end(), title->column) != columns.end()) return std::nullopt;
        columns.push_back(title->column);
        rest.remove_prefix(title->words.size() + 1);
    }
    const bool whole = columns.size() >= 4 && columns.back() == Column::ports &&
                       std::find(columns.begin(), columns.end(), Column::mac) != columns.end() &&
                       std::find(columns.begin(), columns.end(), Column::vlan) != columns.end() &&
                       std::find(columns.begin(), columns.end(), Column::type) != columns.end();
    if (!whole) return std::nullopt;
    return columns;
}

bool only_of(std::string_view text, std::string_view marks) {
    return !text.empty() && std::all_of(text.begin(), text.end(), [&](char c) {
        return is_letter(c) || is_digit(c) || marks.find(c) != std::string_view::npos;
    });
}

/// An interface of a kind that PortName does not know: "pw100001", "L2LI0".
bool looks_like_interface(std::string_view text) {
    return is_letter(text.front()) && is_digit(text.back()) && only_of(text, "-/.:");
}

bool is_inside_the_switch(std::string_view text) {
    constexpr std::array known = {std::string_view("CPU"),         std::string_view("Router"),
                                  std::string_view("Switch"),      std::string_view("Drop"),
                                  std::string_view("Stby-Switch"), std::string_view("Self")};
    return std::any_of(known.begin(), known.end(),
                       [&](std::string_view one) { return same_word(one, text); });
}

/// "Gi1/0/1,Gi1/0/2 Router"; nothing: something else stands there too.
std::optional<std::vector<MacEntry::Place>> places_of(std::string_view text) {
    std::vector<MacEntry::Place> places;
    for (const auto word : words_of(text)) {
        for (std::string_view rest = word; !rest.empty();) {
            const auto comma = std::min(rest.find(','), rest.size());
            const auto one = rest.substr(0, comma);
            rest.remove_prefix(std::min(comma + 1, rest.size()));
            if (one.empty()) continue;
            auto port = access::PortName::parse(one);
            if (!port && !is_inside_the_switch(one) && !looks_like_interface(one)) return std::nullopt;
            places.push_back({std::string(one), port});
        }
    }
    return places;
}

bool read_vlan(std::string_view word, MacEntry& entry) {
    entry.vlan = vlan_of(word);
    entry.shown_vlan = word;
    return entry.vlan || same_word(word, "All") || same_word(word, "N/A") || word == "---" || word == "-";
}

bool read_column(Column column, std::string_view word, MacEntry& entry) {
    switch (column) {
        case Column::vlan:
            return read_vlan(word, entry);
        case Column::mac: {
            const auto mac = MacAddress::parse(word);
            if (mac) entry.mac = *mac;
            return mac.has_value();
        }
        case Column::type:
            entry.type = lower(word);
            return word.size() >= 2 && std::all_of(word.begin(), word.end(), [](char c) {
                       return is_letter(c) || c == '_' || c == '-';
                   });
        case Column::protocols:
            return only_of(word, ",-");
        case Column::age:
            entry.age = word;
            return word.size() <= 8 && only_of(word, "-/:");
        case Column::learn:
        case Column::qos:
            return word.size() <= 4 && only_of(word, "-");
        case Column::ports:
            return false;  // the rest of the line, not a word
    }
    return false;
}

std::string_view name_of(Column column) {
    constexpr std::array names = {std::string_view("a VLAN"),     std::string_view("a MAC address"),
                                  std::string_view("a type"),     std::string_view("protocols"),
                                  std::string_view("yes or no"),  std::string_view("an age"),
                                  std::string_view("a QoS mark"), std::string_view("ports")};
    return names[static_cast<std::size_t>(column)];
}

/// "*", "R", "#" …: none of them is a VLAN.
bool is_flags(std::string_view word) {
    constexpr std::string_view flags = "*RSDGOC#+~";
    return !word.empty() && word.size() <= 3 && word.find_first_not_of(flags) == std::string_view::npos;
}

Result<MacEntry> read_entry(const OutputLine& line, const Columns& columns) {
    MacEntry entry;
    auto rest = trimmed(line.text);
    while (columns.front() == Column::vlan) {
        auto behind = rest;
        const auto word = take_word(behind);
        if (!is_flags(word)) break;
        entry.flags += word;
        rest = behind;
    }
    for (const auto column : columns) {
        if (column == Column::ports) break;
        const auto word = take_word(rest);
        if (!read_column(column, word, entry))
            return fail_at(line, "has \"" + std::string(word) + "\" where " + std::string(name_of(column)) +
                                     " should stand");
    }
    auto places = places_of(rest);
    if (!places) return fail_at(line, "ends with something else than ports");
    entry.ports = std::move(*places);
    return entry;
}

/// "* - primary entry" and its like.
bool is_legend(std::string_view text) {
    for (const auto head : {std::string_view("Legend:"), std::string_view("Codes:")})
        if (begins_with(text, head)) text = trimmed(text.substr(head.size()));
    const auto dash = text.find(" - ");
    return dash != std::string_view::npos && dash > 0 && dash <= 4 && text.find(' ') == dash;
}

/// "Total Mac Addresses for this criterion: 7", "Dynamic Addresses Count:   9".
bool is_count(std::string_view text) {
    const auto colon = text.rfind(':');
    if (colon == std::string_view::npos || !number_of<std::uint64_t>(trimmed(text.substr(colon + 1))))
        return false;
    const auto what = lower(text.substr(0, colon));
    return what.find("address") != std::string::npos || what.find("entries") != std::string::npos;
}

bool is_title(std::string_view text) {
    return same_word(text, "Mac Address Table") || begins_with(text, "No entries present") ||
           (begins_with(text, "Mac Entries for Vlan") && text.back() == ':');
}

/// What a part of the table begins with; nothing: the line is something else.
std::optional<std::string> section_of(std::string_view text) {
    constexpr std::string_view displaying = "Displaying entries from ";
    const auto without_colons = text.substr(0, text.find_last_not_of(':') + 1);
    if (begins_with(text, displaying)) return std::string(without_colons.substr(displaying.size()));
    if (same_word(text, "Unicast Entries") || same_word(text, "Multicast Entries")) return std::string(text);
    if (text.ends_with("Address Table:")) return std::string(without_colons);
    for (const auto* part : {"EHWIC", "HWIC", "NIM", "Slot", "Module"})
        if (begins_with(text, part) && text.find(':') != std::string_view::npos)
            return std::string(without_colons);
    return std::nullopt;
}

class Reading {
  public:
    Result<void> take(const OutputLine& line) {
        const auto text = trimmed(line.text);
        if (text.empty() || is_rule(text) || is_title(text) || is_legend(text) || is_count(text)) {
            if (is_title(text)) known_ = true;
            row_before_ = row_before_ && text.empty();
            return {};
        }
        row_before_ = row_before_ && !entries.empty();
        if (auto columns = columns_of(text)) {
            columns_ = std::move(*columns);
            row_before_ = false;
            return {};
        }
        if (auto section = section_of(text)) {
            section_ = std::move(*section);
            row_before_ = false;
            return {};
        }
        return row(line);
    }
    [[nodiscard]] bool is_table() const { return known_ || !columns_.empty(); }

    std::vector<MacEntry> entries;

  private:
    Result<void> row(const OutputLine& line) {
        if (columns_.empty()) return fail_at(line, "stands before the head of a MAC address table");
        if (row_before_) {
            auto more = places_of(line.text);
            if (more) {
                auto& ports = entries.back().ports;
                ports.insert(ports.end(), more->begin(), more->end());
                return {};
            }
        }
        auto entry = read_entry(line, columns_);
        if (!entry) return tl::unexpected(entry.error());
        entry->section = section_;
        entries.push_back(std::move(*entry));
        row_before_ = true;
        return {};
    }

    Columns columns_;
    std::string section_;
    bool known_ = false;
    bool row_before_ = false;
};

}  // namespace

Result<std::vector<MacEntry>> parse_mac_table(const Output& output) {
    Reading reading;
    for (const auto& line : output.lines)
        if (const auto taken = reading.take(line); !taken) return tl::unexpected(taken.error());
    if (!reading.is_table()) return fail_at(output.lines.front(), "no head of a MAC address table follows");
    return std::move(reading.entries);
}

}  // namespace garita::ios
