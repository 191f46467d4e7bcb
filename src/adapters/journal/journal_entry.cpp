#include "adapters/journal/journal_entry.hpp"

#include <algorithm>
#include <charconv>

namespace garita::journal {
namespace {

constexpr std::size_t message_limit = 64 * 1024;
constexpr std::size_t name_limit = 256;

template <typename Number>
std::optional<Number> number_in(std::string_view text) {
    Number number{};
    const auto [end, error] = std::from_chars(text.data(), text.data() + text.size(), number);
    if (error != std::errc() || end != text.data() + text.size()) return std::nullopt;
    return number;
}

bool is_sshd_program(std::string_view name) {
    return name == "sshd" || name == "sshd-session" || name == "sshd-auth";
}

/// Also the instances of a socket-activated server: "ssh@3-192.0.2.1:22-192.0.2.7:50222.service".
bool is_sshd_unit(std::string_view name) {
    if (!name.ends_with(".service")) return false;
    return name == "ssh.service" || name == "sshd.service" || name.starts_with("ssh@") ||
           name.starts_with("sshd@");
}

std::string_view last_part(std::string_view path) {
    return path.substr(path.rfind('/') + 1);
}

constexpr std::string_view version_line = "journal 1\n";

}  // namespace

void JournalEntry::take(std::string_view field) {
    const auto equals = field.find('=');
    if (equals == std::string_view::npos) return;
    const auto name = field.substr(0, equals);
    const auto value = field.substr(equals + 1);
    const auto text = value.substr(0, name_limit);
    if (name == "MESSAGE")
        message = value.substr(0, message_limit);
    else if (name == "SYSLOG_IDENTIFIER")
        identifier = text;
    else if (name == "_HOSTNAME")
        host = text;
    else if (name == "_SYSTEMD_UNIT")
        unit = text;
    else if (name == "_COMM")
        command = text;
    else if (name == "_EXE")
        executable = value.substr(value.size() > name_limit ? value.size() - name_limit : 0);
    else if (name == "_TRANSPORT")
        transport = text;
    else if (name == "_UID")
        uid = number_in<std::uint32_t>(value);
    else if (name == "_PID")
        pid = number_in<std::int32_t>(value).value_or(0);
}

EntryWriter writer_of(const JournalEntry& entry) {
    if (entry.uid != 0U || !is_sshd_program(entry.identifier)) return EntryWriter::other;
    if (entry.transport != "syslog" && entry.transport != "stdout" && entry.transport != "journal")
        return EntryWriter::other;
    if (!entry.executable.empty() && !is_sshd_program(last_part(entry.executable))) return EntryWriter::other;
    if (!entry.command.empty() && !is_sshd_program(entry.command)) return EntryWriter::other;
    if (!entry.executable.empty() || !entry.command.empty()) return EntryWriter::sshd;
    if (entry.transport != "syslog") return EntryWriter::other;
    if (is_sshd_unit(entry.unit)) return EntryWriter::sshd;
    return entry.unit.empty() ? EntryWriter::unknown : EntryWriter::other;
}

std::string to_text(const JournalPlace& place) {
    auto numbers = std::to_string(place.since_us);
    if (place.heard_us != std::array<std::int64_t, 3>{})
        for (const auto number : place.heard_us)
            numbers += " " + std::to_string(number);
    return std::string(version_line) + numbers + "\n" + place.cursor;
}

std::optional<JournalPlace> parse_journal_place(std::string_view text) {
    if (!text.starts_with(version_line)) return std::nullopt;
    text.remove_prefix(version_line.size());
    const auto newline = text.find('\n');
    if (newline == std::string_view::npos) return std::nullopt;
    JournalPlace place;
    auto numbers = text.substr(0, newline);
    const auto take = [&](std::int64_t& into) {
        const auto word = numbers.substr(0, numbers.find(' '));
        const auto number = number_in<std::int64_t>(word);
        numbers.remove_prefix(std::min(word.size() + 1, numbers.size()));
        into = number.value_or(-1);
        return into >= 0;
    };
    if (!take(place.since_us)) return std::nullopt;
    if (!numbers.empty() && !std::all_of(place.heard_us.begin(), place.heard_us.end(), take))
        return std::nullopt;
    if (!numbers.empty() || place.heard_us[1] < place.heard_us[0]) return std::nullopt;
    const auto cursor = text.substr(newline + 1);
    if (cursor.find('\0') != std::string_view::npos) return std::nullopt;  // the library wants a C string
    place.cursor = cursor;
    return place;
}

}  // namespace garita::journal
