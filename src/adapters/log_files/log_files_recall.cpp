// What was read in an earlier life, once more for those who count.

#include <algorithm>
#include <vector>

#include "adapters/log_files/log_files.hpp"

namespace garita::log_files {
namespace {

constexpr std::uint64_t least_of_one_log = 256 * 1024;

struct Part {
    const TailFile* file;
    std::uint64_t bytes;  ///< before the place where reading stands
};

}  // namespace

Result<void> LogFiles::read_again(Duration, Time now, detect::LineReceiver& receiver) {
    const auto logs = std::max<std::size_t>(followed_.size(), 1);
    const auto share = std::max(settings_.recall_limit / logs, least_of_one_log);
    for (const auto& entry : followed_)
        if (entry.second.resumed)
            if (const auto done = read_again(entry, share, now, receiver); !done) return done;
    return {};
}

Result<void> LogFiles::read_again(const Entry& entry, std::uint64_t bytes, Time now,
                                  detect::LineReceiver& receiver) {
    std::vector<Part> parts;  // the newest first
    const auto take = [&](const TailFile& file) {
        const auto taken = std::min(bytes, file.offset());
        bytes -= taken;
        if (taken > 0) parts.push_back({&file, taken});
    };
    const auto& files = entry.second.files;
    std::for_each(files.rbegin(), files.rend(), take);
    // whatever rotated form is not open is older than those that are
    std::list<TailFile> older;
    const auto forms = rotated_forms(entry.first);
    for (auto form = forms.rbegin(); form != forms.rend() && bytes > 0; ++form) {
        if (is_open(form->identity)) continue;
        auto file = open_log(form->path);
        if (!file.is_open() || starts_compressed(file.get())) break;
        older.emplace_back(std::move(file), form->identity, entry.first, settings_.line_limit);
        older.back().begin(TailFile::Start::at_end, now);
        take(older.back());
    }
    for (auto part = parts.rbegin(); part != parts.rend(); ++part)
        if (const auto done = part->file->read_again(part->bytes, buffer_, receiver); !done) return done;
    return {};
}

}  // namespace garita::log_files
