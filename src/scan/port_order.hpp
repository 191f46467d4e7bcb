#pragma once
// The order in which the ports of a set are asked: shuffled once, and begun by each target at a place of its
// own, so that the next port is one look into a table that all targets share.

#include <algorithm>
#include <cstdint>
#include <span>
#include <utility>
#include <vector>

namespace garita::scan {

/// The numbers below `size` (65536 at most), each once, without a pattern. Not secret.
class ShuffledPorts {
  public:
    ShuffledPorts(std::uint32_t size, std::uint64_t key) : numbers_(std::max(size, 1U)) {
        for (std::uint32_t i = 0; i < numbers_.size(); ++i)
            numbers_[i] = static_cast<std::uint16_t>(i);
        for (std::uint32_t left = size; left > 1; --left) {
            key += 0x9e3779b97f4a7c15ULL;
            std::uint64_t word = (key ^ (key >> 30)) * 0xbf58476d1ce4e5b9ULL;
            word = (word ^ (word >> 27)) * 0x94d049bb133111ebULL;
            std::swap(numbers_[left - 1], numbers_[(word >> 32) * left >> 32]);
        }
    }
    [[nodiscard]] std::span<const std::uint16_t> numbers() const { return numbers_; }

  private:
    std::vector<std::uint16_t> numbers_;
};

/// One target's walk over them, which goes round at the end. The shuffled ports must outlive it.
class PortOrder {
  public:
    PortOrder(const ShuffledPorts& ports, std::uint64_t key)
        : numbers_(ports.numbers()),
          begin_(static_cast<std::uint32_t>((key >> 32) * numbers_.size() >> 32)) {}

    [[nodiscard]] std::uint32_t at(std::uint32_t place) const {
        const std::uint32_t i = place + begin_;
        return numbers_[i < numbers_.size() ? i : i - numbers_.size()];
    }
    /// The place where at() gives this number. Slow: for rare questions.
    [[nodiscard]] std::uint32_t place_of(std::uint32_t number) const {
        const auto found = std::find(numbers_.begin(), numbers_.end(), number);
        const auto i = static_cast<std::uint32_t>(found - numbers_.begin());
        return i >= begin_ ? i - begin_ : i + static_cast<std::uint32_t>(numbers_.size()) - begin_;
    }

  private:
    std::span<const std::uint16_t> numbers_;
    std::uint32_t begin_;
};

}  // namespace garita::scan
