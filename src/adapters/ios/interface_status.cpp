#include "adapters/ios/interface_status.hpp"

#include <algorithm>
#include <array>

#include "adapters/ios/words.hpp"

namespace garita::ios {
namespace {

constexpr std::array statuses = {
    std::string_view("connected"),  std::string_view("notconnect"),   std::string_view("notconnected"),
    std::string_view("disabled"),   std::string_view("err-disabled"), std::string_view("inactive"),
    std::string_view("monitoring"), std::string_view("suspended"),    std::string_view("sfpAbsent"),
    std::string_view("xcvrAbsent"), std::string_view("faulty")};

constexpr std::size_t width_of_wrapping = 79;  ///< a terminal of 80 columns breaks longer lines

std::optional<std::string_view> status_of(std::string_view word) {
    if (word.ends_with(':')) word.remove_suffix(1);  // while a cable is tested: "connected: TDR"
    for (const auto status : statuses)
        if (same_word(status, word)) return status;
    return std::nullopt;
}

bool all_digits(std::string_view text) {
    return !text.empty() && std::all_of(text.begin(), text.end(), is_digit);
}

/// "10", "10,20", "trunk" …; takes a second word where one belongs to it.
bool take_vlan(std::string_view& rest, InterfaceStatus& out) {
    const auto word = take_word(rest);
    out.vlan = vlan_of(word);
    out.shown_vlan = word;
    constexpr std::array known = {std::string_view("trunk"),      std::string_view("routed"),
                                  std::string_view("unassigned"), std::string_view("dynamic"),
                                  std::string_view("monitor"),    std::string_view("tunnel"),
                                  std::string_view("none"),       std::string_view("N/A")};
    if (out.vlan) return true;
    if (same_word(word, "pvlan")) {
        const auto kind = take_word(rest);
        out.shown_vlan += " " + std::string(kind);
        return !kind.empty() && std::all_of(kind.begin(), kind.end(), is_letter);
    }
    if (std::any_of(known.begin(), known.end(), [&](std::string_view one) { return same_word(one, word); }))
        return true;
    return !word.empty() && is_digit(word.front()) && is_digit(word.back()) &&
           word.find_first_not_of("0123456789,-") == std::string_view::npos &&
           word.find(',') != std::string_view::npos;
}

bool is_duplex(std::string_view word) {
    if (begins_with(word, "a-")) word.remove_prefix(2);
    return same_word(word, "full") || same_word(word, "half") || same_word(word, "auto") ||
           same_word(word, "N/A") || word == "--";
}

bool is_speed(std::string_view word) {
    if (begins_with(word, "a-")) word.remove_prefix(2);
    if (same_word(word, "auto") || same_word(word, "N/A") || word == "--") return true;
    if (!word.empty() && (word.back() == 'G' || word.back() == 'M')) word.remove_suffix(1);
    const auto point = word.find('.');
    if (point == std::string_view::npos) return all_digits(word);
    return all_digits(word.substr(0, point)) && all_digits(word.substr(point + 1));
}

/// What stands behind the name: "STATUS VLAN DUPLEX SPEED TYPE".
bool read_behind_name(std::string_view rest, InterfaceStatus& out) {
    const auto word = take_word(rest);
    const auto status = status_of(word);
    if (!status) return false;
    out.status = *status;
    auto behind = rest;
    if (word.ends_with(':') && std::string_view("TDR").starts_with(take_word(behind))) rest = behind;
    if (!take_vlan(rest, out)) return false;
    out.duplex = take_word(rest);
    out.speed = take_word(rest);
    out.type = rest;
    return is_duplex(out.duplex) && is_speed(out.speed);
}

struct Head {
    std::size_t status = 0;  ///< the column where this title begins
};

std::optional<Head> head_in(std::string_view line, std::string_view behind_status) {
    const auto words = words_of(line);
    if (words.size() < 4 || !same_word(words[0], "Port") || !same_word(words[1], "Name") ||
        !same_word(words[2], "Status") || !same_word(words[3], behind_status))
        return std::nullopt;
    return Head{static_cast<std::size_t>(words[2].data() - line.data())};
}

/// Every way in which the line can be read: a name may hold the words of a status.
template <typename Entry, typename Read>
std::vector<std::pair<std::size_t, Entry>> ways_of(std::string_view line, std::size_t from, Read read) {
    std::vector<std::pair<std::size_t, Entry>> ways;
    for (std::size_t at = from; at < line.size(); ++at) {
        if (line[at] == ' ' || line[at - 1] != ' ') continue;
        Entry entry{};
        if (!read(line.substr(at), entry)) continue;
        entry.name = trimmed(line.substr(from, at - from));
        ways.emplace_back(at, std::move(entry));
    }
    return ways;
}

template <typename Entry, typename Read>
Result<Entry> read_row(const OutputLine& line, const Head& head, Read read) {
    const std::string_view text = line.text;
    auto rest = text;
    const auto shown = take_word(rest);
    const auto port = access::PortName::parse(shown);
    if (!port) return fail_at(line, "does not begin with a port");
    const auto from = static_cast<std::size_t>(shown.data() - text.data()) + shown.size();
    auto ways = ways_of<Entry>(text, from, read);
    if (ways.empty()) return fail_at(line, "has no known status with what belongs behind it");
    auto chosen = ways.begin();
    if (ways.size() > 1) {
        chosen =
            std::find_if(ways.begin(), ways.end(), [&](const auto& way) { return way.first == head.status; });
        if (chosen == ways.end()) return fail_at(line, "can be read in several ways");
    }
    chosen->second.port = *port;
    chosen->second.shown_port = shown;
    return std::move(chosen->second);
}

bool read_reason(std::string_view rest, ErrDisabledPort& out) {
    const auto word = take_word(rest);
    if (!same_word(word, "err-disabled")) return false;
    out.status = "err-disabled";
    out.reason = take_word(rest);
    if (rest.starts_with('(')) {  // "channel-misconfig (STP)"
        const auto end = rest.find(')');
        if (end == std::string_view::npos) return false;
        out.reason += " " + std::string(rest.substr(0, end + 1));
        rest = trimmed(rest.substr(end + 1));
    }
    out.vlans = rest;
    return !out.reason.empty() && is_letter(out.reason.front()) &&
           out.vlans.find_first_not_of("0123456789,- ") == std::string::npos;
}

/// A type that a terminal of 80 columns broke.
bool continues(const OutputLine& line, const OutputLine& before) {
    auto rest = std::string_view(line.text);
    return before.text.size() >= width_of_wrapping && before.number + 1 == line.number &&
           !access::PortName::parse(take_word(rest));
}

}  // namespace

Result<std::vector<InterfaceStatus>> parse_interface_status(const Output& output) {
    std::vector<InterfaceStatus> entries;
    std::optional<Head> head;
    const OutputLine* before = nullptr;
    for (const auto& line : output.lines) {
        if (line.empty() || is_rule(line.text)) continue;
        if (const auto found = head_in(line.text, "Vlan")) {
            head = found;
            continue;
        }
        if (!head) return fail_at(line, "stands before the head of `show interfaces status`");
        if (before != nullptr && continues(line, *before)) {
            entries.back().type += line.text;
            continue;
        }
        auto entry = read_row<InterfaceStatus>(line, *head, read_behind_name);
        if (!entry) return tl::unexpected(entry.error());
        entries.push_back(std::move(*entry));
        before = &line;
    }
    if (!head) return fail_at(output.lines.front(), "no head of `show interfaces status` follows");
    return entries;
}

Result<std::vector<ErrDisabledPort>> parse_err_disabled(const Output& output) {
    std::vector<ErrDisabledPort> entries;
    std::optional<Head> head;
    for (const auto& line : output.lines) {
        if (line.empty() || is_rule(line.text)) continue;
        if (const auto found = head_in(line.text, "Reason")) {
            head = found;
            continue;
        }
        if (!head) return fail_at(line, "stands before the head of `show interfaces status err-disabled`");
        auto entry = read_row<ErrDisabledPort>(line, *head, read_reason);
        if (!entry) return tl::unexpected(entry.error());
        entries.push_back(std::move(*entry));
    }
    if (!head)
        return fail_at(output.lines.front(), "no head of `show interfaces status err-disabled` follows");
    return entries;
}

}  // namespace garita::ios
