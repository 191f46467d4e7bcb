#pragma once
// What the kernel answers about the table of classes, read with every length checked. What is not ours is
// passed over.

#include <cstddef>
#include <cstdint>
#include <functional>
#include <optional>
#include <span>
#include <string_view>

struct nlmsghdr;

namespace garita::nft_classes {

struct SetAnswer {
    std::string_view name;
    std::uint32_t size = 0;
};
/// A set of this table.
[[nodiscard]] std::optional<SetAnswer> parse_set(const nlmsghdr& message, std::string_view table);
/// The name of a chain of this table.
[[nodiscard]] std::optional<std::string_view> parse_chain(const nlmsghdr& message, std::string_view table);

struct RuleAnswer {
    std::string_view chain;
    std::string_view comment;
};
[[nodiscard]] std::optional<RuleAnswer> parse_rule(const nlmsghdr& message, std::string_view table);

/// Key and data of each element of one message; no data of a set.
using ElementSink = std::function<void(std::span<const std::byte> key, std::span<const std::byte> data)>;
void parse_elements(const nlmsghdr& message, const ElementSink& element);

}  // namespace garita::nft_classes
