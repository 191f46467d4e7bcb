#include "adapters/catalogue/mo_file.hpp"

#include <algorithm>
#include <cstddef>
#include <optional>

namespace garita::catalogue {

namespace {

/// The file's numbers, in the byte order that its first four bytes tell.
class Numbers {
  public:
    explicit Numbers(std::string_view bytes) : bytes_(bytes) {}

    [[nodiscard]] bool detect_order() {
        constexpr std::uint32_t magic = 0x950412de;
        for (const bool big : {false, true}) {
            big_ = big;
            if (at(0) == magic) return true;
        }
        return false;
    }

    [[nodiscard]] std::optional<std::uint32_t> at(std::uint64_t offset) const {
        if (offset + 4 > bytes_.size()) return std::nullopt;
        std::uint32_t value = 0;
        for (std::size_t i = 0; i < 4; ++i) {
            const auto byte = static_cast<unsigned char>(bytes_[static_cast<std::size_t>(offset) + i]);
            value |= static_cast<std::uint32_t>(byte) << (8 * (big_ ? 3 - i : i));
        }
        return value;
    }

    /// The text that a table entry (length, offset) points to.
    [[nodiscard]] std::optional<std::string_view> text(std::uint64_t entry) const {
        const auto length = at(entry);
        const auto offset = at(entry + 4);
        if (!length || !offset || std::uint64_t{*offset} + *length > bytes_.size()) return std::nullopt;
        return bytes_.substr(*offset, *length);
    }

  private:
    std::string_view bytes_;
    bool big_ = false;
};

}  // namespace

Result<MoFile> MoFile::parse(std::string_view bytes) {
    const auto damaged = [](const char* what) {
        return fail(ErrorCode::invalid, std::string("compiled message catalogue: ") + what);
    };
    Numbers numbers(bytes);
    if (!numbers.detect_order()) return damaged("does not begin with the magic number");
    const auto count = numbers.at(8);
    const auto ids = numbers.at(12);
    const auto texts = numbers.at(16);
    if (!count || !ids || !texts) return damaged("the header is cut off");
    if (*count > bytes.size() / 16) return damaged("more messages than the file has room for");

    MoFile file;
    file.messages_.reserve(*count);
    for (std::uint64_t i = 0; i < *count; ++i) {
        const auto id = numbers.text(*ids + i * 8);
        const auto text = numbers.text(*texts + i * 8);
        if (!id || !text) return damaged("a message lies outside of the file");
        if (!id->empty()) file.messages_.emplace_back(*id, *text);
    }
    std::sort(file.messages_.begin(), file.messages_.end());
    return file;
}

std::string_view MoFile::find(std::string_view id) const {
    const auto found =
        std::lower_bound(messages_.begin(), messages_.end(), id,
                         [](const auto& message, std::string_view wanted) { return message.first < wanted; });
    return found != messages_.end() && found->first == id ? found->second : std::string_view{};
}

}  // namespace garita::catalogue
