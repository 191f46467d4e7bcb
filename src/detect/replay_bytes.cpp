#include "detect/replay_bytes.hpp"

#include <cerrno>
#include <cstring>
#include <fcntl.h>
#include <unistd.h>

#include <sys/stat.h>
#include <zlib.h>

namespace garita::detect {
namespace {

bool starts_with(const std::array<char, 6>& head, std::size_t size, std::string_view magic) {
    return size >= magic.size() && std::memcmp(head.data(), magic.data(), magic.size()) == 0;
}

}  // namespace

/// gzip members one after the other, as logrotate and `cat a.gz b.gz` leave them.
class ReplaySource::Bytes::Inflater {
  public:
    Inflater() : input_(64 * 1024) { good_ = inflateInit2(&stream_, 15 + 16) == Z_OK; }
    ~Inflater() {
        if (good_) inflateEnd(&stream_);
    }
    Inflater(const Inflater&) = delete;
    Inflater& operator=(const Inflater&) = delete;

    /// `more(room, size)` brings compressed bytes. `unreadable` is the text for a damaged file.
    template <typename More>
    Result<std::size_t> read(char* room, std::size_t size, More more, const std::string& path) {
        stream_.next_out = reinterpret_cast<Bytef*>(room);
        stream_.avail_out = static_cast<uInt>(size);
        while (good_ && stream_.avail_out == size) {
            if (stream_.avail_in == 0) {
                const auto got = more(input_.data(), input_.size());
                if (!got) return got;
                if (*got == 0) {
                    if (between_members_) return std::size_t{0};
                    return fail(
                        ErrorCode::io,
                        path + ": the gzip data ends early; the file is cut off or still being written");
                }
                stream_.next_in = reinterpret_cast<Bytef*>(input_.data());
                stream_.avail_in = static_cast<uInt>(*got);
            }
            if (between_members_ && inflateReset(&stream_) != Z_OK) break;
            between_members_ = false;
            const int status = inflate(&stream_, Z_NO_FLUSH);
            if (status == Z_STREAM_END)
                between_members_ = true;
            else if (status != Z_OK && status != Z_BUF_ERROR)
                return fail(
                    ErrorCode::io,
                    path + ": damaged gzip data; restore the file or unpack what can be saved with 'zcat'");
        }
        if (!good_) return fail(ErrorCode::io, path + ": zlib could not start, memory is short");
        return size - stream_.avail_out;
    }

  private:
    z_stream stream_{};
    std::vector<char> input_;
    bool good_ = false;
    bool between_members_ = false;
};

ReplaySource::Bytes::Bytes(int descriptor, std::string path)
    : descriptor_(descriptor), path_(std::move(path)) {}

ReplaySource::Bytes::~Bytes() {
    if (descriptor_ > STDIN_FILENO) close(descriptor_);
}

Result<std::unique_ptr<ReplaySource::Bytes>> ReplaySource::Bytes::open(const std::string& path) {
    const int descriptor = path == "-" ? STDIN_FILENO : ::open(path.c_str(), O_RDONLY | O_CLOEXEC | O_NOCTTY);
    if (descriptor < 0)
        return fail(ErrorCode::io,
                    path + ": cannot be opened: " + std::strerror(errno) + "; check the name and the rights");
    std::unique_ptr<Bytes> bytes(new Bytes(descriptor, path == "-" ? "standard input" : path));
    struct stat status {};
    if (fstat(descriptor, &status) == 0) {
        if (S_ISDIR(status.st_mode))
            return fail(ErrorCode::io, path + ": is a directory; name the log files in it");
        if (S_ISREG(status.st_mode)) {
            bytes->file_size = static_cast<std::uint64_t>(status.st_size);
            bytes->changed_at = status.st_mtim.tv_sec;
            posix_fadvise(descriptor, 0, 0, POSIX_FADV_SEQUENTIAL);
        }
    }
    if (auto looked = bytes->look_at_head(); !looked) return tl::unexpected<Error>(looked.error());
    return bytes;
}

Result<void> ReplaySource::Bytes::look_at_head() {
    while (head_size_ < head_.size()) {
        const auto got = ::read(descriptor_, head_.data() + head_size_, head_.size() - head_size_);
        if (got < 0 && errno == EINTR) continue;
        if (got < 0) return fail(ErrorCode::io, path_ + ": cannot be read: " + std::strerror(errno));
        if (got == 0) break;
        head_size_ += static_cast<std::size_t>(got);
    }
    raw_bytes = head_size_;
    using namespace std::string_view_literals;
    if (starts_with(head_, head_size_, "\x1f\x8b"sv)) inflater_ = std::make_unique<Inflater>();
    if (starts_with(head_, head_size_,
                    "\xfd"sv
                    "7zXZ"sv))
        return fail(
            ErrorCode::invalid,
            path_ + ": is compressed with xz; unpack it through a pipe: xzcat FILE | garita replay … -");
    if (starts_with(head_, head_size_, "\x28\xb5\x2f\xfd"sv))
        return fail(
            ErrorCode::invalid,
            path_ + ": is compressed with zstd; unpack it through a pipe: zstdcat FILE | garita replay … -");
    if (starts_with(head_, head_size_, "BZh"sv))
        return fail(
            ErrorCode::invalid,
            path_ + ": is compressed with bzip2; unpack it through a pipe: bzcat FILE | garita replay … -");
    return {};
}

Result<std::size_t> ReplaySource::Bytes::read_raw(char* room, std::size_t size) {
    if (head_given_ < head_size_) {
        const std::size_t part = std::min(size, head_size_ - head_given_);
        std::memcpy(room, head_.data() + head_given_, part);
        head_given_ += part;
        return part;
    }
    while (true) {
        const auto got = ::read(descriptor_, room, size);
        if (got < 0 && errno == EINTR) continue;
        if (got < 0) return fail(ErrorCode::io, path_ + ": reading failed: " + std::strerror(errno));
        raw_bytes += static_cast<std::uint64_t>(got);
        return static_cast<std::size_t>(got);
    }
}

Result<std::size_t> ReplaySource::Bytes::read(char* room, std::size_t size) {
    if (!inflater_) return read_raw(room, size);
    return inflater_->read(
        room, size, [this](char* at, std::size_t wanted) { return read_raw(at, wanted); }, path_);
}

}  // namespace garita::detect
