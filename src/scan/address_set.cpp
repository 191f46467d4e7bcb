#include "scan/address_set.hpp"

#include <algorithm>
#include <iterator>
#include <limits>

namespace garita::scan {
namespace {

constexpr auto most = std::numeric_limits<std::uint64_t>::max();

IpAddress with_bytes(const IpAddress& like, const std::array<std::uint8_t, 16>& bytes) {
    return like.is_v4() ? IpAddress::from_v4({bytes[0], bytes[1], bytes[2], bytes[3]})
                        : IpAddress::from_v6(bytes);
}

/// After the last address of a family comes its first.
IpAddress next_of(const IpAddress& address) {
    auto bytes = address.bytes();
    for (std::size_t i = address.size(); i-- > 0;)
        if (++bytes[i] != 0) break;
    return with_bytes(address, bytes);
}

IpAddress previous_of(const IpAddress& address) {
    auto bytes = address.bytes();
    for (std::size_t i = address.size(); i-- > 0;)
        if (bytes[i]-- != 0) break;
    return with_bytes(address, bytes);
}

/// Whether a range that begins there leaves no gap behind this one.
bool reaches(const AddressRange& earlier, const IpAddress& first) {
    if (earlier.last.family() != first.family()) return false;
    return first <= earlier.last || previous_of(first) == earlier.last;
}

std::vector<AddressRange> united(std::vector<AddressRange> ranges) {
    std::sort(ranges.begin(), ranges.end(),
              [](const AddressRange& a, const AddressRange& b) { return a.first < b.first; });
    std::vector<AddressRange> out;
    for (const auto& range : ranges)
        if (!out.empty() && reaches(out.back(), range.first))
            out.back().last = std::max(out.back().last, range.last);
        else
            out.push_back(range);
    return out;
}

}  // namespace

AddressRange AddressRange::of(const IpNetwork& network) {
    auto bytes = network.address().bytes();
    for (unsigned bit = network.prefix(); bit < network.address().bits(); ++bit)
        bytes[bit / 8] = static_cast<std::uint8_t>(bytes[bit / 8] | (0x80U >> (bit % 8)));
    return {network.address(), with_bytes(network.address(), bytes)};
}

std::uint64_t AddressRange::size() const {
    std::uint64_t high = 0;
    std::uint64_t low = 0;
    std::uint64_t borrow = 0;
    for (std::size_t i = first.size(), place = 0; i-- > 0; ++place) {
        const std::uint64_t minuend = 0x100U + last.bytes()[i];
        const std::uint64_t digit = minuend - first.bytes()[i] - borrow;
        borrow = digit < 0x100U ? 1 : 0;
        auto& half = place < 8 ? low : high;
        half |= (digit & 0xffU) << (place % 8 * 8);
    }
    return high != 0 || low == most ? most : low + 1;
}

AddressSet::AddressSet(std::vector<AddressRange> ranges) : ranges_(united(std::move(ranges))) {}

bool AddressSet::contains(const IpAddress& address) const {
    const auto after = std::upper_bound(
        ranges_.begin(), ranges_.end(), address,
        [](const IpAddress& wanted, const AddressRange& range) { return wanted < range.first; });
    return after != ranges_.begin() && address <= std::prev(after)->last;
}

std::uint64_t AddressSet::size() const {
    std::uint64_t count = 0;
    for (const auto& range : ranges_)
        count = range.size() > most - count ? most : count + range.size();
    return count;
}

AddressSet AddressSet::operator-(const AddressSet& other) const {
    AddressSet rest;
    auto hole = other.ranges_.begin();
    for (const auto& range : ranges_) {
        std::optional<IpAddress> first = range.first;  // nothing: the holes reach the range's end
        while (hole != other.ranges_.end() && hole->last < range.first)
            ++hole;
        for (auto at = hole; at != other.ranges_.end() && at->first <= range.last; ++at) {
            if (*first < at->first) rest.ranges_.push_back({*first, previous_of(at->first)});
            if (at->last >= range.last) {
                first.reset();
                break;
            }
            first = next_of(at->last);
        }
        if (first) rest.ranges_.push_back({*first, range.last});
    }
    return rest;
}

std::optional<IpAddress> AddressWalk::next() {
    const auto& ranges = set_->ranges();
    if (range_ == ranges.size()) return std::nullopt;
    given_ = given_ ? next_of(*given_) : ranges[range_].first;
    const auto address = given_;
    if (*address == ranges[range_].last) {
        given_.reset();
        ++range_;
    }
    return address;
}

}  // namespace garita::scan
