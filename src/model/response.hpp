#pragma once
// What may be answered to a case. The words are the ones that people type and press.

#include <optional>
#include <string_view>

namespace garita {

enum class Response {
    allow,             ///< it is fine; nothing is done
    nothing,           ///< no action wanted (the answer to a load alert)
    close_connection,  ///< end this very session
    block,  ///< drop the address's packets, cut its connections, end the session that the case is about
    reboot,
    power_off,
    resume,          ///< of a policy that was suspended: let it act again
    keep_observing,  ///< leave it suspended
    undo,            ///< leave it suspended, and take back the blocks of its run
    accept,          ///< of open ports: what was found is as it shall be from now on
    mute,            ///< of open ports: nothing is told for a while; of Alertmanager: silenced there
    keep,            ///< of open ports: it stays a problem; it is told when it is over
    confirm,         ///< of a block in force provisionally, by whoever is still let in: it stays
    refresh,         ///< of a SIEM's incident: ask the SIEM how it stands; decides nothing
    approve,         ///< of a SIEM's incident: it is one
    dismiss,         ///< of a SIEM's incident: close it, as false or as done with
    start_work,      ///< of a SIEM's incident: somebody works on it
    resolve,         ///< of a SIEM's incident: what was to be done is done
    acknowledge,     ///< "I take it": holds back the further steps of on call; decides nothing
};

[[nodiscard]] std::string_view to_text(Response response);
[[nodiscard]] std::optional<Response> parse_response(std::string_view text);

}  // namespace garita
