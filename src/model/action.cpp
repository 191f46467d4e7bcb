#include "model/action.hpp"

namespace garita {

std::string_view to_text(ActionState state) {
    switch (state) {
        case ActionState::pending:
            return "pending";
        case ActionState::done:
            return "done";
        case ActionState::failed:
            return "failed";
    }
    return "pending";
}

std::optional<ActionState> parse_action_state(std::string_view text) {
    for (const auto state : {ActionState::pending, ActionState::done, ActionState::failed})
        if (to_text(state) == text) return state;
    return std::nullopt;
}

std::string_view order_name(const ActionOrder& order) {
    struct Name {
        std::string_view operator()(const CloseSession&) const { return "close_session"; }
        std::string_view operator()(const Reboot&) const { return "reboot"; }
        std::string_view operator()(const PowerOff&) const { return "power_off"; }
        std::string_view operator()(const MoveIncident&) const { return "move_incident"; }
    };
    return std::visit(Name{}, order);
}

}  // namespace garita
