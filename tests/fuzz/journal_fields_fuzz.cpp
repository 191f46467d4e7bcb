// Whatever a journal entry or an old checkpoint holds, and whatever pieces a log file is read in. Beyond the
// sanitizers: only root is believed, no alert has unprintable facts, and lines do not depend on the pieces.

#include <cstdint>
#include <cstdlib>
#include <string>
#include <string_view>
#include <vector>

#include "adapters/journal/journal_entry.hpp"
#include "adapters/log_files/file_names.hpp"
#include "adapters/log_files/file_place.hpp"
#include "detect/line_splitter.hpp"
#include "detect/ssh_sessions.hpp"
#include "fakes/detect_world.hpp"

namespace {

using namespace garita;

void must(bool condition) {
    if (!condition) std::abort();
}

bool printable(std::string_view text) {
    for (const char c : text)
        if (static_cast<unsigned char>(c) < 0x20 || c == 0x7f) return false;
    return true;
}

void entry(std::string_view text) {
    journal::JournalEntry fields;
    for (auto rest = text; !rest.empty();) {
        const auto end = rest.find('\n');
        fields.take(rest.substr(0, end));
        rest.remove_prefix(end == std::string_view::npos ? rest.size() : end + 1);
    }
    const auto writer = journal::writer_of(fields);
    if (writer != journal::EntryWriter::other) must(fields.uid == 0U);
    if (writer == journal::EntryWriter::sshd)
        must(!fields.command.empty() || !fields.executable.empty() || fields.unit.starts_with("ssh"));
    fakes::MemoryProcessTable table;
    fakes::CollectedAlerts sink;
    detect::SshSessions detector({detect::SshSessionsSettings::Connections::ignored, detect::utc_zone()},
                                 table);
    const Time now{std::chrono::hours(500000)};
    detector.on_line(
        {.text = fields.message,
         .source = "journal",
         .id = {1, 1},
         .at = now,
         .pid = fields.pid,
         .identifier = fields.identifier,
         .host = fields.host,
         .writer = writer == journal::EntryWriter::sshd ? detect::Writer::proven : detect::Writer::claimed},
        now, sink);
    detector.on_line({.text = text, .source = "file", .id = {1, 2}, .at = {}, .identifier = {}, .host = {}},
                     now, sink);
    detector.tick(now, sink);
    for (const auto& alert : sink.alerts) {
        must(alert.address.has_value() && printable(alert.subject) && printable(alert.uid));
        for (const auto& [name, value] : alert.facts)
            must(printable(value) && value.size() <= 300);
    }
}

void checkpoints(std::string_view text) {
    if (const auto place = journal::parse_journal_place(text))
        must(journal::parse_journal_place(to_text(*place)) == place);
    if (const auto checkpoint = log_files::parse_checkpoint(text))
        must(log_files::parse_checkpoint(to_text(*checkpoint)) == checkpoint);
    const auto half = text.substr(0, text.size() / 2);
    must(!log_files::is_rotated_form(half, half));
    (void)log_files::is_rotated_form(text, half);
    (void)log_files::is_compressed(text);
}

void pieces(std::string_view text) {
    if (text.empty()) return;
    const std::size_t size = static_cast<unsigned char>(text.front()) % 16 + 1;
    const auto split = [&](std::size_t piece) {
        std::vector<std::pair<std::string, std::uint64_t>> lines;
        detect::LineSplitter splitter(20);
        for (std::size_t at = 0; at < text.size(); at += piece) {
            splitter.feed(text.substr(at, piece), at, [&](std::string_view line, std::uint64_t offset, auto) {
                must(line.size() <= 20);
                lines.emplace_back(line, offset);
            });
            must(splitter.resume_at(at + piece) <= at + piece);
        }
        return lines;
    };
    must(split(text.size()) == split(size));
}

}  // namespace

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
    const std::string_view text(reinterpret_cast<const char*>(data), size);
    entry(text);
    checkpoints(text);
    pieces(text);
    return 0;
}
