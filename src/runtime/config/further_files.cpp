#include "runtime/config/further_files.hpp"

#include <algorithm>
#include <fstream>
#include <iterator>

#include "runtime/config/checker.hpp"

namespace garita::runtime {

namespace {

constexpr std::size_t most_bytes = 16U << 20U;
constexpr std::size_t most_files = 1000;

std::string listed(const FileKeys& keys) {
    std::string text;
    for (std::size_t i = 0; i < keys.keys.size() && !keys.keys.at(i).empty(); ++i) {
        const bool last = i + 1 == keys.keys.size() || keys.keys.at(i + 1).empty();
        if (i > 0) text += last ? " and " : ", ";
        text += keys.keys.at(i);
    }
    return text;
}

}  // namespace

Result<void> check_file(const YamlTree& tree, const std::string& file, const Shape& shape,
                        const FileKeys& keys, Outside outside) {
    std::vector<Problem> problems = tree.problems;
    if (tree.complete) {
        check_shape(tree.root, shape, outside, problems);
        for (const auto& entry : tree.root.entries)
            if (std::find(keys.keys.begin(), keys.keys.end(), entry.key) == keys.keys.end() &&
                shape.find(entry.key) != nullptr)
                problems.push_back({Problem::Weight::error, entry.position, entry.key,
                                    "stands in the hub's own file, under `" + std::string(keys.section) + "`",
                                    listed(keys), ""});
    }
    std::string text;
    for (const auto& problem : problems)
        if (problem.weight == Problem::Weight::error) text += (text.empty() ? "" : "\n") + problem.text(file);
    if (text.empty()) return {};
    return fail(ErrorCode::invalid, text);
}

Result<std::string> content_of(const std::filesystem::path& file) {
    std::ifstream stream(file, std::ios::binary);
    if (!stream)
        return fail(ErrorCode::io,
                    file.string() + ": cannot be read: it is not there, or the hub's user may not read it");
    std::string text(std::istreambuf_iterator<char>(stream), {});
    if (stream.bad() || text.size() > most_bytes)
        return fail(ErrorCode::io, file.string() + ": cannot be read, or is larger than 16 MiB");
    return text;
}

Result<std::vector<std::filesystem::path>> files_of(const std::filesystem::path& place) {
    std::error_code error;
    if (!std::filesystem::is_directory(place, error)) return std::vector{place};
    std::vector<std::filesystem::path> files;
    for (std::filesystem::directory_iterator entry(place, error), end; !error && entry != end;
         entry.increment(error)) {
        const auto ending = entry->path().extension();
        const auto hidden = entry->path().filename().string().starts_with('.');
        if (!hidden && (ending == ".yml" || ending == ".yaml")) files.push_back(entry->path());
    }
    if (error) return fail(ErrorCode::io, place.string() + ": cannot be read: " + error.message());
    if (files.size() > most_files)
        return fail(ErrorCode::invalid, place.string() + ": more than 1000 files: join some");
    std::sort(files.begin(), files.end());
    return files;
}

}  // namespace garita::runtime
