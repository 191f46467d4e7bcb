#include "adapters/nft_classes/entry_list.hpp"

#include <algorithm>

#include "runtime/nft/expressions.hpp"

namespace garita::nft_classes {
namespace {

using runtime::nft::Transaction;

/// The entries of each shard, by index.
std::vector<std::vector<std::uint32_t>> shards_of(const EntryList& entries, const Layer& layer,
                                                  unsigned shards) {
    std::vector<std::vector<std::uint32_t>> in(shards);
    const std::size_t count = entries.size(layer);
    for (auto& indexes : in)
        indexes.reserve(count / shards + count / shards / 8);
    for (std::size_t i = 0; i < count; ++i)
        in[shard_of(entries.key(layer, i), shards)].push_back(static_cast<std::uint32_t>(i));
    return in;
}

template <typename Fill>
void put_all(Transaction& transaction, const std::string& set, std::span<const std::uint32_t> indexes,
             const Fill& fill) {
    while (!indexes.empty()) {
        const auto part = indexes.first(std::min(indexes.size(), Transaction::most_elements));
        indexes = indexes.subspan(part.size());
        transaction.elements(NFT_MSG_NEWSETELEM, NLM_F_CREATE, set.c_str(), part.size(),
                             [&](nlmsghdr* message, std::size_t i) { fill(message, part[i]); });
    }
}

}  // namespace

void put_key(nlmsghdr* message, std::span<const std::uint8_t> key) {
    const runtime::nft::Nest nest(message, NFTA_SET_ELEM_KEY);
    mnl_attr_put(message, NFTA_DATA_VALUE, key.size(), key.data());
}

void put_data(nlmsghdr* message, const ElementData& data) {
    if (data.size == 0) return;
    const runtime::nft::Nest nest(message, NFTA_SET_ELEM_DATA);
    mnl_attr_put(message, NFTA_DATA_VALUE, data.size, data.bytes.data());
}

void put_entries(Transaction& transaction, const NftClass& of, const Layout& layout,
                 const EntryList& entries) {
    for (const auto& [layer, spread] : layout.rooms()) {
        if (entries.size(layer) == 0) continue;
        const auto in = shards_of(entries, layer, spread.shards);
        for (unsigned shard = 0; shard < in.size(); ++shard) {
            put_all(transaction, set_name(of, layer, shard), in[shard],
                    [&, at = layer](nlmsghdr* message, std::uint32_t i) {
                        put_key(message, entries.key(at, i).span());
                        put_data(message, entries.data(at, i));
                    });
            if (of.effect != Effect::bind) continue;
            put_all(transaction, pairs_name(of, layer, shard), in[shard],
                    [&, at = layer](nlmsghdr* message, std::uint32_t i) {
                        put_key(message, pair_key(entries.key(at, i), entries.data(at, i)).span());
                    });
        }
    }
}

}  // namespace garita::nft_classes
