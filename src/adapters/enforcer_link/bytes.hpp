#pragma once
// Numbers, texts and lists as bytes and back. The reader never looks behind the end, never reserves more than
// the bytes that are there can hold, and once something was wrong gives nothing but zeros.

#include <array>
#include <cstddef>
#include <cstdint>
#include <optional>
#include <span>
#include <string>
#include <string_view>
#include <vector>

namespace garita::enforcer_link {

class ByteWriter {
  public:
    /// Little-endian, of the type's size.
    template <typename Number>
    void number(Number value) {
        const auto bits = static_cast<std::uint64_t>(value);
        std::array<char, sizeof(Number)> bytes;
        for (std::size_t i = 0; i < bytes.size(); ++i)
            bytes[i] = static_cast<char>((bits >> (8 * i)) & 0xffU);
        bytes_.append(bytes.data(), bytes.size());
    }
    void raw(const std::uint8_t* bytes, std::size_t size) {
        bytes_.append(reinterpret_cast<const char*>(bytes), size);
    }
    void text(std::string_view text) {
        text = text.substr(0, longest_text);
        number(static_cast<std::uint32_t>(text.size()));
        bytes_.append(text);
    }
    [[nodiscard]] std::string take() { return std::move(bytes_); }

    static constexpr std::size_t longest_text = 64 * 1024;

  private:
    std::string bytes_;
};

class ByteReader {
  public:
    explicit ByteReader(std::string_view bytes) : rest_(bytes) {}

    template <typename Number>
    [[nodiscard]] Number number() {
        std::uint64_t bits = 0;
        const auto bytes = raw(sizeof(Number));
        for (std::size_t i = 0; i < bytes.size(); ++i)
            bits |= std::uint64_t{static_cast<unsigned char>(bytes[i])} << (8 * i);
        return static_cast<Number>(bits);
    }
    /// A number below the limit; anything else is wrong.
    [[nodiscard]] std::uint8_t choice(std::uint8_t limit) {
        const auto value = number<std::uint8_t>();
        if (value < limit) return value;
        wrong();
        return 0;
    }
    [[nodiscard]] std::string text() {
        const auto size = number<std::uint32_t>();
        if (size > ByteWriter::longest_text) wrong();
        return std::string(raw(size));
    }
    /// So many bytes; none when there are fewer.
    [[nodiscard]] std::string_view raw(std::size_t size) {
        if (!fine_ || size > rest_.size()) {
            wrong();
            return {};
        }
        const auto bytes = rest_.substr(0, size);
        rest_.remove_prefix(size);
        return bytes;
    }
    void wrong() {
        fine_ = false;
        rest_ = {};
    }
    [[nodiscard]] std::size_t left() const { return rest_.size(); }
    [[nodiscard]] bool fine() const { return fine_; }
    /// Everything was right, and nothing is left.
    [[nodiscard]] bool complete() const { return fine_ && rest_.empty(); }

  private:
    std::string_view rest_;
    bool fine_ = true;
};

}  // namespace garita::enforcer_link
