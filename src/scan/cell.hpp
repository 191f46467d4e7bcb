#pragma once
// What is known of one probe, in one byte: sixteen million of them are to fit into a small process.

#include <cstdint>

#include "model/port_set.hpp"

namespace garita::scan {

enum class Mark : std::uint8_t {
    waiting,    ///< to be asked: never sent (tries 0), or not answered in time
    in_flight,  ///< sent, and may still be answered in time
    open,
    closed,
    filtered,   ///< silent
    forbidden,  ///< as a message says
    unknown,
};

class Cell {
  public:
    [[nodiscard]] Mark mark() const { return static_cast<Mark>(byte_ >> 4 & 7); }
    /// How often it was sent; 15 at most.
    [[nodiscard]] unsigned tries() const { return byte_ & 15U; }
    /// Once put back: the time of its attempts cannot be told any more.
    [[nodiscard]] bool withdrawn() const { return (byte_ & 0x80U) != 0; }
    [[nodiscard]] bool judged() const { return mark() >= Mark::open; }
    [[nodiscard]] bool waiting() const { return (byte_ & 0x70U) == 0; }

    void set(Mark mark) {
        byte_ = static_cast<std::uint8_t>((byte_ & 0x8fU) | static_cast<unsigned>(mark) << 4);
    }
    void send() { byte_ = static_cast<std::uint8_t>((byte_ & 0x80U) | 0x10U | (tries() + 1)); }
    void withdraw() { byte_ = static_cast<std::uint8_t>(0x80U | (tries() > 0 ? tries() - 1 : 0)); }
    void start_over() { byte_ = 0; }

    [[nodiscard]] PortState state() const {
        switch (mark()) {
            case Mark::open:
                return PortState::open;
            case Mark::closed:
                return PortState::closed;
            case Mark::filtered:
            case Mark::forbidden:
                return PortState::filtered;
            case Mark::waiting:
            case Mark::in_flight:
            case Mark::unknown:
                break;
        }
        return PortState::unknown;
    }

  private:
    std::uint8_t byte_ = 0;
};
static_assert(sizeof(Cell) == 1);

}  // namespace garita::scan
