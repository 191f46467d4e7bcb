#include "adapters/journal/journal_entry.hpp"

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

bool written_by_sshd(const JournalEntry& entry) {
    if (entry.uid != 0U) return false;
    if (entry.transport != "syslog" && entry.transport != "stdout" && entry.transport != "journal")
        return false;
    if (!entry.executable.empty() && !is_sshd_program(last_part(entry.executable))) return false;
    if (!entry.command.empty() && !is_sshd_program(entry.command)) return false;
    return is_sshd_program(entry.identifier);
}

std::string to_text(const JournalPlace& place) {
    return std::string(version_line) + std::to_string(place.since_us) + "\n" + place.cursor;
}

std::optional<JournalPlace> parse_journal_place(std::string_view text) {
    if (!text.starts_with(version_line)) return std::nullopt;
    text.remove_prefix(version_line.size());
    const auto newline = text.find('\n');
    if (newline == std::string_view::npos) return std::nullopt;
    const auto since = number_in<std::int64_t>(text.substr(0, newline));
    if (!since || *since < 0) return std::nullopt;
    const auto cursor = text.substr(newline + 1);
    if (cursor.find('\0') != std::string_view::npos) return std::nullopt;  // the library wants a C string
    return JournalPlace{std::string(cursor), *since};
}

}  // namespace garita::journal
