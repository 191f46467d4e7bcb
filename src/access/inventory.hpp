#pragma once
// Which switches there are, and by what names and addresses logs know them. Nobody else is ever logged in to.

#include <cstddef>
#include <map>
#include <optional>
#include <string>
#include <string_view>
#include <unordered_map>
#include <vector>

#include "access/port_event.hpp"
#include "model/ip.hpp"

namespace garita::access {

struct ListedSwitch {
    std::string name;                    ///< as people call it
    IpAddress address;                   ///< where it is logged in to
    std::vector<std::string> aliases{};  ///< names and addresses as they appear in logs
};

/// A value; unchanged while an office lives.
class Inventory {
  public:
    /// Switches whose address lies in `excluded` are as if they were not there. `relays`: senders whose word
    /// counts about who a line is from.
    explicit Inventory(const std::vector<ListedSwitch>& switches, std::vector<IpNetwork> excluded = {},
                       std::vector<IpNetwork> relays = {});

    /// Whose line a receiver got from this address; empty: nobody's that is listed. What the line itself says
    /// counts only where a relay sent it. The event's views are of that line.
    [[nodiscard]] std::string_view by_sender(const IpAddress& sender, const PortEvent& event) const;
    /// Whose line stands in a database under this host; empty: nobody's that is listed.
    [[nodiscard]] std::string_view by_host(std::string_view host, const PortEvent& event) const;

  private:
    using Index = std::optional<std::size_t>;  ///< nothing: several are called so, and none is guessed
    void add(std::string_view host, std::size_t index);
    [[nodiscard]] std::string_view at(const IpAddress& address) const;
    [[nodiscard]] std::string_view called(std::string_view host) const;
    [[nodiscard]] bool is_excluded(std::string_view host) const;
    [[nodiscard]] bool is_excluded(const IpAddress& address) const;

    std::vector<std::string> names_;
    std::unordered_map<IpAddress, Index> addresses_;
    std::map<std::string, Index, std::less<>> hosts_;
    std::vector<IpNetwork> excluded_;
    std::vector<IpNetwork> relays_;
};

}  // namespace garita::access
