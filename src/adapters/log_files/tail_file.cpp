#include "adapters/log_files/tail_file.hpp"

#include <algorithm>
#include <array>
#include <cerrno>
#include <fcntl.h>

#include <sys/stat.h>
#include <system_error>

#include "adapters/log_files/file_names.hpp"

namespace garita::log_files {
namespace {

constexpr std::size_t tail_size = 256;

ssize_t read_at(int file, char* to, std::size_t size, std::uint64_t offset) {
    for (;;) {
        const auto got = ::pread(file, to, size, static_cast<off_t>(offset));
        if (got >= 0 || errno != EINTR) return got;
    }
}

std::string read_bytes(int file, std::uint64_t offset, std::size_t size) {
    std::string bytes(size, '\0');
    const auto got = read_at(file, bytes.data(), size, offset);
    bytes.resize(got > 0 ? static_cast<std::size_t>(got) : 0);
    return bytes;
}

}  // namespace

runtime::Descriptor open_log(const std::string& path) {
    // O_NONBLOCK: a FIFO under this name must not hold the thread
    return runtime::Descriptor(::open(path.c_str(), O_RDONLY | O_CLOEXEC | O_NONBLOCK | O_NOCTTY));
}

bool starts_compressed(int file) {
    std::array<char, 8> first{};
    const auto got = read_at(file, first.data(), first.size(), 0);
    return got > 0 && is_compressed({first.data(), static_cast<std::size_t>(got)});
}

bool holds(int file, const FilePlace& place) {
    struct stat info {};
    if (::fstat(file, &info) != 0 || static_cast<std::uint64_t>(info.st_size) < place.offset) return false;
    const auto head = read_bytes(file, 0, place.head_length);
    return head.size() == place.head_length && fingerprint(head) == place.head;
}

TailFile::TailFile(runtime::Descriptor file, FileIdentity identity, std::string path, std::size_t line_limit)
    : file_(std::move(file)),
      identity_(identity),
      stream_(identity.device * 0x9e3779b97f4a7c15U ^ identity.inode),
      path_(std::move(path)),
      splitter_(line_limit) {}

std::string TailFile::bytes_at(std::uint64_t offset, std::size_t size) const {
    return read_bytes(file_.get(), offset, size);
}

void TailFile::begin(Start start, Time now) {
    struct stat info {};
    if (start == Start::at_end && ::fstat(file_.get(), &info) == 0)
        begin_at(static_cast<std::uint64_t>(info.st_size), now);
    else
        begin_at(0, now);
}

void TailFile::begin_at(std::uint64_t offset, Time now) {
    offset_ = offset;
    head_ = bytes_at(0, static_cast<std::size_t>(std::min<std::uint64_t>(offset, head_size)));
    const auto tail = std::min<std::uint64_t>(offset, tail_size);
    tail_ = bytes_at(offset - tail, static_cast<std::size_t>(tail));
    if (!tail_.empty() && tail_.back() != '\n') splitter_.begin_inside_a_line(offset);
    last_growth_ = now;
}

void TailFile::continue_copy_of(const TailFile& original, Time now) {
    begin_at(original.offset_, now);
    splitter_ = original.splitter_;
    stream_ = original.stream_;
}

void TailFile::start_over() {
    splitter_ = detect::LineSplitter(splitter_.limit());
    head_.clear();
    tail_.clear();
    // a writer that goes on at its old offset leaves a hole, which may be of any size
    const auto data = ::lseek(file_.get(), 0, SEEK_DATA);
    offset_ = data > 0 ? static_cast<std::uint64_t>(data) : 0;
    dirty = true;
}

bool TailFile::same_as_before() const {
    return bytes_at(0, head_.size()) == head_;
}

TailFile::Copy TailFile::as_copy_of(const TailFile& original) const {
    const auto& tail = original.tail_;
    if (tail.empty() || bytes_at(0, original.head_.size()) != original.head_) return Copy::none;
    const auto same_place = bytes_at(original.offset_ - tail.size(), tail.size());
    if (same_place == tail) return Copy::whole;
    return same_place == tail.substr(0, same_place.size()) ? Copy::shorter : Copy::none;
}

std::int64_t TailFile::changed_ns() const {
    struct stat info {};
    if (::fstat(file_.get(), &info) != 0) return 0;
    return std::int64_t{info.st_mtim.tv_sec} * 1'000'000'000 + info.st_mtim.tv_nsec;
}

bool TailFile::has_a_name() const {
    struct stat info {};
    return ::fstat(file_.get(), &info) == 0 && info.st_nlink > 0;
}

void TailFile::remember(std::string_view bytes) {
    if (head_.size() < head_size && offset_ == head_.size())
        head_.append(bytes.substr(0, head_size - head_.size()));
    if (bytes.size() >= tail_size) {
        tail_.assign(bytes.substr(bytes.size() - tail_size));
    } else {
        tail_.append(bytes);
        if (tail_.size() > tail_size) tail_.erase(0, tail_.size() - tail_size);
    }
}

Result<TailFile::Outcome> TailFile::read(Time now, std::vector<char>& buffer, std::size_t budget,
                                         detect::LineReceiver& receiver, detect::FollowCounters& counters) {
    if (!same_as_before()) return Outcome::emptied;
    const auto emit = [&](std::string_view text, std::uint64_t at, detect::LineEnd end) {
        ++counters.lines;
        if (end == detect::LineEnd::cut) ++counters.cut;
        receiver.on_line(
            {.text = text, .source = path_, .id = {stream_, at}, .at = {}, .identifier = {}, .host = {}});
    };
    for (std::size_t used = 0; used < budget;) {
        // the bytes before the new ones are read again with them: when they have changed, so has everything
        const auto known = tail_.size();
        const auto got = read_at(file_.get(), buffer.data(), buffer.size(), offset_ - known);
        if (got < 0)
            return fail(ErrorCode::io, path_ + ": " + std::generic_category().message(errno), Retry::later);
        const std::string_view all(buffer.data(), static_cast<std::size_t>(got));
        if (all.substr(0, known) != tail_) return Outcome::emptied;
        const auto fresh = all.substr(known);
        if (fresh.empty()) return Outcome::at_end;
        splitter_.feed(fresh, offset_, emit);
        remember(fresh);
        offset_ += fresh.size();
        counters.bytes += fresh.size();
        used += fresh.size();
        last_growth_ = now;
        has_grown_ = true;
        if (all.size() < buffer.size()) return Outcome::at_end;
    }
    return Outcome::more;
}

Result<void> TailFile::read_again(std::uint64_t bytes, std::vector<char>& buffer,
                                  detect::LineReceiver& receiver) const {
    const auto emit = [&](std::string_view text, std::uint64_t at, detect::LineEnd) {
        receiver.on_line(
            {.text = text, .source = path_, .id = {stream_, at}, .at = {}, .identifier = {}, .host = {}});
    };
    detect::LineSplitter splitter(splitter_.limit());
    std::uint64_t at = offset_ - std::min(bytes, offset_);
    if (at > 0) splitter.begin_inside_a_line(at);
    while (at < offset_) {
        const auto size = static_cast<std::size_t>(std::min<std::uint64_t>(buffer.size(), offset_ - at));
        const auto got = read_at(file_.get(), buffer.data(), size, at);
        if (got < 0)
            return fail(ErrorCode::io, path_ + ": " + std::generic_category().message(errno), Retry::later);
        if (got == 0) return {};
        splitter.feed({buffer.data(), static_cast<std::size_t>(got)}, at, emit);
        at += static_cast<std::uint64_t>(got);
    }
    return {};
}

void TailFile::flush_older_than(Time oldest, detect::LineReceiver& receiver,
                                detect::FollowCounters& counters) {
    if (!splitter_.unfinished() || last_growth_ > oldest) return;
    splitter_.flush([&](std::string_view text, std::uint64_t at, detect::LineEnd) {
        ++counters.lines;
        ++counters.cut;
        receiver.on_line(
            {.text = text, .source = path_, .id = {stream_, at}, .at = {}, .identifier = {}, .host = {}});
    });
}

std::optional<Time> TailFile::unfinished_since() const {
    if (!splitter_.unfinished()) return std::nullopt;
    return last_growth_;
}

FilePlace TailFile::place(const std::string& name) const {
    const auto at = splitter_.resume_at(offset_);
    const auto length = static_cast<std::size_t>(std::min<std::uint64_t>(head_.size(), at));
    return {name, identity_, at, static_cast<std::uint32_t>(length),
            fingerprint(std::string_view(head_).substr(0, length))};
}

}  // namespace garita::log_files
