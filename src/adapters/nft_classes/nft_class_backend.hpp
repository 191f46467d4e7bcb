#pragma once
// A class of rules in the kernel's nftables, by netlink.

#include <memory>
#include <optional>
#include <span>
#include <string>
#include <vector>

#include "adapters/nft_classes/element_changes.hpp"
#include "adapters/nft_classes/entry_list.hpp"
#include "adapters/nft_classes/nft_class.hpp"
#include "adapters/nft_classes/table.hpp"
#include "enforce/class_backend.hpp"

namespace garita::nft_classes {

/// Its entries lie in sets of fixed size, which the kernel fills fastest; when one is full, all are replaced
/// by larger ones in one transaction.
class NftClassBackend final : public enforce::ClassBackend {
  public:
    /// All classes of a device share its table and its thread.
    NftClassBackend(std::shared_ptr<NftTable> table, NftClass rules);

    Result<void> prepare() override;
    Result<std::vector<enforce::ChangeFailure>> apply(std::span<const enforce::ClassChange> changes) override;
    Result<void> read_back(const enforce::EntrySink& entry) override;
    [[nodiscard]] std::size_t parts() const override;
    [[nodiscard]] std::size_t part_of(const RuleKey& key) const override;
    Result<void> read_part(std::size_t part, const enforce::EntrySink& entry) override;
    Result<std::vector<enforce::ChangeFailure>> rebuild(const enforce::EntrySource& all,
                                                        std::size_t count) override;
    Result<enforce::Drift> check(std::size_t count) override;
    Result<void> remove_all() override;

  private:
    [[nodiscard]] Result<Layout> layout();
    [[nodiscard]] EntryList empty_list() const;
    Result<void> read_shard(const Layer& layer, unsigned shard, const enforce::EntrySink& entry);
    /// All that the sets seen of these layers hold, as far as they can be read.
    Result<EntryList> salvage(const Seen& seen, std::span<const Layer> layers);
    /// What is replaced on the way to a layout: the entries only where it is that already, or else
    /// everything; or the layers that differ, while the others keep their sets with what is in them.
    enum class Anew { entries, everything, differing };
    /// In one transaction; the entries are those of all sets that are replaced. The layout grows where it is
    /// too small. full: the class may not be so large. conflict, of `differing`: what was there is not.
    Result<void> arrange(Layout layout, const EntryList& entries, Anew anew);
    Result<void> grow(const Layer& layer);
    /// Makes the layers that the changes need and the layout has not.
    Result<void> add_layers(const ElementChanges& changes);
    /// With room for the entries; of networks only the layers that have some.
    [[nodiscard]] Layout fitted(Layout layout, const EntryList& entries) const;
    [[nodiscard]] Result<Layout> larger(Layout layout, const Layer& layer) const;
    /// The set of entries that a part is.
    struct Part {
        Layer layer;
        unsigned shard = 0;
    };
    [[nodiscard]] std::optional<Part> at_part(std::size_t part) const;

    std::shared_ptr<NftTable> table_;
    NftClass class_;
    std::optional<Layout> layout_;  ///< nothing: the structure is not known to be there
    std::uint64_t foreign_seen_ = 0;
};

}  // namespace garita::nft_classes
