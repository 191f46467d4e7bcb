#pragma once
// Sets of TCP or UDP ports, as people write them: "22,80-90,all".

#include <cstddef>
#include <cstdint>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "model/result.hpp"

namespace garita {

using Port = std::uint16_t;

/// Whether a port answers. What could not be found out (no route, name not resolved) is `unknown` and never
/// counts as closed.
enum class PortState : std::uint8_t { unknown, open, closed, filtered };

[[nodiscard]] std::string_view to_text(PortState state);

enum class Transport : std::uint8_t { tcp, udp };

[[nodiscard]] std::string_view to_text(Transport transport);

/// Ports from 0 to 65535, kept as ranges that neither touch nor overlap, in order.
class PortSet {
  public:
    struct Range {
        Port first;
        Port last;  ///< included
        friend bool operator==(const Range&, const Range&) = default;
    };

    PortSet() = default;
    /// Numbers, ranges ("80-90", "-1023", "60000-") and "all" (1 to 65535), by commas; empty text is the
    /// empty set.
    [[nodiscard]] static Result<PortSet> parse(std::string_view text);
    [[nodiscard]] static PortSet of(Port first, Port last);

    void insert(Port port) { insert(port, port); }
    void insert(Port first, Port last);
    void erase(Port port);

    [[nodiscard]] bool contains(Port port) const;
    [[nodiscard]] std::size_t size() const;  ///< number of ports
    [[nodiscard]] bool empty() const { return ranges_.empty(); }
    [[nodiscard]] const std::vector<Range>& ranges() const { return ranges_; }
    [[nodiscard]] std::vector<Port> ports() const;  ///< each, in order
    [[nodiscard]] std::string text() const;         ///< "22,80-90"; what parse() reads

    [[nodiscard]] PortSet operator|(const PortSet& other) const;
    [[nodiscard]] PortSet operator&(const PortSet& other) const;
    [[nodiscard]] PortSet operator-(const PortSet& other) const;
    friend bool operator==(const PortSet&, const PortSet&) = default;

  private:
    std::vector<Range> ranges_;
};

}  // namespace garita
