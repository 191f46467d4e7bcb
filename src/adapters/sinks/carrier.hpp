#pragma once
// Brings one delivery to its place: by HTTP, by a program. The sink above it knows when and what.

#include <cstdint>
#include <optional>
#include <string>

#include "adapters/sinks/delivery.hpp"

namespace garita::sinks {

struct Outcome {
    enum class Kind : std::uint8_t {
        taken,
        later,        ///< nothing goes there now: away, overloaded, or it lets us in no more
        refused,      ///< this delivery; another one may do
        gone,         ///< for good, as it says itself
        interrupted,  ///< by cancel(): nobody knows
    };
    Kind kind = Kind::later;
    /// For people: who answered what. One line, clean, never a secret.
    std::string text;
    std::optional<Duration> wait;  ///< that was asked for, with `later`
};

class Carrier {
  public:
    virtual ~Carrier() = default;
    /// Blocks, within limits of its own. One thread.
    [[nodiscard]] virtual Outcome carry(const Delivery& delivery, Time now) = 0;
    /// Ends what is under way as soon as it can be; all later ones are interrupted at once. Any thread.
    virtual void cancel() = 0;
};

}  // namespace garita::sinks
