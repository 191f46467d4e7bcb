#include "adapters/journal/journal_reader.hpp"

#include <array>
#include <cstdlib>
#include <unistd.h>
#include <utility>

#include <system_error>
#include <systemd/sd-journal.h>

#include "adapters/journal/journal_entry.hpp"

namespace garita::journal {
namespace {

constexpr int portion = 2000;  // entries
constexpr std::uint64_t recalled_entries = 200'000;
constexpr Duration calm_interval = std::chrono::seconds(30);
constexpr Duration poll_interval =
    std::chrono::seconds(1);  // where the kernel tells nothing (network file systems)
constexpr Duration reopen_interval = std::chrono::seconds(5);
constexpr Duration announced_interval = std::chrono::milliseconds(20);
constexpr Duration announced_span = std::chrono::seconds(30);  // a person types a password within it

tl::unexpected<Error> journal_error(std::string_view what, int error) {
    return fail(ErrorCode::io,
                "the journal: " + std::string(what) + ": " + std::generic_category().message(-error),
                Retry::later);
}

std::uint64_t hash_of(std::string_view text) {
    std::uint64_t hash = 0xcbf29ce484222325U;  // FNV-1a
    for (const char c : text) {
        hash ^= static_cast<unsigned char>(c);
        hash *= 0x100000001b3U;
    }
    return hash;
}

JournalEntry entry_at(sd_journal* journal) {
    static constexpr std::array names = {
        "MESSAGE", "SYSLOG_IDENTIFIER", "_HOSTNAME", "_SYSTEMD_UNIT", "_COMM",
        "_EXE",    "_TRANSPORT",        "_UID",      "_PID"};
    JournalEntry entry;
    for (const auto* name : names) {
        const void* data = nullptr;
        std::size_t size = 0;
        if (sd_journal_get_data(journal, name, &data, &size) >= 0)
            entry.take({static_cast<const char*>(data), size});
    }
    return entry;
}

std::string cursor_at(sd_journal* journal) {
    char* text = nullptr;
    if (sd_journal_get_cursor(journal, &text) < 0) return {};
    const std::unique_ptr<char, void (*)(void*)> owned(text, std::free);
    return text;
}

}  // namespace

JournalSettings sshd_journal() {
    JournalSettings settings;
    settings.units = {"ssh.service", "sshd.service"};
    settings.identifiers = {"sshd", "sshd-session", "sshd-auth"};
    settings.believe = JournalSettings::Believe::sshd;
    settings.announced_by = {"/usr/sbin/sshd", "/usr/lib/openssh/sshd-session",
                             "/usr/libexec/openssh/sshd-session"};
    return settings;
}

JournalSettings unit_journal(const std::string& unit) {
    JournalSettings settings;
    settings.units = {unit.find('.') == std::string::npos ? unit + ".service" : unit};
    return settings;
}

JournalState machine_journal(Time now) {
    sd_journal* journal = nullptr;
    if (sd_journal_open(&journal, SD_JOURNAL_LOCAL_ONLY | SD_JOURNAL_SYSTEM) < 0) return JournalState::none;
    const std::unique_ptr<sd_journal, void (*)(sd_journal*)> owned(journal, sd_journal_close);
    std::uint64_t last_us = 0;
    if (sd_journal_seek_tail(journal) < 0 || sd_journal_previous(journal) <= 0 ||
        sd_journal_get_realtime_usec(journal, &last_us) < 0)
        return JournalState::none;
    if (::access("/run/systemd/journal/socket", F_OK) == 0) return JournalState::live;
    const auto last = from_micros(static_cast<std::int64_t>(last_us));
    return now - last < std::chrono::hours(1) ? JournalState::live : JournalState::left_behind;
}

bool journal_is_readable() {
    const auto now = std::chrono::time_point_cast<Duration>(std::chrono::system_clock::now());
    return machine_journal(now) == JournalState::live;
}

void JournalReader::Closer::operator()(sd_journal* journal) const {
    sd_journal_close(journal);
}

JournalReader::JournalReader(JournalSettings settings, const std::optional<std::string>& checkpoint, Time now)
    : settings_(std::move(settings)), wake_up_(settings_.announced_by) {
    const auto before = checkpoint ? parse_journal_place(*checkpoint) : std::nullopt;
    if (checkpoint && !before) ++counters_.gaps;
    resumed_ = before && !before->cursor.empty();
    place_ = before.value_or(JournalPlace{{}, to_micros(now)});
    if (const auto& [first, last, longest] = place_.heard_us; last > 0)
        heard_ = {from_micros(first), from_micros(last), std::chrono::microseconds(longest)};
    if (const auto opened = open(); !opened) trouble_ = opened.error().text;
}

std::string JournalReader::checkpoint() const {
    auto place = place_;
    if (heard_.ever())
        place.heard_us = {to_micros(heard_.first()), to_micros(heard_.last()),
                          to_micros(Time(heard_.longest_pause()))};
    return to_text(place);
}

std::vector<detect::Silence> JournalReader::silences(Time now) const {
    using Why = detect::Silence::Why;
    if (settings_.silent_after == Duration::max()) return {};
    const bool there = journal_ && has_files();
    const auto least =
        there ? settings_.silent_after : std::min(settings_.silent_after, detect::shortest_absence);
    if (!heard_.is_silent(now, least)) return {};
    return {{"journal of " + what_is_read(), there ? Why::silent : Why::gone, heard_.last(),
             heard_.longest_pause()}};
}

Result<void> JournalReader::open() {
    sd_journal* journal = nullptr;
    const int opened = settings_.directory.empty()
                           ? sd_journal_open(&journal, SD_JOURNAL_LOCAL_ONLY | SD_JOURNAL_SYSTEM)
                           : sd_journal_open_directory(&journal, settings_.directory.c_str(), 0);
    if (opened < 0)
        return journal_error(settings_.directory.empty() ? "cannot be opened" : settings_.directory, opened);
    Handle handle(journal);
    sd_journal_set_data_threshold(journal, 64 * 1024);
    if (auto matched = match(journal); !matched) return matched;
    if (const int fd = sd_journal_get_fd(journal); fd < 0) return journal_error("cannot be watched", fd);
    if (auto found = find_place(journal); !found) return found;
    journal_ = std::move(handle);
    wake_up_.watch_journal(sd_journal_get_fd(journal));
    return {};
}

Result<void> JournalReader::match(sd_journal* journal) const {
    const auto add = [&](const std::string& field) {
        return sd_journal_add_match(journal, field.data(), field.size());
    };
    for (const auto& unit : settings_.units)
        if (const int added = add("_SYSTEMD_UNIT=" + unit); added < 0) return journal_error(unit, added);
    if (!settings_.units.empty() && !settings_.identifiers.empty())
        if (const int added = sd_journal_add_disjunction(journal); added < 0)
            return journal_error("cannot be filtered", added);
    for (const auto& identifier : settings_.identifiers)
        if (const int added = add("SYSLOG_IDENTIFIER=" + identifier); added < 0)
            return journal_error(identifier, added);
    return {};
}

Result<void> JournalReader::find_place(sd_journal* journal) {
    on_unread_entry_ = false;
    if (place_.cursor.empty()) {
        const int sought =
            sd_journal_seek_realtime_usec(journal, static_cast<std::uint64_t>(place_.since_us));
        if (sought < 0) return journal_error("cannot be searched", sought);
        return {};
    }
    if (sd_journal_seek_cursor(journal, place_.cursor.c_str()) < 0) {
        ++counters_.gaps;
        place_.cursor.clear();
        return find_place(journal);
    }
    const int moved = sd_journal_next(journal);
    if (moved < 0) return journal_error("cannot be searched", moved);
    on_unread_entry_ = moved > 0 && sd_journal_test_cursor(journal, place_.cursor.c_str()) <= 0;
    if (on_unread_entry_) ++counters_.gaps;  // the entry of the checkpoint, and perhaps later ones, are gone
    return {};
}

bool JournalReader::has_files() const {
    if (!settings_.directory.empty())
        return true;  // the library counts files of the system's own directories only
    return sd_journal_has_runtime_files(journal_.get()) > 0 ||
           sd_journal_has_persistent_files(journal_.get()) > 0;
}

Duration JournalReader::pause(Time now) const {
    if (!has_files()) return reopen_interval;
    const bool announced = announced_at_ && now >= *announced_at_ && now - *announced_at_ < announced_span;
    if (announced) return announced_interval;
    return sd_journal_reliable_fd(journal_.get()) > 0 ? calm_interval : poll_interval;
}

void JournalReader::give(Time now, Count count, detect::LineReceiver& receiver) {
    const auto entry = entry_at(journal_.get());
    const auto cursor = cursor_at(journal_.get());
    std::uint64_t at_us = 0;
    const bool has_time = sd_journal_get_realtime_usec(journal_.get(), &at_us) >= 0;
    const auto writer =
        settings_.believe == JournalSettings::Believe::sshd ? writer_of(entry) : EntryWriter::sshd;
    if (count == Count::yes) {
        place_.cursor = cursor;
        counters_.bytes += entry.message.size() + 1;
        ++(writer == EntryWriter::other ? counters_.refused : counters_.lines);
        if (writer == EntryWriter::unknown) ++counters_.claimed;
    }
    if (writer == EntryWriter::other) return;
    const auto at = has_time ? from_micros(static_cast<std::int64_t>(at_us)) : now;
    if (count == Count::yes) heard_.heard(at);
    receiver.on_line(
        {.text = entry.message,
         .source = "journal",
         .id = {hash_of("journal"), hash_of(cursor)},
         .at = at,
         .pid = entry.pid,
         .identifier = entry.identifier,
         .host = entry.host,
         .writer = writer == EntryWriter::sshd ? detect::Writer::proven : detect::Writer::claimed});
}

bool JournalReader::find_start(Duration span) {
    auto* const journal = journal_.get();
    std::uint64_t end_us = 0;
    if (sd_journal_seek_cursor(journal, place_.cursor.c_str()) < 0 || sd_journal_next(journal) <= 0 ||
        sd_journal_test_cursor(journal, place_.cursor.c_str()) <= 0 ||
        sd_journal_get_realtime_usec(journal, &end_us) < 0)
        return false;
    const auto span_us =
        static_cast<std::uint64_t>(std::chrono::duration_cast<std::chrono::microseconds>(span).count());
    std::uint64_t first_us = 0;
    if (sd_journal_previous_skip(journal, recalled_entries) > 0 &&
        sd_journal_get_realtime_usec(journal, &first_us) >= 0 && first_us + span_us >= end_us)
        return true;  // more than can be read again
    return sd_journal_seek_realtime_usec(journal, end_us - span_us) >= 0 && sd_journal_next(journal) > 0;
}

Result<void> JournalReader::read_again(Duration span, Time now, detect::LineReceiver& receiver) {
    if (!resumed_ || !journal_ || !has_files()) return {};
    if (find_start(span))
        for (std::uint64_t i = 0; i < recalled_entries; ++i) {
            give(now, Count::no, receiver);
            if (sd_journal_test_cursor(journal_.get(), place_.cursor.c_str()) > 0 ||
                sd_journal_next(journal_.get()) <= 0)
                break;
        }
    const auto gaps = counters_.gaps;
    auto found = find_place(journal_.get());
    counters_.gaps = gaps;  // counted when it was opened
    return found;
}

Result<Duration> JournalReader::read(Time now, detect::LineReceiver& receiver) {
    if (!journal_ || !has_files()) {
        if (const auto opened = open(); !opened) {
            trouble_ = opened.error().text;
            return reopen_interval;
        }
    }
    trouble_.clear();
    if (wake_up_.take_program_start()) announced_at_ = now;
    if (const int processed = sd_journal_process(journal_.get()); processed < 0) {
        journal_.reset();
        return journal_error("its changes cannot be taken", processed);
    }
    for (int entries = 0; entries < portion; ++entries) {
        const int moved = std::exchange(on_unread_entry_, false) ? 1 : sd_journal_next(journal_.get());
        if (moved < 0) {
            journal_.reset();  // opened again at the last entry that was given
            return journal_error("cannot be read on", moved);
        }
        if (moved == 0) return pause(now);
        give(now, Count::yes, receiver);
    }
    return Duration::zero();
}

std::string JournalReader::what_is_read() const {
    std::string of;
    for (const auto* names : {&settings_.units, &settings_.identifiers})
        for (const auto& name : *names)
            of += (of.empty() ? "" : ", ") + name;
    return of;
}

std::string JournalReader::describe() const {
    return "reads the journal" + (settings_.directory.empty() ? "" : " in " + settings_.directory) + " of " +
           what_is_read();
}

std::vector<std::string> JournalReader::troubles(Time) const {
    if (!trouble_.empty()) return {trouble_};
    if (journal_ && !has_files())
        return {
            "there is no journal to read: start systemd-journald, or give the agent's user the group "
            "systemd-journal"};
    return {};
}

}  // namespace garita::journal
