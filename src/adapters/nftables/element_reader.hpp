#pragma once
// Reads a set exactly, although the kernel's list of it is not exact.

#include <string>
#include <vector>

#include "adapters/nftables/elements.hpp"
#include "adapters/nftables/kernel.hpp"

namespace garita::nftables {

class ElementReader {
  public:
    /// With a shadow, whatever it holds and the list leaves out is asked for by name. Without one (`known`
    /// null) a long list is read until two readings agree.
    ElementReader(NftKernel& kernel, std::string table, const Shadow* known)
        : kernel_(kernel), table_(std::move(table)), known_(known) {}

    /// What is in the layer's set, ordered, each once.
    [[nodiscard]] Result<std::vector<enforce::BlockEntry>> read(const Layer& layer, const Moment& moment);

  private:
    struct Listing {
        std::vector<enforce::BlockEntry> entries;  ///< ordered, each once
        std::size_t repeated = 0;
    };
    [[nodiscard]] Result<Listing> list(const Layer& layer, const Moment& moment);
    [[nodiscard]] Result<Listing> list_until_stable(const Layer& layer, const Moment& moment);
    [[nodiscard]] Result<void> add_left_out(const Layer& layer, const Moment& moment,
                                            std::vector<enforce::BlockEntry>& entries);

    NftKernel& kernel_;
    std::string table_;
    const Shadow* known_;
};

}  // namespace garita::nftables
