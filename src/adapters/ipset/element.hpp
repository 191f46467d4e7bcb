#pragma once
// Entries of a class as elements of a kernel's set: packed bytes to netlink attributes and back, without a
// text or an allocation between.

#include <cstdint>
#include <optional>
#include <string>
#include <utility>

#include "model/rule_class.hpp"
#include "runtime/netlink/attributes.hpp"

namespace garita::ipset {

/// What kind of sets a class needs.
struct Shape {
    enum class Kind { ip, net, ip_mac, mac };
    enum class Value {
        presence,  ///< an element is there or not
        mark,      ///< of the packets, by "-j SET --map-set … --map-mark"
    };
    Kind kind = Kind::ip;
    Value value = Value::presence;
    std::optional<RuleValue> present{};  ///< of Value::presence

    /// The error says what ipset cannot hold.
    [[nodiscard]] static Result<Shape> of(const RuleClass& rules);

    [[nodiscard]] const char* type_name() const;
    /// Sets by family, or one that has none.
    [[nodiscard]] bool by_family() const { return kind != Kind::mac; }
    /// Whether these are bytes of such an entry.
    [[nodiscard]] bool holds(const RuleKey& key) const;
};

/// Of a key that the shape holds: 4, 6, or 0 where the sets have no family.
[[nodiscard]] unsigned family_of(const Shape& shape, const RuleKey& key);

/// Appends the attributes of one element; the value only where it is added.
void put_element(nlmsghdr& message, const Shape& shape, const RuleKey& key, const RuleValue* value);

/// Reads the attributes of one element of a list. Nothing: they are not whole.
[[nodiscard]] std::optional<std::pair<RuleKey, RuleValue>> parse_element(
    const runtime::NetlinkAttribute& data, const Shape& shape);

}  // namespace garita::ipset
