#pragma once
// One batch of changes on its way into the kernel: what is asked for, what the kernel refuses of it, and what
// is asked for then.

#include <map>
#include <optional>
#include <span>
#include <vector>

#include "adapters/nft_classes/layout.hpp"
#include "adapters/nft_classes/table.hpp"
#include "enforce/class_backend.hpp"

namespace garita::nft_classes {

enum class Unfit { key, value };
/// Of a rule that the class cannot hold.
[[nodiscard]] Error unfit(const NftClass& of, Unfit part);

class ElementChanges {
  public:
    ElementChanges(NftTable& table, const NftClass& of, std::span<const enforce::ClassChange> changes);

    enum class Done { no, yes };
    struct Outcome {
        Done done = Done::no;
        std::optional<Layer> full;  ///< its sets have no room
    };
    /// Layers that entries are to be added to, and how many. What a layout lacks of them has to be made
    /// first.
    [[nodiscard]] std::map<Layer, std::size_t> additions() const;
    /// One transaction. conflict: the structure is not there any more.
    [[nodiscard]] Result<Outcome> attempt(const Layout& layout);
    /// What would be added to this layer fails with the error.
    void give_up_full(const Layer& layer, const Error& error);
    /// By change.
    [[nodiscard]] std::vector<enforce::ChangeFailure> failures();

  private:
    /// What is to be done about one change.
    struct Work {
        ElementKey key;
        std::optional<ElementData> after;
        std::optional<ElementData> known;  ///< believed to be there
        std::optional<ElementData> stray;  ///< another pair that may be there
        bool remove = false;               ///< the entry, before anything is added
        bool dropped = false;
    };
    enum class Verb : std::uint8_t { remove, add };
    enum class Where : std::uint8_t { entries, pairs };
    struct Op {
        std::uint32_t work = 0;
        Verb verb = Verb::remove;
        Where where = Where::entries;
        ElementData data{};  ///< of an added entry, or a pair
    };
    using Ops = std::vector<Op>;

    Result<void> learn(const Layout& layout);
    void plan(Work& work, std::uint32_t index, const Layout& layout);
    void put(const Op& op, const Layout& layout);
    void write(runtime::nft::Transaction& transaction, const Layout& layout);
    [[nodiscard]] Result<Outcome> review(std::span<const runtime::nft::Refusal> refusals);
    /// The layer whose set is full, if that is what the kernel says.
    std::optional<Layer> review_one(const runtime::nft::Refusal& refusal);
    void drop(Work& work, std::size_t index, Error error);

    NftTable& table_;
    const NftClass& class_;
    std::vector<Work> works_;
    std::vector<enforce::ChangeFailure> failed_;
    std::vector<Ops> buckets_;  ///< by verb, place, layer and shard
    Ops order_;                 ///< as they were written
    std::size_t per_message_;
    int refused_ = 0;
    bool learned_ = false;
    bool removal_refused_ = false;
};

}  // namespace garita::nft_classes
