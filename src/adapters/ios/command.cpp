#include "adapters/ios/command.hpp"

#include <algorithm>
#include <array>

#include "adapters/ios/words.hpp"

namespace garita::ios {
namespace {

using access::PortName;

/// Words of a pattern: a keyword; PORT, one or two words; WORDS, anything up to the end that is not in
/// `never`; "[x]" may be left out.
struct Pattern {
    Show show;
    std::string_view words;
};

constexpr std::array patterns = {
    Pattern{Show::port_security, "show port-security"},
    Pattern{Show::port_security_interface, "show port-security interface PORT"},
    Pattern{Show::port_security_address, "show port-security address"},
    Pattern{Show::port_security_address, "show port-security interface PORT address"},
    Pattern{Show::mac_table, "show mac address-table WORDS"},
    Pattern{Show::mac_table, "show mac-address-table WORDS"},
    Pattern{Show::interface_status, "show interfaces status"},
    Pattern{Show::interface_status, "show interfaces PORT status"},
    Pattern{Show::interface_err_disabled, "show interfaces status err-disabled"},
    Pattern{Show::interface_err_disabled, "show interfaces PORT status err-disabled"},
    Pattern{Show::interface_switchport, "show interfaces switchport"},
    Pattern{Show::interface_switchport, "show interfaces PORT switchport"},
    Pattern{Show::etherchannel_summary, "show etherchannel summary"},
    Pattern{Show::etherchannel_summary, "show etherchannel NUMBER summary"},
    Pattern{Show::version, "show version"},
    Pattern{Show::running_interface, "show running-config interface PORT"},
};

/// Words behind "show mac address-table" that give other tables.
constexpr std::array other_tables = {std::string_view("aging-time"), std::string_view("count"),
                                     std::string_view("learning"), std::string_view("notification"),
                                     std::string_view("synchronize")};

bool is_other_table(std::string_view word) {
    return std::any_of(other_tables.begin(), other_tables.end(),
                       [&](std::string_view table) { return begins_with(table, word); });
}

struct Typed {
    std::vector<std::string_view> words;
    std::optional<PortName> port;
};

/// How many words a port takes at `at`: "gi1/0/1", "gi 1/0/1"; 0: none is there.
std::size_t take_port(Typed& typed, std::size_t at) {
    if (at >= typed.words.size()) return 0;
    if ((typed.port = PortName::parse(typed.words[at]))) return 1;
    if (at + 1 >= typed.words.size()) return 0;
    typed.port = PortName::parse(std::string(typed.words[at]) + " " + std::string(typed.words[at + 1]));
    return typed.port ? 2 : 0;
}

struct Match {
    bool is = false;
    bool exact = true;  ///< every keyword in full
};

Match match(const Pattern& pattern, Typed& typed) {
    std::size_t at = 0;
    Match match;
    for (const auto word : words_of(pattern.words)) {
        if (word == "WORDS") {
            const auto rest = typed.words.begin() + static_cast<std::ptrdiff_t>(at);
            const bool other = std::any_of(rest, typed.words.end(), is_other_table);
            match.is = !other;
            return match;
        }
        if (at >= typed.words.size()) return {};
        if (word == "PORT") {
            const auto taken = take_port(typed, at);
            if (taken == 0) return {};
            at += taken;
            continue;
        }
        const auto given = typed.words[at++];
        if (word == "NUMBER") {
            if (!number_of<std::uint16_t>(given)) return {};
            continue;
        }
        if (!begins_with(word, given)) return {};
        match.exact = match.exact && word.size() == given.size();
    }
    match.is = at == typed.words.size();
    return match;
}

std::string list_of(const std::vector<std::string>& all) {
    std::string out;
    for (const auto& one : all)
        out += (out.empty() ? "" : ", ") + one;
    return out;
}

}  // namespace

std::vector<std::string> known_show_commands() {
    std::vector<std::string> out;
    for (const auto& pattern : patterns) {
        std::string text(pattern.words);
        if (const auto at = text.find(" WORDS"); at != std::string::npos)
            text = text.substr(0, at) + " [...]";
        out.push_back(text);
    }
    return out;
}

Result<ShowCommand> parse_show_command(std::string_view typed) {
    constexpr std::size_t longest = 256;
    const std::string_view command = trimmed(typed.substr(0, typed.find('|')));
    if (command.size() > longest) return fail(ErrorCode::not_found, "the command is too long");
    std::optional<ShowCommand> found;
    std::vector<std::string> could_be;
    for (const auto& pattern : patterns) {
        Typed words{words_of(command), {}};
        const auto matched = match(pattern, words);
        if (!matched.is) continue;
        if (matched.exact) return ShowCommand{pattern.show, words.port};
        if (could_be.empty() || found->show != pattern.show) could_be.emplace_back(pattern.words);
        found = ShowCommand{pattern.show, words.port};
    }
    if (!found) return fail(ErrorCode::not_found, "\"" + std::string(command) + "\" is not known");
    if (could_be.size() > 1)
        return fail(ErrorCode::conflict,
                    "\"" + std::string(command) + "\" could be any of " + list_of(could_be));
    return *found;
}

bool looks_like_show(std::string_view line) {
    if (parse_show_command(line)) return true;
    const auto words = words_of(line);
    return words.size() >= 3 && begins_with("terminal", words[0]) && words[0].size() >= 4 &&
           (begins_with("length", words[1]) || begins_with("width", words[1])) &&
           number_of<unsigned>(words[2]).has_value();
}

}  // namespace garita::ios
