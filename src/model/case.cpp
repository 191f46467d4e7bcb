#include "model/case.hpp"

namespace garita {

std::string_view to_text(CaseState state) {
    switch (state) {
        case CaseState::open:
            return "open";
        case CaseState::decided:
            return "decided";
        case CaseState::closed:
            return "closed";
        case CaseState::expired:
            return "expired";
        case CaseState::observed:
            return "observed";
    }
    return "open";
}

std::optional<CaseState> parse_case_state(std::string_view text) {
    for (const auto state :
         {CaseState::open, CaseState::decided, CaseState::closed, CaseState::expired, CaseState::observed})
        if (to_text(state) == text) return state;
    return std::nullopt;
}

std::string_view to_text(Provisional::State state) {
    switch (state) {
        case Provisional::State::waiting:
            return "waiting";
        case Provisional::State::confirmed:
            return "confirmed";
        case Provisional::State::rolled_back:
            return "rolled_back";
    }
    return "waiting";
}

std::optional<Provisional::State> parse_provisional_state(std::string_view text) {
    using enum Provisional::State;
    for (const auto state : {waiting, confirmed, rolled_back})
        if (to_text(state) == text) return state;
    return std::nullopt;
}

}  // namespace garita
