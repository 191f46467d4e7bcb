#include "adapters/log_files/file_names.hpp"

#include <algorithm>
#include <array>
#include <dirent.h>
#include <fcntl.h>
#include <glob.h>
#include <memory>

#include <sys/stat.h>
#include <sys/sysmacros.h>

namespace garita::log_files {
namespace {

constexpr std::array<std::string_view, 7> compressed_endings = {".gz",  ".bz2", ".xz", ".zst",
                                                                ".lz4", ".zip", ".Z"};

/// ".1", "-20261122", ".2026-11-22T06", "_3", ".old"
bool is_rotation_mark(std::string_view mark) {
    if (mark == ".old") return true;
    if (mark.size() < 2 || std::string_view(".-_").find(mark.front()) == std::string_view::npos) return false;
    const auto rest = mark.substr(1);
    return rest.find_first_not_of("0123456789.-_:TZ") == std::string_view::npos &&
           rest.find_first_of("0123456789") != std::string_view::npos;
}

struct GlobResult {
    glob_t found{};
    GlobResult() = default;
    GlobResult(const GlobResult&) = delete;
    GlobResult& operator=(const GlobResult&) = delete;
    ~GlobResult() { ::globfree(&found); }
};

struct DirectoryCloser {
    void operator()(DIR* directory) const { ::closedir(directory); }
};

std::int64_t nanoseconds_of(const struct statx_timestamp& time) {
    return std::int64_t{time.tv_sec} * 1'000'000'000 + time.tv_nsec;
}

}  // namespace

std::string directory_of(const std::string& path) {
    const auto slash = path.rfind('/');
    if (slash == std::string::npos) return ".";
    return slash == 0 ? "/" : path.substr(0, slash);
}

std::string_view base_name(std::string_view path) {
    const auto slash = path.rfind('/');
    return slash == std::string_view::npos ? path : path.substr(slash + 1);
}

bool is_pattern(std::string_view path) {
    return path.find_first_of("*?[") != std::string_view::npos;
}

bool is_rotated_form(std::string_view name, std::string_view base) {
    if (has_compressed_name(name)) return false;
    if (name.starts_with(base)) return is_rotation_mark(name.substr(base.size()));
    const auto dot = base.rfind('.');
    if (dot == std::string_view::npos || dot == 0) return false;
    const auto stem = base.substr(0, dot);
    const auto ending = base.substr(dot);
    return name.size() > stem.size() + ending.size() && name.starts_with(stem) && name.ends_with(ending) &&
           is_rotation_mark(name.substr(stem.size(), name.size() - stem.size() - ending.size()));
}

bool has_compressed_name(std::string_view name) {
    return std::any_of(compressed_endings.begin(), compressed_endings.end(),
                       [&](std::string_view ending) { return name.ends_with(ending); });
}

bool is_compressed(std::string_view first_bytes) {
    using namespace std::string_view_literals;
    static constexpr std::array starts = {"\x1f\x8b"sv,
                                          "BZh"sv,
                                          "\xfd"
                                          "7zXZ\0"sv,
                                          "\x28\xb5\x2f\xfd"sv,
                                          "\x04\x22\x4d\x18"sv,
                                          "PK\x03\x04"sv};
    return std::any_of(starts.begin(), starts.end(),
                       [&](std::string_view start) { return first_bytes.starts_with(start); });
}

std::vector<std::string> expand(const std::string& pattern) {
    if (!is_pattern(pattern)) return {pattern};
    GlobResult result;
    std::vector<std::string> paths;
    if (::glob(pattern.c_str(), 0, nullptr, &result.found) != 0) return paths;
    for (std::size_t i = 0; i < result.found.gl_pathc; ++i) {
        std::string path = result.found.gl_pathv[i];
        // a name with a newline could not be written down in the checkpoint
        if (!has_compressed_name(path) && path.find('\n') == std::string::npos)
            paths.push_back(std::move(path));
    }
    const auto all = paths;
    std::erase_if(paths, [&](const std::string& path) {
        return std::any_of(all.begin(), all.end(), [&](const std::string& other) {
            return directory_of(other) == directory_of(path) &&
                   is_rotated_form(base_name(path), base_name(other));
        });
    });
    return paths;
}

std::vector<RotatedFile> rotated_forms(const std::string& path) {
    std::vector<RotatedFile> forms;
    const auto directory = directory_of(path);
    const std::unique_ptr<DIR, DirectoryCloser> open(::opendir(directory.c_str()));
    if (!open) return forms;
    while (const dirent* entry = ::readdir(open.get())) {
        const std::string_view name = entry->d_name;
        if (!is_rotated_form(name, base_name(path))) continue;
        RotatedFile form;
        form.path = directory + "/" + std::string(name);
        struct statx info {};
        if (::statx(AT_FDCWD, form.path.c_str(), 0, STATX_BASIC_STATS | STATX_BTIME, &info) != 0 ||
            !S_ISREG(info.stx_mode))
            continue;
        form.identity = {::makedev(info.stx_dev_major, info.stx_dev_minor), info.stx_ino};
        form.changed_ns = nanoseconds_of(info.stx_mtime);
        if ((info.stx_mask & STATX_BTIME) != 0) form.born_ns = nanoseconds_of(info.stx_btime);
        forms.push_back(std::move(form));
    }
    std::sort(forms.begin(), forms.end(),
              [](const auto& a, const auto& b) { return a.changed_ns < b.changed_ns; });
    return forms;
}

std::string existing_directory(std::string directory) {
    struct stat info {};
    while (directory != "/" && directory != "." &&
           (is_pattern(directory) || ::stat(directory.c_str(), &info) != 0 || !S_ISDIR(info.st_mode)))
        directory = directory_of(directory);
    return directory;
}

}  // namespace garita::log_files
