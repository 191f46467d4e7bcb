#include "model/response.hpp"

namespace garita {

std::string_view to_text(Response response) {
    switch (response) {
        case Response::allow:
            return "allow";
        case Response::nothing:
            return "nothing";
        case Response::close_connection:
            return "close_connection";
        case Response::block:
            return "block";
        case Response::reboot:
            return "reboot";
        case Response::power_off:
            return "power_off";
        case Response::resume:
            return "resume";
        case Response::keep_observing:
            return "keep_observing";
        case Response::undo:
            return "undo";
        case Response::accept:
            return "accept";
        case Response::mute:
            return "mute";
        case Response::keep:
            return "keep";
        case Response::confirm:
            return "confirm";
        case Response::refresh:
            return "refresh";
        case Response::approve:
            return "approve";
        case Response::dismiss:
            return "dismiss";
        case Response::start_work:
            return "start_work";
        case Response::resolve:
            return "resolve";
        case Response::acknowledge:
            return "acknowledge";
    }
    return "nothing";
}

std::optional<Response> parse_response(std::string_view text) {
    for (const auto response :
         {Response::allow, Response::nothing, Response::close_connection, Response::block, Response::reboot,
          Response::power_off, Response::resume, Response::keep_observing, Response::undo, Response::accept,
          Response::mute, Response::keep, Response::confirm, Response::refresh, Response::approve,
          Response::dismiss, Response::start_work, Response::resolve, Response::acknowledge})
        if (to_text(response) == text) return response;
    return std::nullopt;
}

}  // namespace garita
