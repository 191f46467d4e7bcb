#pragma once
// A device that somebody wants let in at a switch port: from the approval to the secured port.

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>

#include "model/alert.hpp"
#include "model/ids.hpp"
#include "model/rule_class.hpp"
#include "model/time.hpp"

namespace garita {

enum class AccessState : std::uint8_t {
    confirming,  ///< a code was mailed to the approver and has to come back
    waiting,     ///< approved: until a switch tells of the device, or while its switch is out of reach
    working,     ///< a session with its switch may have changed the port: `journal` says what was planned
    done,
    failed,   ///< the port is as it was, or `outcome` says that it is not
    killed,   ///< by a person
    expired,  ///< the device did not appear in time, or the code did not come back
};
[[nodiscard]] std::string_view to_text(AccessState state);
[[nodiscard]] std::optional<AccessState> parse_access_state(std::string_view text);
/// confirming, waiting or working.
[[nodiscard]] bool is_open(AccessState state);

/// A row of the store. At most one open request for a MAC address.
struct AccessRequest {
    AccessId id;
    MacAddress mac;
    AccessState state = AccessState::confirming;
    std::int64_t version = 1;  ///< one more with every change: writers compare it

    std::string approver;  ///< of the person, as the configuration names it; of a token its name
    std::string channel;   ///< "mail", "cli", "telegram", "rest"
    std::string proof;  ///< what showed that it was this person: "dkim+code", "smime" …; empty: the channel
    std::string reply_to;  ///< the approver's address; empty: no letters to the approver
    std::string letter;    ///< Message-ID of the approval without brackets; empty: none
    bool dry_run = false;  ///< only tells what would be done
    Time created_at{};
    Time deadline{};
    std::optional<Time> ended_at;

    std::string code_digest;  ///< while confirming; as mail_proof/confirmation_code.hpp keeps it
    std::optional<Time> code_expires;
    int code_wrong = 0;

    std::string switch_name;      ///< as the inventory names it; empty: the device was not seen yet
    std::string port;             ///< access::PortName::text()
    std::optional<Time> seen_at;  ///< the switch's event
    std::optional<Time> next_try;
    int tries = 0;
    std::string journal;  ///< access/port_work.hpp; empty: nothing was planned or changed
    /// Who killed it while `working`; empty: nobody. Whoever works on the port takes back what was begun and
    /// ends it as `killed`; what was saved before that is heard of ends as `done`.
    std::string killed_by;

    std::string outcome;  ///< why it stands as it does, a key of the catalogue: "access.why.trunk"; empty:
                          ///< nothing to say
    Facts facts;          ///< of that text

    /// "A17": as people are told and type it.
    [[nodiscard]] std::string tracking() const;
    friend bool operator==(const AccessRequest&, const AccessRequest&) = default;
};
/// "A17", "a17", "17"; nothing for all else.
[[nodiscard]] std::optional<AccessId> parse_tracking(std::string_view text);

/// One line of a request's log.
struct AccessLine {
    enum class Kind : std::uint8_t {
        note,      ///< Garita's own: what it decided and why
        letter,    ///< what came by mail
        event,     ///< what a switch or its log said
        sent,      ///< to a switch
        answered,  ///< by a switch
    };
    std::int64_t id = 0;
    AccessId request;
    Time at{};
    Kind kind = Kind::note;
    std::string place;  ///< the switch; empty: none
    std::string text;   ///< one or more lines, clean, never a secret
    friend bool operator==(const AccessLine&, const AccessLine&) = default;
};
[[nodiscard]] std::string_view to_text(AccessLine::Kind kind);
[[nodiscard]] std::optional<AccessLine::Kind> parse_access_line_kind(std::string_view text);

/// What one switch of the inventory said when it was asked, right after the approval, where it lets the MAC
/// address in.
struct AccessSurvey {
    AccessId request;
    std::string switch_name;
    std::optional<Time> asked_at;  ///< nothing: it is still to be asked
    std::string ports;             ///< PortName::text(), by commas; empty: nowhere
    std::string error;  ///< why it could not be asked; a key of the catalogue ("access.why.trunk"): why the
                        ///< address cannot be taken out there
    bool cleared = false;  ///< the address was taken out there, or needs not be
    std::optional<Time> next_try{};
    friend bool operator==(const AccessSurvey&, const AccessSurvey&) = default;
};

}  // namespace garita
