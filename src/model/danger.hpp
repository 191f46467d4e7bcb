#pragma once
// Answers that do more harm than one person's slip should: they need an approver, and where it is configured
// so, a second person and a fresh code.

#include <cstdint>
#include <optional>
#include <string_view>

#include "model/ip.hpp"
#include "model/person.hpp"
#include "model/response.hpp"

namespace garita {

enum class Danger { reboot, power_off, wide_block };

[[nodiscard]] std::string_view to_text(Danger danger);
[[nodiscard]] std::optional<Danger> parse_danger(std::string_view text);

/// Some of them.
class DangerSet {
  public:
    void insert(Danger danger) { bits_ |= bit(danger); }
    [[nodiscard]] bool contains(Danger danger) const { return (bits_ & bit(danger)) != 0; }
    [[nodiscard]] bool contains(const std::optional<Danger>& danger) const {
        return danger && contains(*danger);
    }
    [[nodiscard]] bool empty() const { return bits_ == 0; }
    friend bool operator==(const DangerSet&, const DangerSet&) = default;

  private:
    [[nodiscard]] static std::uint8_t bit(Danger danger) {
        return static_cast<std::uint8_t>(1U << static_cast<unsigned>(danger));
    }
    std::uint8_t bits_ = 0;
};

/// Networks with a shorter prefix than this are wide.
struct WideBounds {
    unsigned v4 = 24;
    unsigned v6 = 56;

    [[nodiscard]] bool are_passed_by(const IpNetwork& network) const {
        return network.prefix() < (network.address().is_v4() ? v4 : v6);
    }
};

/// What is dangerous about this answer to a case about this address, if anything is.
[[nodiscard]] std::optional<Danger> danger_of(Response response, const std::optional<IpNetwork>& address,
                                              const WideBounds& bounds);

/// The least role that may give the answer.
[[nodiscard]] Role role_needed(Response response, const std::optional<Danger>& danger);

}  // namespace garita
