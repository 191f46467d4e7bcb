#include "adapters/ios/switchport.hpp"

#include <algorithm>
#include <array>

#include "adapters/ios/words.hpp"

namespace garita::ios {
namespace {

struct NamedVlan {
    std::optional<std::uint16_t> vlan;
    std::string_view name;
    bool fine = false;
};

/// "10 (OFFICE)", "1 (default)", "10", "unassigned", "none".
NamedVlan named_vlan(std::string_view text) {
    NamedVlan out;
    const auto word = take_word(text);
    out.vlan = vlan_of(word);
    if (!text.empty()) {
        if (text.size() < 2 || text.front() != '(' || text.back() != ')') return out;
        out.name = text.substr(1, text.size() - 2);
    }
    out.fine = out.vlan || same_word(word, "unassigned") || same_word(word, "none") || word == "0";
    return out;
}

bool read_administrative(std::string_view value, Switchport& out) {
    out.administrative = lower(value);
    return !value.empty();
}

/// "trunk (member of bundle Po1)", "down (suspended member of bundle Po2)".
bool read_operational(std::string_view value, Switchport& out) {
    constexpr std::string_view member = "member of bundle ";
    const auto bracket = value.find('(');
    out.operational = lower(trimmed(value.substr(0, bracket)));
    if (bracket == std::string_view::npos) return !out.operational.empty();
    const auto inside = value.substr(bracket + 1);
    const auto at = inside.find(member);
    if (at == std::string_view::npos) return inside.ends_with(')');
    const auto end = inside.find(')', at);
    if (end == std::string_view::npos) return false;
    out.bundle = trimmed(inside.substr(at + member.size(), end - at - member.size()));
    return access::PortName::parse(out.bundle).has_value();
}

bool read_enabled(std::string_view value, Switchport& out) {
    out.enabled = same_word(value, "Enabled");
    return out.enabled || same_word(value, "Disabled");
}

bool read_access_vlan(std::string_view value, Switchport& out) {
    const auto read = named_vlan(value);
    out.access_vlan = read.vlan;
    out.access_vlan_name = read.name;
    return read.fine;
}

bool read_native_vlan(std::string_view value, Switchport& out) {
    const auto read = named_vlan(value);
    out.native_vlan = read.vlan;
    return read.fine;
}

bool read_voice_vlan(std::string_view value, Switchport& out) {
    const auto read = named_vlan(value);
    out.voice_vlan = read.vlan;
    auto rest = value;
    out.shown_voice_vlan = lower(take_word(rest));
    return read.fine || out.shown_voice_vlan == "dot1p" || out.shown_voice_vlan == "untagged";
}

bool is_vlan_list(std::string_view text) {
    return !text.empty() && text.find_first_not_of("0123456789,- ") == std::string_view::npos;
}

bool read_trunk_vlans(std::string_view value, Switchport& out) {
    out.trunk_vlans = value;
    return is_vlan_list(value) || same_word(value, "ALL") || same_word(value, "NONE");
}

struct Field {
    std::string_view name;
    bool (*read)(std::string_view value, Switchport& out);
};
constexpr std::array fields = {
    Field{"Switchport", read_enabled},
    Field{"Administrative Mode", read_administrative},
    Field{"Operational Mode", read_operational},
    Field{"Access Mode VLAN", read_access_vlan},
    Field{"Trunking Native Mode VLAN", read_native_vlan},
    Field{"Voice VLAN", read_voice_vlan},
    Field{"Trunking VLANs Enabled", read_trunk_vlans},
};

struct Block {
    OutputLine name_line;
    Switchport port{};
    std::vector<std::string_view> seen;
    [[nodiscard]] bool has(std::string_view field) const {
        return std::find(seen.begin(), seen.end(), field) != seen.end();
    }
};

Result<Block> begin_block(const OutputLine& line, std::string_view name) {
    Block block{line, {}, {}};
    const auto port = access::PortName::parse(name);
    if (!port) return fail_at(line, "names no port");
    block.port.port = *port;
    block.port.shown_port = name;
    return block;
}

Result<void> end_block(const Block& block) {
    for (const auto* must : {"Switchport", "Administrative Mode", "Operational Mode", "Access Mode VLAN"}) {
        if (block.has(must)) continue;
        if (block.has("Switchport") && !block.port.enabled) return {};
        return fail_at(block.name_line, "is not followed by \"" + std::string(must) + "\"");
    }
    return {};
}

class Reading {
  public:
    Result<void> take(const OutputLine& line) {
        const std::string_view text = line.text;
        if (trimmed(text).empty()) return {};
        const auto colon = text.find(':');
        const auto key = trimmed(text.substr(0, colon));
        const bool has_value = colon != std::string_view::npos;
        const auto value = has_value ? trimmed(text.substr(colon + 1)) : std::string_view();
        if (has_value && same_word(key, "Name")) return begin(line, value);
        if (blocks_.empty()) return fail_at(line, "stands before the first \"Name: \" of a port");
        if (!has_value) return without_value(line);
        if (!std::all_of(key.begin(), key.end(), [](char c) {
                return is_letter(c) || is_digit(c) ||
                       std::string_view(" -/.()_").find(c) != std::string_view::npos;
            }))
            return fail_at(line, "is no line of `show interfaces switchport`");
        return field(line, key, value);
    }

    Result<std::vector<Switchport>> finish(const Output& output) {
        if (blocks_.empty()) return fail_at(output.lines.front(), "no \"Name: \" of a port follows");
        std::vector<Switchport> out;
        for (auto& block : blocks_) {
            if (const auto whole = end_block(block); !whole) return tl::unexpected(whole.error());
            out.push_back(std::move(block.port));
        }
        return out;
    }

  private:
    Result<void> begin(const OutputLine& line, std::string_view name) {
        auto block = begin_block(line, name);
        if (!block) return tl::unexpected(block.error());
        blocks_.push_back(std::move(*block));
        list_ = List::none;
        return {};
    }

    Result<void> field(const OutputLine& line, std::string_view key, std::string_view value) {
        auto& block = blocks_.back();
        list_ = same_word(key, "Trunking VLANs Enabled") ? List::trunk : List::other;
        for (const auto& field : fields) {
            if (!same_word(key, field.name)) continue;
            if (block.has(field.name)) return fail_at(line, "stands twice in one port");
            block.seen.push_back(field.name);
            if (!field.read(value, block.port))
                return fail_at(line, "is no value that \"" + std::string(field.name) + "\" has");
        }
        return {};
    }

    /// The rest of a list of VLANs, or "Capture Mode Disabled".
    Result<void> without_value(const OutputLine& line) {
        const auto text = trimmed(line.text);
        const bool indented = line.text.front() == ' ';
        if (indented && is_vlan_list(text) && list_ != List::none) {
            if (list_ == List::trunk) blocks_.back().port.trunk_vlans += text;
            return {};
        }
        if (same_word(text, "Capture Mode Disabled") || same_word(text, "Capture Mode Enabled")) return {};
        // VLANs of a private VLAN, with their names: "10 (VLAN0010) 20 (VLAN0020)"
        if (indented && list_ != List::none && is_digit(text.front()) && text.back() == ')') return {};
        return fail_at(line, "is no line of `show interfaces switchport`");
    }

    enum class List { none, trunk, other };
    std::vector<Block> blocks_;
    List list_ = List::none;
};

}  // namespace

Result<std::vector<Switchport>> parse_switchports(const Output& output) {
    Reading reading;
    for (const auto& line : output.lines)
        if (const auto taken = reading.take(line); !taken) return tl::unexpected(taken.error());
    return reading.finish(output);
}

}  // namespace garita::ios
