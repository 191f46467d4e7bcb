#include "access/port_journal.hpp"

#include <algorithm>
#include <array>
#include <charconv>
#include <utility>

namespace garita::access {
namespace {

using What = Change::What;
using How = SecuredMac::How;
using In = SecuredMac::In;
using Link = PortFacts::Link;
using Stage = PortJournal::Stage;

template <typename T>
using Words = std::pair<T, std::string_view>;

constexpr std::array whats{Words<What>{What::secure, "secure"}, Words<What>{What::release, "release"},
                           Words<What>{What::forget_learnt, "forget_learnt"},
                           Words<What>{What::recover, "recover"}};
constexpr std::array hows{Words<How>{How::fixed, "fixed"}, Words<How>{How::sticky, "sticky"},
                          Words<How>{How::learnt, "learnt"}};
constexpr std::array ins{Words<In>{In::any, "any"}, Words<In>{In::access, "access"},
                         Words<In>{In::voice, "voice"}};
constexpr std::array links{Words<Link>{Link::up, "up"}, Words<Link>{Link::down, "down"},
                           Words<Link>{Link::err_disabled, "err_disabled"},
                           Words<Link>{Link::shut_down, "shut_down"}};
constexpr std::array stages{Words<Stage>{Stage::planned, "planned"}, Words<Stage>{Stage::undoing, "undoing"}};

template <typename Table, typename T>
std::string_view word_of(const Table& table, T value) {
    return std::find_if(table.begin(), table.end(), [&](const auto& one) { return one.first == value; })
        ->second;
}

template <typename Table, typename T>
bool read_word(const Table& table, std::string_view word, T& into) {
    const auto found =
        std::find_if(table.begin(), table.end(), [&](const auto& one) { return one.second == word; });
    if (found == table.end()) return false;
    into = found->first;
    return true;
}

std::vector<std::string_view> fields_of(std::string_view line) {
    std::vector<std::string_view> out;
    while (true) {
        const auto tab = line.find('\t');
        out.push_back(line.substr(0, tab));
        if (tab == std::string_view::npos) return out;
        line.remove_prefix(tab + 1);
    }
}

bool read_port(std::string_view text, PortName& into) {
    const auto port = PortName::parse(text);
    if (port) into = *port;
    return port.has_value();
}

bool read_mac(std::string_view text, MacAddress& into) {
    const auto mac = MacAddress::parse(text);
    if (mac) into = *mac;
    return mac.has_value();
}

bool read_vlan(std::string_view text, std::uint16_t& into) {
    const auto [end, error] = std::from_chars(text.data(), text.data() + text.size(), into);
    return error == std::errc{} && end == text.data() + text.size();
}

std::string joined(std::initializer_list<std::string_view> fields) {
    std::string out;
    for (const auto field : fields)
        out.append(out.empty() ? "" : "\t").append(field);
    return out + '\n';
}

bool read_change(const std::vector<std::string_view>& fields, PortJournal& into) {
    Change change;
    const bool fine = fields.size() == 6 && read_word(whats, fields[1], change.what) &&
                      read_port(fields[2], change.port) && read_mac(fields[3], change.mac) &&
                      read_word(hows, fields[4], change.how) && read_word(ins, fields[5], change.in);
    if (fine) into.changes.push_back(change);
    return fine;
}

bool read_before(const std::vector<std::string_view>& fields, PortJournal& into) {
    PortBefore before;
    const bool fine =
        fields.size() == 3 && read_port(fields[1], before.port) && read_word(links, fields[2], before.link);
    if (fine) into.before.push_back(std::move(before));
    return fine;
}

bool read_secured(const std::vector<std::string_view>& fields, PortJournal& into) {
    if (into.before.empty() || fields.size() != 5) return false;
    SecuredMac one;
    one.port = into.before.back().port;
    if (!read_mac(fields[1], one.mac) || !read_word(hows, fields[2], one.how) ||
        !read_word(ins, fields[3], one.in) || !read_vlan(fields[4], one.vlan))
        return false;
    into.before.back().secured.push_back(one);
    return true;
}

bool read_line(std::string_view line, PortJournal& into) {
    const auto fields = fields_of(line);
    if (fields[0] == "stage") return fields.size() == 2 && read_word(stages, fields[1], into.stage);
    if (fields[0] == "change") return read_change(fields, into);
    if (fields[0] == "before") return read_before(fields, into);
    if (fields[0] == "mac") return read_secured(fields, into);
    if (fields[0] != "line" || into.before.empty()) return false;
    into.before.back().configuration.emplace_back(line.substr(std::min<std::size_t>(line.size(), 5)));
    return true;
}

}  // namespace

PortBefore before_of(const PortFacts& facts) {
    PortBefore before{facts.port, facts.link, {}, facts.configuration};
    for (const auto& one : facts.secured)
        if (one.how != How::learnt) before.secured.push_back(one);
    return before;
}

std::string PortJournal::text() const {
    std::string out = joined({"stage", word_of(stages, stage)});
    for (const auto& change : changes)
        out += joined({"change", word_of(whats, change.what), change.port.text(), change.mac.text(),
                       word_of(hows, change.how), word_of(ins, change.in)});
    for (const auto& port : before) {
        out += joined({"before", port.port.text(), word_of(links, port.link)});
        for (const auto& one : port.secured)
            out += joined({"mac", one.mac.text(), word_of(hows, one.how), word_of(ins, one.in),
                           std::to_string(one.vlan)});
        for (const auto& line : port.configuration)
            out += joined({"line", line});
    }
    return out;
}

std::optional<PortJournal> PortJournal::parse(std::string_view text) {
    PortJournal out;
    if (!text.starts_with("stage\t")) return std::nullopt;
    while (!text.empty()) {
        const auto end = text.find('\n');
        if (end == std::string_view::npos || !read_line(text.substr(0, end), out)) return std::nullopt;
        text.remove_prefix(end + 1);
    }
    return out;
}

}  // namespace garita::access
