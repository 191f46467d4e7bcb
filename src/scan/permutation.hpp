#pragma once
// A keyed order of the numbers below n, without a table, that can be asked both ways.

#include <array>
#include <bit>
#include <cstdint>

namespace garita::scan {

/// A Feistel network over the next even power of two; numbers outside are walked on until they fall inside.
/// Every key gives a permutation. Not secret, only without a pattern.
class Permutation {
  public:
    /// `size` from 1 to 2^31.
    Permutation(std::uint32_t size, std::uint64_t key) : size_(size) {
        const unsigned bits = static_cast<unsigned>(std::bit_width(size > 1 ? size - 1 : 1U));
        half_ = (bits + 1) / 2;
        mask_ = (1U << half_) - 1;
        for (auto& round : keys_) {
            key += 0x9e3779b97f4a7c15ULL;
            std::uint64_t word = (key ^ (key >> 30)) * 0xbf58476d1ce4e5b9ULL;
            word = (word ^ (word >> 27)) * 0x94d049bb133111ebULL;
            round = static_cast<std::uint32_t>(word >> 32);
        }
    }

    [[nodiscard]] std::uint32_t size() const { return size_; }

    [[nodiscard]] std::uint32_t at(std::uint32_t place) const {
        do
            place = forth(place);
        while (place >= size_);
        return place;
    }
    /// The place where at() gives this number.
    [[nodiscard]] std::uint32_t place_of(std::uint32_t number) const {
        do
            number = back(number);
        while (number >= size_);
        return number;
    }

  private:
    [[nodiscard]] std::uint32_t mix(std::uint32_t value, std::uint32_t key) const {
        value = (value ^ key) * 0x85ebca6bU;
        value ^= value >> 15;
        value *= 0xc2b2ae35U;
        return (value ^ (value >> 16)) & mask_;
    }
    [[nodiscard]] std::uint32_t forth(std::uint32_t value) const {
        std::uint32_t left = value >> half_;
        std::uint32_t right = value & mask_;
        for (const std::uint32_t key : keys_) {
            const std::uint32_t next = left ^ mix(right, key);
            left = right;
            right = next;
        }
        return left << half_ | right;
    }
    [[nodiscard]] std::uint32_t back(std::uint32_t value) const {
        std::uint32_t left = value >> half_;
        std::uint32_t right = value & mask_;
        for (auto key = keys_.rbegin(); key != keys_.rend(); ++key) {
            const std::uint32_t before = right ^ mix(left, *key);
            right = left;
            left = before;
        }
        return left << half_ | right;
    }

    std::uint32_t size_;
    unsigned half_ = 0;
    std::uint32_t mask_ = 0;
    std::array<std::uint32_t, 4> keys_{};
};

}  // namespace garita::scan
