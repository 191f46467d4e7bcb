#include "detect/replay_source.hpp"

#include <cstring>

#include "detect/replay_bytes.hpp"

namespace garita::detect {
namespace {

constexpr std::size_t first_buffer = std::size_t{256} << 10;

}  // namespace

ReplaySource::ReplaySource(std::string path, std::unique_ptr<Bytes> bytes)
    : path_(std::move(path)), bytes_(std::move(bytes)), buffer_(first_buffer) {}
ReplaySource::ReplaySource(ReplaySource&&) noexcept = default;
ReplaySource& ReplaySource::operator=(ReplaySource&&) noexcept = default;
ReplaySource::~ReplaySource() = default;

Result<ReplaySource> ReplaySource::open(const std::string& path) {
    auto bytes = Bytes::open(path);
    if (!bytes) return tl::unexpected<Error>(bytes.error());
    return ReplaySource(path, std::move(*bytes));
}

std::uint64_t ReplaySource::bytes_read() const {
    return bytes_->raw_bytes;
}

std::uint64_t ReplaySource::file_size() const {
    return bytes_->file_size;
}

std::int64_t ReplaySource::changed_at() const {
    return bytes_->changed_at;
}

// The unfinished line moves to the front; a buffer that is one unfinished line grows up to the longest line
// there is.
bool ReplaySource::make_room() {
    filled_ -= given_;
    std::memmove(buffer_.data(), buffer_.data() + given_, filled_);
    given_ = 0;
    if (filled_ < buffer_.size()) return true;
    if (buffer_.size() > max_line) return false;
    buffer_.resize(buffer_.size() * 2);
    return true;
}

Result<std::string_view> ReplaySource::next() {
    while (!ended_) {
        if (!make_room()) {
            skipping_ = true;
            ++overlong_lines_;
            filled_ = 0;
        }
        const std::size_t before = filled_;
        const auto got = bytes_->read(buffer_.data() + filled_, buffer_.size() - filled_);
        if (!got) return tl::unexpected<Error>(got.error());
        filled_ += *got;
        ended_ = *got == 0;
        if (skipping_) {
            const void* end = std::memchr(buffer_.data(), '\n', filled_);
            skipping_ = end == nullptr;
            given_ = skipping_ ? filled_
                               : static_cast<std::size_t>(static_cast<const char*>(end) - buffer_.data()) + 1;
            continue;
        }
        const void* last = ended_ ? nullptr : memrchr(buffer_.data() + before, '\n', *got);
        if (last != nullptr) {
            given_ = static_cast<std::size_t>(static_cast<const char*>(last) - buffer_.data()) + 1;
            return std::string_view(buffer_.data(), given_);
        }
    }
    const std::string_view rest(buffer_.data() + given_, filled_ - given_);
    given_ = filled_;
    return rest;
}

}  // namespace garita::detect
