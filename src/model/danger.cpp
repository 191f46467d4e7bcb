#include "model/danger.hpp"

#include "model/rights.hpp"

namespace garita {

std::string_view to_text(Danger danger) {
    switch (danger) {
        case Danger::reboot:
            return "reboot";
        case Danger::power_off:
            return "power_off";
        case Danger::wide_block:
            return "wide_block";
    }
    return "reboot";
}

std::optional<Danger> parse_danger(std::string_view text) {
    for (const auto danger : {Danger::reboot, Danger::power_off, Danger::wide_block})
        if (to_text(danger) == text) return danger;
    return std::nullopt;
}

std::optional<Danger> danger_of(Response response, const std::optional<IpNetwork>& address,
                                const WideBounds& bounds) {
    switch (response) {
        case Response::reboot:
            return Danger::reboot;
        case Response::power_off:
            return Danger::power_off;
        case Response::block:
            if (address && bounds.are_passed_by(*address)) return Danger::wide_block;
            break;
        case Response::allow:
        case Response::nothing:
        case Response::close_connection:
        case Response::resume:
        case Response::keep_observing:
        case Response::undo:
        case Response::accept:
        case Response::mute:
        case Response::keep:
        case Response::confirm:
        case Response::refresh:
        case Response::approve:
        case Response::dismiss:
        case Response::start_work:
        case Response::resolve:
        case Response::acknowledge:
            break;
    }
    return std::nullopt;
}

Role role_needed(Response response, const std::optional<Danger>& danger) {
    if (response == Response::resume) return role_needed(Right::resume_policy);
    if (response == Response::undo) return role_needed(Right::undo);
    if (response == Response::confirm) return role_needed(Right::confirm);
    if (response == Response::refresh) return role_needed(Right::see);
    return role_needed(danger ? Right::answer_dangerous : Right::answer);
}

}  // namespace garita
