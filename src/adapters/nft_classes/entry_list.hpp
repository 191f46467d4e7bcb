#pragma once
// Many entries of a class, close together: what a whole set is filled from.

#include <array>
#include <cstdint>
#include <cstring>
#include <span>
#include <vector>

#include "adapters/nft_classes/keys.hpp"
#include "adapters/nft_classes/layout.hpp"
#include "runtime/nft/transaction.hpp"

namespace garita::nft_classes {

/// Keys of all layers, each with `data_size` bytes.
class EntryList {
  public:
    explicit EntryList(std::size_t data_size) : data_size_(data_size) {}

    void add(const ElementKey& key, const ElementData& data) {
        ++count_;
        auto& bytes = by_layer_[key.layer.index()];
        bytes.insert(bytes.end(), key.bytes.begin(),
                     key.bytes.begin() + static_cast<std::ptrdiff_t>(key.size()));
        bytes.insert(bytes.end(), data.bytes.begin(),
                     data.bytes.begin() + static_cast<std::ptrdiff_t>(data_size_));
    }
    [[nodiscard]] std::size_t size() const { return count_; }
    [[nodiscard]] std::size_t size(const Layer& layer) const {
        return by_layer_[layer.index()].size() / stride(layer);
    }
    [[nodiscard]] ElementKey key(const Layer& layer, std::size_t index) const {
        ElementKey key{layer, {}};
        std::memcpy(key.bytes.data(), at(layer, index), key.size());
        return key;
    }
    [[nodiscard]] ElementData data(const Layer& layer, std::size_t index) const {
        ElementData data;
        data.size = static_cast<std::uint8_t>(data_size_);
        std::memcpy(data.bytes.data(), at(layer, index) + layer.size(), data_size_);
        return data;
    }

  private:
    [[nodiscard]] std::size_t stride(const Layer& layer) const { return layer.size() + data_size_; }
    [[nodiscard]] const std::uint8_t* at(const Layer& layer, std::size_t index) const {
        return by_layer_[layer.index()].data() + index * stride(layer);
    }

    std::size_t data_size_;
    std::size_t count_ = 0;
    std::array<std::vector<std::uint8_t>, Layer::count> by_layer_;
};

/// Adds all of them to the sets of the layout.
void put_entries(runtime::nft::Transaction& transaction, const NftClass& of, const Layout& layout,
                 const EntryList& entries);

/// What stands between the start and the end of an element.
void put_key(nlmsghdr* message, std::span<const std::uint8_t> key);
void put_data(nlmsghdr* message, const ElementData& data);

}  // namespace garita::nft_classes
