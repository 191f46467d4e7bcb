#include "access/monitor.hpp"

namespace garita::access {

std::string_view to_text(SwitchStanding::State state) {
    using State = SwitchStanding::State;
    switch (state) {
        case State::unknown:
            return "unknown";
        case State::fine:
            return "fine";
        case State::busy:
            return "busy";
        case State::away:
            return "away";
        case State::forbidden:
            return "forbidden";
    }
    return "unknown";
}

}  // namespace garita::access
