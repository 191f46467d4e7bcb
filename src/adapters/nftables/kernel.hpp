#pragma once
// The kernel as the backend sees it: transactions in, tables out. An interface, because a kernel that loses
// offsets, runs full or changes under our hands is easier scripted than provoked.

#include <chrono>
#include <cstdint>
#include <functional>
#include <optional>
#include <span>
#include <string>
#include <vector>

#include "adapters/nftables/batch.hpp"
#include "adapters/nftables/layer.hpp"
#include "model/ip.hpp"
#include "model/result.hpp"

namespace garita::nftables {

/// What of Garita's table is there.
struct Structure {
    enum class Presence { absent, present };
    Presence table = Presence::absent;
    Presence chain = Presence::absent;
    std::vector<Layer> sets;
    std::vector<std::string> rules;  ///< their comments, in order
};

/// An element in force; `remaining` at the moment of reading.
struct ElementSeen {
    IpNetwork network;
    std::optional<std::chrono::milliseconds> remaining;
};

class NftKernel {
  public:
    NftKernel() = default;
    NftKernel(const NftKernel&) = delete;
    NftKernel& operator=(const NftKernel&) = delete;
    virtual ~NftKernel() = default;

    [[nodiscard]] virtual NftBatch begin(const std::string& table) = 0;
    /// Empty: committed.
    [[nodiscard]] virtual Result<std::vector<Refusal>> commit(NftBatch& batch) = 0;
    /// Grows by one with every transaction of anybody in this network namespace.
    [[nodiscard]] virtual Result<std::uint32_t> generation() = 0;
    [[nodiscard]] virtual Result<Structure> structure(const std::string& table) = 0;
    /// Every element, as the kernel lists it: while it moves a set into a larger table, or drops ended
    /// elements, its list names some twice and leaves out others. not_found: the set is not there. `restart`
    /// is called before elements are given again from the first one.
    [[nodiscard]] virtual Result<void> list(const std::string& table, const Layer& layer,
                                            const std::function<void(const ElementSeen&)>& element,
                                            const std::function<void()>& restart) = 0;
    /// Those of the networks, all of this layer, that are elements of its set. Always exact.
    [[nodiscard]] virtual Result<std::vector<ElementSeen>> look_up(const std::string& table,
                                                                   const Layer& layer,
                                                                   std::span<const IpNetwork> networks) = 0;
};

}  // namespace garita::nftables
