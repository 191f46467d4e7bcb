#pragma once
// Many addresses of both families, without a list of each.

#include <cstdint>
#include <optional>
#include <vector>

#include "model/ip.hpp"

namespace garita::scan {

/// From first to last, both included; of one family, and never across ::ffff:0:0/96.
struct AddressRange {
    IpAddress first;
    IpAddress last;

    /// The whole network, with its first and last address.
    [[nodiscard]] static AddressRange of(const IpNetwork& network);
    /// How many; no more than the greatest number, where there are more.
    [[nodiscard]] std::uint64_t size() const;
    friend bool operator==(const AddressRange&, const AddressRange&) = default;
};

/// Kept as ranges that neither touch nor overlap, in order: IPv4 first.
class AddressSet {
  public:
    AddressSet() = default;
    /// In any order, overlapping or not.
    explicit AddressSet(std::vector<AddressRange> ranges);

    [[nodiscard]] bool contains(const IpAddress& address) const;
    [[nodiscard]] bool empty() const { return ranges_.empty(); }
    /// No more than the greatest number, where there are more.
    [[nodiscard]] std::uint64_t size() const;
    [[nodiscard]] const std::vector<AddressRange>& ranges() const { return ranges_; }

    [[nodiscard]] AddressSet operator-(const AddressSet& other) const;
    friend bool operator==(const AddressSet&, const AddressSet&) = default;

  private:
    std::vector<AddressRange> ranges_;
};

/// Goes through a set, address by address. The set must outlive it.
class AddressWalk {
  public:
    explicit AddressWalk(const AddressSet& set) : set_(&set) {}
    /// Nothing: all were given.
    std::optional<IpAddress> next();

  private:
    const AddressSet* set_;
    std::size_t range_ = 0;
    std::optional<IpAddress> given_;  ///< the last of this range
};

}  // namespace garita::scan
