#include "adapters/access_archive/archive_folder.hpp"

#include <algorithm>
#include <array>
#include <charconv>
#include <cstdio>

#include <system_error>
#include <zlib.h>

#include "runtime/tls/private_file.hpp"

namespace garita::access_archive {

namespace fs = std::filesystem;

namespace {

constexpr std::string_view text_end = ".txt";
constexpr std::string_view packed_end = ".txt.gz";
/// Of files that are being written: runtime/tls/private_file.
constexpr std::string_view half_end = ".new";
constexpr std::size_t longest_record = std::size_t{64} << 20U;

std::optional<int> number_in(std::string_view digits) {
    int number = 0;
    const auto [end, error] = std::from_chars(digits.data(), digits.data() + digits.size(), number);
    const bool whole = error == std::errc{} && end == digits.data() + digits.size();
    return whole && number >= 0 ? std::optional(number) : std::nullopt;
}

/// "2026-11-23"
std::optional<std::chrono::year_month_day> day_in(std::string_view text) {
    if (text.size() != 10 || text[4] != '-' || text[7] != '-') return std::nullopt;
    const auto year = number_in(text.substr(0, 4));
    const auto month = number_in(text.substr(5, 2));
    const auto day = number_in(text.substr(8, 2));
    if (!year || !month || !day) return std::nullopt;
    const std::chrono::year_month_day date{std::chrono::year{*year},
                                           std::chrono::month{static_cast<unsigned>(*month)},
                                           std::chrono::day{static_cast<unsigned>(*day)}};
    return date.ok() ? std::optional(date) : std::nullopt;
}

Error cannot(std::string_view what, const fs::path& file, const std::error_code& why) {
    return {ErrorCode::io, "cannot " + std::string(what) + ' ' + file.string() + ": " + why.message(),
            Retry::later};
}

}  // namespace

std::string RecordName::file() const {
    auto address = mac.text();
    std::replace(address.begin(), address.end(), ':', '-');
    std::array<char, 16> day{};
    std::snprintf(day.data(), day.size(), "%04d-%02u-%02u", static_cast<int>(ended.year()),
                  static_cast<unsigned>(ended.month()), static_cast<unsigned>(ended.day()));
    AccessRequest named;
    named.id = id;
    return named.tracking() + '_' + address + '_' + day.data() +
           std::string(form == Form::text ? text_end : packed_end);
}

std::optional<RecordName> RecordName::parse(std::string_view file) {
    RecordName name;
    name.form = file.ends_with(packed_end) ? Form::packed : Form::text;
    const auto end = name.form == Form::packed ? packed_end : text_end;
    if (!file.ends_with(end)) return std::nullopt;
    const auto stem = file.substr(0, file.size() - end.size());
    const auto first = stem.find('_');
    const auto second = stem.rfind('_');
    if (first == std::string_view::npos || second == first) return std::nullopt;
    const auto id = parse_tracking(stem.substr(0, first));
    const auto mac = MacAddress::parse(stem.substr(first + 1, second - first - 1));
    const auto day = day_in(stem.substr(second + 1));
    if (!id || !mac || !day) return std::nullopt;
    name.id = *id;
    name.mac = *mac;
    name.ended = *day;
    return name.file() == file ? std::optional(name) : std::nullopt;
}

Result<void> ArchiveFolder::open() const {
    std::error_code why;
    if (fs::create_directories(folder_, why); why) return tl::unexpected(cannot("make", folder_, why));
    fs::permissions(folder_, fs::perms::owner_all, why);
    if (why) return tl::unexpected(cannot("keep to its owner", folder_, why));
    for (fs::directory_iterator at(folder_, why), end; !why && at != end; at.increment(why)) {
        const std::string file = at->path().filename();
        const std::string_view half = file;
        if (half.ends_with(half_end) && RecordName::parse(half.substr(0, half.size() - half_end.size())))
            fs::remove(at->path(), why);
    }
    return why ? Result<void>(tl::unexpected(cannot("read", folder_, why))) : Result<void>{};
}

Result<void> ArchiveFolder::write(const RecordName& name, std::string_view text) const {
    return runtime::tls::write_private_file(folder_ / name.file(), text);
}

Result<std::vector<RecordName>> ArchiveFolder::list() const {
    std::error_code why;
    std::vector<RecordName> names;
    for (fs::directory_iterator at(folder_, why), end; !why && at != end; at.increment(why))
        if (const auto name = RecordName::parse(at->path().filename().string())) names.push_back(*name);
    if (why) return tl::unexpected(cannot("read", folder_, why));
    return names;
}

Result<void> ArchiveFolder::pack(const RecordName& name) const {
    const auto text = runtime::tls::read_small_file(folder_ / name.file(), longest_record);
    if (!text) return tl::unexpected(text.error());
    const auto packed = gzipped(*text);
    if (!packed) return fail(ErrorCode::io, "memory is short for packing " + name.file());
    auto smaller = name;
    smaller.form = RecordName::Form::packed;
    if (auto written = write(smaller, *packed); !written) return written;
    return remove(name);
}

Result<void> ArchiveFolder::remove(const RecordName& name) const {
    std::error_code why;
    fs::remove(folder_ / name.file(), why);
    return why ? Result<void>(tl::unexpected(cannot("remove", folder_ / name.file(), why))) : Result<void>{};
}

std::optional<std::string> gzipped(std::string_view text) {
    constexpr int with_gzip_header = 15 + 16;
    constexpr int usual_memory = 8;
    z_stream stream{};
    if (deflateInit2(&stream, Z_DEFAULT_COMPRESSION, Z_DEFLATED, with_gzip_header, usual_memory,
                     Z_DEFAULT_STRATEGY) != Z_OK)
        return std::nullopt;
    std::string packed(deflateBound(&stream, text.size()), '\0');
    std::string input(text);  // the library's pointer is not to const
    stream.next_in = reinterpret_cast<Bytef*>(input.data());
    stream.avail_in = static_cast<uInt>(input.size());
    stream.next_out = reinterpret_cast<Bytef*>(packed.data());
    stream.avail_out = static_cast<uInt>(packed.size());
    const bool done = deflate(&stream, Z_FINISH) == Z_STREAM_END;
    packed.resize(stream.total_out);
    deflateEnd(&stream);
    return done ? std::optional(std::move(packed)) : std::nullopt;
}

}  // namespace garita::access_archive
