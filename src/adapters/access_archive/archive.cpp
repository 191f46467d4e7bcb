#include "adapters/access_archive/archive.hpp"

#include "access/record.hpp"

namespace garita::access_archive {

namespace {

using namespace std::chrono_literals;

constexpr Duration idle = 60s;
constexpr Duration between_tidying = 1h;
constexpr std::size_t records_at_once = 20;
constexpr std::size_t lines_in_page = 500;
constexpr std::size_t longest_record = std::size_t{16} << 20U;
constexpr std::size_t files_at_once = 50;
constexpr std::size_t rows_at_once = 1000;
/// Letters that were sent are of no use but for looking why somebody got none.
constexpr Duration letters_kept = 24h * 30;

std::chrono::year_month_day day_of(Time at) {
    return std::chrono::floor<std::chrono::days>(at);
}

/// The whole last day has to be over.
bool is_older(const RecordName& name, Duration age, Time now) {
    return Time{std::chrono::sys_days{name.ended}} + 24h + age < now;
}

}  // namespace

Result<Duration> Archive::step(Time now) {
    if (!open_) {
        if (auto opened = folder_.open(); !opened) return tl::unexpected(std::move(opened.error()));
        open_ = true;
    }
    const auto more = write_records();
    if (!more) return tl::unexpected(more.error());
    if (*more) return Duration{0};  // nothing is forgotten before it is archived
    if (tidied_ && *tidied_ <= now && now < *tidied_ + between_tidying) return idle;
    const auto files = tidy_folder(now);
    if (!files) return tl::unexpected(files.error());
    const auto rows = forget_rows(now);
    if (!rows) return tl::unexpected(rows.error());
    if (*files || *rows) return Duration{0};
    tidied_ = now;
    return idle;
}

Archive::Record Archive::record_of(store::View& view, AccessRequest request) {
    std::vector<AccessLine> log;
    while (true) {
        const auto page = book_.log(view, request.id, log.empty() ? 0 : log.back().id, lines_in_page);
        log.insert(log.end(), page.begin(), page.end());
        if (page.size() < lines_in_page) break;
    }
    Record record;
    record.last_line = log.empty() ? 0 : log.back().id;
    record.text = access::record_text(request, log, settings_.clock.get(), longest_record);
    record.request = std::move(request);
    return record;
}

Result<std::vector<Archive::Record>> Archive::read_records() {
    std::vector<Record> records;
    auto read = store_.read([&](store::View& view) -> Result<void> {
        records.clear();
        for (auto& request : book_.unarchived(view, records_at_once))
            records.push_back(record_of(view, std::move(request)));
        return {};
    });
    if (!read) return tl::unexpected(std::move(read.error()));
    return records;
}

Result<bool> Archive::write_records() {
    const auto records = read_records();
    if (!records) return tl::unexpected(records.error());
    if (records->empty()) return false;
    for (const auto& [request, last_line, text] : *records) {
        const RecordName name{request.id, request.mac, day_of(*request.ended_at), RecordName::Form::text};
        if (auto written = folder_.write(name, text); !written)
            return tl::unexpected(std::move(written.error()));
    }
    auto noted = store_.write([&](store::Transaction& transaction) -> Result<void> {
        for (const auto& record : *records)
            book_.set_archived(transaction, record.request, record.last_line);
        return {};
    });
    if (!noted) return tl::unexpected(std::move(noted.error()));
    return true;
}

Result<bool> Archive::tidy_folder(Time now) {
    const auto names = folder_.list();
    if (!names) return tl::unexpected(names.error());
    std::size_t done = 0;
    for (const auto& name : *names) {
        if (done == files_at_once) return true;
        Result<void> tidied;
        if (is_older(name, settings_.keep, now))
            tidied = folder_.remove(name);
        else if (name.form == RecordName::Form::text && is_older(name, settings_.text_for, now))
            tidied = folder_.pack(name);
        else
            continue;
        if (!tidied) return tl::unexpected(std::move(tidied.error()));
        ++done;
    }
    return false;
}

Result<bool> Archive::forget_rows(Time now) {
    std::size_t gone = 0;
    auto done = store_.write([&](store::Transaction& transaction) -> Result<void> {
        const auto before = now - settings_.keep;
        gone = book_.prune(transaction, before, before, rows_at_once);
        gone += letters_.prune(transaction, now - std::min(letters_kept, settings_.keep), rows_at_once);
        return {};
    });
    if (!done) return tl::unexpected(std::move(done.error()));
    return gone > 0;
}

}  // namespace garita::access_archive
