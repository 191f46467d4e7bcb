#pragma once
// The kernel's sets by nfnetlink. Needs CAP_NET_ADMIN in the network namespace of the thread that opens it.

#include <cstdint>
#include <functional>
#include <optional>
#include <span>
#include <string>
#include <vector>

#include "adapters/ipset/element.hpp"
#include "runtime/netlink/netlink_socket.hpp"

namespace garita::ipset {

/// One set of the kernel.
struct SetName {
    std::string name;     ///< at most 31 characters
    unsigned family = 0;  ///< 4, 6, or 0: none
};

struct Sizes {
    std::uint32_t buckets = 1024;  ///< at first; the kernel makes more as they are needed
    std::uint32_t most = 0;        ///< elements
};

/// A change of one element.
struct Element {
    RuleKey key;
    RuleValue value;
    std::size_t position = 0;  ///< what the caller knows it by
};

enum class ElementVerb { add, remove };

struct RefusedElement {
    std::size_t position = 0;
    Error error;
};

class Kernel {
  public:
    [[nodiscard]] static Result<Kernel> open(Shape shape);

    enum class Made {
        yes,    ///< or it was there already, as wanted
        other,  ///< there is one with other properties
    };
    [[nodiscard]] Result<Made> create(const SetName& set, const Sizes& sizes);
    /// Success also where there is none.
    [[nodiscard]] Result<void> destroy(const SetName& set);
    [[nodiscard]] Result<void> swap(const SetName& set, const SetName& other);
    [[nodiscard]] Result<bool> exists(const SetName& set);
    /// Nothing: there is no such set. The kernel counts them one by one: 50 ms for a million.
    [[nodiscard]] Result<std::optional<std::size_t>> count(const SetName& set);
    /// not_found: there is no such set.
    [[nodiscard]] Result<void> list(const SetName& set,
                                    const std::function<void(const RuleKey&, const RuleValue&)>& element);

    /// Adds, or sets the value of what is there; takes away, or minds not that it is missing. All keys have
    /// to be of the set's family. conflict: there is no such set.
    [[nodiscard]] Result<void> change(const SetName& set, ElementVerb verb, std::span<const Element> elements,
                                      std::vector<RefusedElement>& refused);

  private:
    Kernel(runtime::NetlinkSocket socket, Shape shape) : socket_(std::move(socket)), shape_(shape) {}
    [[nodiscard]] Result<std::uint8_t> revision(unsigned family);
    [[nodiscard]] Result<runtime::NetlinkAck> change_once(const SetName& set, ElementVerb verb,
                                                          std::span<const Element> elements);

    runtime::NetlinkSocket socket_;
    Shape shape_;
    std::vector<std::byte> buffer_;
    std::optional<std::uint8_t> revision_;
};

/// "the set is full" and the like.
[[nodiscard]] std::string words_for(int error);

}  // namespace garita::ipset
