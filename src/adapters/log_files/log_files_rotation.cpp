// What rotators leave beside a log: copies of what was emptied, and files that had the name while nobody
// looked.

#include <algorithm>

#include "adapters/log_files/file_names.hpp"
#include "adapters/log_files/log_files.hpp"

namespace garita::log_files {
namespace {

/// Bytes may still have come to the former file after its successor was renamed in its turn.
constexpr std::chrono::nanoseconds late_writes = std::chrono::minutes(1);

template <typename Same>
void erase_known(std::vector<RotatedFile>& forms, const std::vector<RotatedFile>& known, Same same) {
    std::erase_if(forms, [&](const RotatedFile& form) {
        return std::any_of(known.begin(), known.end(),
                           [&](const RotatedFile& old) { return same(old, form); });
    });
}

}  // namespace

/// True when nothing that is in the copy will be missed.
bool LogFiles::read_copy(Followed& followed, const std::string& path, const std::string& copy,
                         std::list<TailFile>::iterator emptied, Time now) {
    auto* file = add(followed, path, copy, emptied);
    if (file == nullptr) return false;
    const auto holds = file->as_copy_of(*emptied);
    if (holds == TailFile::Copy::whole)
        file->continue_copy_of(*emptied, now);
    else
        close(followed, std::prev(emptied));
    return holds != TailFile::Copy::none;
}

void LogFiles::take_over_copy(Entry& entry, std::list<TailFile>::iterator emptied, Time now) {
    const auto& path = entry.first;  // clang 14 lets no lambda capture a structured binding
    auto& followed = entry.second;
    ++counters_.truncations;
    auto forms = rotated_forms(path);
    auto copies = forms;
    erase_known(copies, followed.known_forms,
                [](const auto& known, const auto& form) { return known.is_same_content(form); });
    // the newest is the likeliest
    const auto copy = std::find_if(copies.rbegin(), copies.rend(), [&](const RotatedFile& form) {
        return read_copy(followed, path, form.path, emptied, now);
    });
    if (copy == copies.rend()) ++counters_.gaps;
    // emptied more than once since the last look: the later copies hold what nobody has read
    if (copy != copies.rend())
        for (auto later = copy.base(); later != copies.end(); ++later)
            if (auto* file = add(followed, path, later->path, emptied))
                file->begin(TailFile::Start::at_start, now);
    followed.known_forms = std::move(forms);
    emptied->start_over();
}

bool LogFiles::was_read(const Followed& followed, const TailFile& found) const {
    return std::any_of(followed.files.begin(), followed.files.end(),
                       [&](const TailFile& file) {
                           return &file != &found && found.as_copy_of(file) != TailFile::Copy::none;
                       }) ||
           std::any_of(closed_.begin(), closed_.end(), [&](const FilePlace& place) {
               return place.head_length > 0 && holds(found.fd(), place);
           });
}

void LogFiles::take_over_missed(Entry& entry, std::list<TailFile>::iterator current, Time now) {
    const auto& path = entry.first;
    auto& followed = entry.second;
    auto forms = rotated_forms(path);
    auto missed = forms;
    erase_known(missed, followed.known_forms,
                [](const auto& known, const auto& form) { return known.is_same_file(form); });
    const auto former_changed = std::prev(current)->changed_ns();
    for (const auto& form : missed) {
        // an old one that somebody has unpacked here keeps its old time
        if (form.changed_ns + late_writes.count() < former_changed) continue;
        auto* file = add(followed, path, form.path, current);
        if (file == nullptr) continue;
        if (was_read(followed, *file)) {
            close(followed, std::prev(current));
            continue;
        }
        file->begin(TailFile::Start::at_start, now);
        ++counters_.rotations;
    }
    followed.known_forms = std::move(forms);
}

}  // namespace garita::log_files
