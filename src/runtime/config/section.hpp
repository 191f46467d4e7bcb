#pragma once
// A section of a checked file, read as typed values: what is written, or else the default of the table.

#include <chrono>
#include <cstdint>
#include <functional>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "model/ip.hpp"
#include "model/port_set.hpp"
#include "runtime/config/common_config.hpp"
#include "runtime/config/shape.hpp"

namespace garita::runtime {

/// Borrows the tree and the shape. Asking for a key that the table does not have is a programmer's error: it
/// throws.
class Section {
  public:
    /// A null node is a section that is not in the file: all its values are defaults.
    Section(const Node* node, const Shape& shape) : node_(node), shape_(&shape) {}

    [[nodiscard]] bool given(std::string_view key) const { return node(key) != nullptr; }
    /// The value under the key; null where the file does not have it or leaves it empty.
    [[nodiscard]] const Node* node(std::string_view key) const;
    [[nodiscard]] const Setting& setting(std::string_view key) const;
    [[nodiscard]] Section section(std::string_view key) const;

    /// As written; empty where there is neither a value nor a default.
    [[nodiscard]] std::string text(std::string_view key) const;
    [[nodiscard]] std::int64_t integer(std::string_view key) const;
    [[nodiscard]] std::optional<std::int64_t> integer_if_given(std::string_view key) const;
    [[nodiscard]] std::chrono::seconds span(std::string_view key) const;
    [[nodiscard]] SpanOrNever span_or_never(std::string_view key) const;
    [[nodiscard]] bool yes(std::string_view key) const;
    [[nodiscard]] std::vector<std::string> texts(std::string_view key) const;
    [[nodiscard]] std::vector<IpNetwork> networks(std::string_view key) const;
    [[nodiscard]] PortSet ports(std::string_view key) const;
    [[nodiscard]] std::optional<PortSet> ports_if_given(std::string_view key) const;
    /// Its own; null where it is not in the file.
    [[nodiscard]] const Node* node() const { return node_; }

    using NamedVisit = std::function<void(const std::string& name, const Section& section)>;
    /// Names and single values of a section with free names, in the order of the file.
    [[nodiscard]] std::vector<std::pair<std::string, std::string>> pairs(std::string_view key) const;

    /// Each named entry of a section with free names.
    void each_named(std::string_view key, const NamedVisit& visit) const;
    [[nodiscard]] std::vector<Section> list(std::string_view key) const;

  private:
    [[nodiscard]] const Shape& shape(std::string_view key) const;
    const Node* node_;
    const Shape* shape_;
};

}  // namespace garita::runtime
