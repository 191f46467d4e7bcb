#pragma once
// Many entries of a class, close together: what a whole set is filled from.

#include <cstdint>
#include <cstring>
#include <span>
#include <vector>

#include "adapters/nft_classes/keys.hpp"
#include "adapters/nft_classes/layout.hpp"
#include "runtime/nft/transaction.hpp"

namespace garita::nft_classes {

/// Addresses of both families, each with `data_size` bytes.
class EntryList {
  public:
    explicit EntryList(std::size_t data_size) : data_size_(data_size) {}

    void add(const AddressKey& key, const ElementData& data) {
        auto& bytes = of(key.family);
        bytes.insert(bytes.end(), key.bytes.begin(),
                     key.bytes.begin() + static_cast<std::ptrdiff_t>(key.size()));
        bytes.insert(bytes.end(), data.bytes.begin(),
                     data.bytes.begin() + static_cast<std::ptrdiff_t>(data_size_));
    }
    void clear() { v4_.clear(), v6_.clear(); }
    void shrink(IpFamily family, std::size_t entries) { of(family).resize(entries * stride(family)); }
    [[nodiscard]] std::size_t size(IpFamily family) const {
        return (family == IpFamily::v4 ? v4_ : v6_).size() / stride(family);
    }
    [[nodiscard]] AddressKey key(IpFamily family, std::size_t index) const {
        AddressKey key{family, {}};
        std::memcpy(key.bytes.data(), at(family, index), key.size());
        return key;
    }
    [[nodiscard]] ElementData data(IpFamily family, std::size_t index) const {
        ElementData data;
        data.size = static_cast<std::uint8_t>(data_size_);
        std::memcpy(data.bytes.data(), at(family, index) + (family == IpFamily::v4 ? 4 : 16), data_size_);
        return data;
    }

  private:
    [[nodiscard]] std::size_t stride(IpFamily family) const {
        return (family == IpFamily::v4 ? 4 : 16) + data_size_;
    }
    [[nodiscard]] const std::uint8_t* at(IpFamily family, std::size_t index) const {
        return (family == IpFamily::v4 ? v4_ : v6_).data() + index * stride(family);
    }
    std::vector<std::uint8_t>& of(IpFamily family) { return family == IpFamily::v4 ? v4_ : v6_; }

    std::size_t data_size_;
    std::vector<std::uint8_t> v4_;
    std::vector<std::uint8_t> v6_;
};

/// Adds all of them to the sets of the layout.
void put_entries(runtime::nft::Transaction& transaction, const NftClass& of, const Layout& layout,
                 const EntryList& entries);

/// What stands between the start and the end of an element.
void put_key(nlmsghdr* message, std::span<const std::uint8_t> key);
void put_data(nlmsghdr* message, const ElementData& data);

}  // namespace garita::nft_classes
