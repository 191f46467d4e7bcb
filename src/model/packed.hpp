#pragma once
// A few bytes kept in place: what a million rules are named by, without a million allocations.

#include <algorithm>
#include <array>
#include <compare>
#include <cstddef>
#include <cstdint>
#include <cstring>
#include <functional>
#include <span>
#include <string_view>

namespace garita {

/// At most `Capacity` bytes in `Capacity + 1`; ordered as byte strings. A value type.
template <std::size_t Capacity>
class Packed {
    static_assert(Capacity < 256);

  public:
    static constexpr std::size_t capacity = Capacity;

    constexpr Packed() = default;

    /// False: there is no room, nothing was added.
    [[nodiscard]] bool append(std::span<const std::uint8_t> more) {
        if (more.size() > Capacity - size_) return false;
        std::copy(more.begin(), more.end(), bytes_.begin() + size_);
        size_ = static_cast<std::uint8_t>(size_ + more.size());
        return true;
    }

    [[nodiscard]] std::span<const std::uint8_t> bytes() const { return {bytes_.data(), size_}; }
    [[nodiscard]] std::size_t size() const { return size_; }
    [[nodiscard]] bool empty() const { return size_ == 0; }

    friend bool operator==(const Packed&, const Packed&) = default;
    friend std::strong_ordering operator<=>(const Packed& one, const Packed& other) {
        const auto shorter = std::min(one.size_, other.size_);
        if (const int order = std::memcmp(one.bytes_.data(), other.bytes_.data(), shorter); order != 0)
            return order < 0 ? std::strong_ordering::less : std::strong_ordering::greater;
        return one.size_ <=> other.size_;
    }

  private:
    std::uint8_t size_ = 0;
    std::array<std::uint8_t, Capacity> bytes_{};  ///< zero beyond size_
};

/// The parameters of a rule, and its value, as model/rule_class packs them. Longer ones are refused at the
/// door. A value may be an IPv6 network or the longest name of an interface.
using RuleKey = Packed<31>;
using RuleValue = Packed<23>;

}  // namespace garita

template <std::size_t Capacity>
struct std::hash<garita::Packed<Capacity>> {
    std::size_t operator()(const garita::Packed<Capacity>& packed) const noexcept {
        const auto bytes = packed.bytes();
        return std::hash<std::string_view>{}({reinterpret_cast<const char*>(bytes.data()), bytes.size()});
    }
};
