#pragma once
// Classes and filters of one device as traffic control has them: requests to be sent many at a time, and what
// the kernel lists.

#include <array>
#include <cstddef>
#include <cstdint>
#include <optional>
#include <span>
#include <vector>

#include "model/packed.hpp"
#include "model/rule_class.hpp"

struct nlmsghdr;

namespace garita::tc {

constexpr std::uint32_t root_handle = 0x6A000000;  ///< "6a00:", of the queueing discipline

/// As the subscriber sees it: which address of a packet is the subscriber's.
enum class Direction : std::uint8_t { receives, sends };

/// Two tables of filters, by family; each has 256 lists, chosen by the last byte of the address.
struct FilterTable {
    std::uint8_t family = 4;
    [[nodiscard]] std::uint32_t id() const { return family == 4 ? 0x00100000U : 0x00200000U; }
    [[nodiscard]] std::uint32_t info() const;  ///< priority and protocol
};

/// One subscriber's filter: which class its packets belong to.
struct SubscriberFilter {
    RuleKey key;
    std::uint32_t handle = 0;  ///< table, list, and a number in it
    std::uint16_t minor = 0;   ///< of the class
};

/// One device's requests, one behind the other, as they are sent.
class Requests {
  public:
    Requests(int link, Direction direction) : link_(link), direction_(direction) {}

    void root();
    void take_root();
    /// Makes the class, or gives it this rate.
    void put_class(std::uint16_t minor, std::uint64_t bytes_per_second);
    void filter_table(const FilterTable& table);
    void filter_link(const FilterTable& table);
    void put_filter(const SubscriberFilter& filter);
    void take_filter(const SubscriberFilter& filter);

    [[nodiscard]] std::span<const std::byte> bytes() const { return {bytes_.data(), used_}; }
    [[nodiscard]] std::size_t count() const { return sequences_.size(); }
    void clear();
    /// The kernel's answers bear these, from `first` on.
    void number(std::uint32_t first);

  private:
    nlmsghdr& begin(std::uint16_t type, std::uint16_t flags, std::uint32_t parent, std::uint32_t handle,
                    std::uint32_t info);
    void end(const nlmsghdr& message);

    int link_;
    Direction direction_;
    std::vector<std::byte> bytes_;
    std::size_t used_ = 0;
    std::vector<std::size_t> sequences_;  ///< where each message begins
};

struct ListedClass {
    std::uint16_t minor = 0;
    std::uint64_t bytes_per_second = 0;
};
/// Of our discipline; nothing: something else.
[[nodiscard]] std::optional<ListedClass> parse_class(const nlmsghdr& message);

/// A table, the link to it, or a subscriber's filter.
struct ListedFilter {
    enum class Kind { other, table, link, subscriber };
    Kind kind = Kind::other;
    std::uint8_t family = 4;
    SubscriberFilter filter;
};
[[nodiscard]] ListedFilter parse_filter(const nlmsghdr& message, Direction direction);

}  // namespace garita::tc
