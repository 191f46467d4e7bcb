#pragma once
// The work on a port: look, check, plan, change, read back, save; and back again where anything fails. What
// is planned is kept before the first line goes out, so that after a crash at any moment another session can
// tell what has come about and finish it or take it back.

#include <functional>
#include <optional>
#include <string>
#include <vector>

#include "access/port_journal.hpp"
#include "access/switch_driver.hpp"
#include "model/alert.hpp"

namespace garita::access {

/// Asked once everything stands and nothing is saved yet. An error: all is taken back. Empty: nobody is
/// asked.
using BeforeSave = std::function<Result<void>()>;

/// What is to be done at one switch for one request.
struct PortOrder {
    MacAddress mac;
    PortName port;
    std::string switch_name;
    std::vector<PortName> never;  ///< ports of this switch that are not touched, whatever is asked
    enum class Mode { carry_out, only_plan } mode = Mode::carry_out;
    BeforeSave before_save{};
};

struct PortOutcome {
    enum class Kind {
        secured,  ///< the port lets exactly this address in; read back and saved
        already,  ///< it did before, saved
        planned,  ///< only_plan: `commands` would be sent
        refused,  ///< a check says no; nothing was changed
        undone,   ///< a change failed; the port is as it was, read back
        left,     ///< a change failed and could not be taken back for sure: people have to look
        later,    ///< the switch is out of reach or has no free session; nothing is half done, or the journal
                  ///< tells
        forbidden  ///< login, enable secret or host key: not to be tried again by itself
    };
    Kind kind = Kind::refused;
    std::string why;  ///< a key of the catalogue: "access.why.trunk", and
    Facts facts;      ///< what it wants
    std::vector<std::string> commands{};
    std::vector<std::string> warnings{};  ///< keys of the catalogue: "access.warn.protect_mode"
};

/// Keeps the journal durably before it returns. An error: nothing is to be changed.
using KeepJournal = std::function<Result<void>(const std::string& journal)>;

/// One request in an open session. Blocks as long as the switch takes. The journal is kept once, before the
/// first line that changes anything.
[[nodiscard]] PortOutcome secure_port(SwitchSession& session, const SwitchDriver& driver,
                                      const PortOrder& order, const KeepJournal& keep);
/// After a crash or a lost session: reads how far it came, then finishes (where all changes stand) or takes
/// back. With Stage::undoing it takes back in any case: `undone`.
[[nodiscard]] PortOutcome resume_port(SwitchSession& session, const PortJournal& journal,
                                      const BeforeSave& before_save = {});

/// Takes the address out of all ports of another switch than the one where it was secured now, where these
/// are safe to touch; saves. `already`: it was nowhere.
[[nodiscard]] PortOutcome release_port(SwitchSession& session, const SwitchDriver& driver,
                                       const PortOrder& order, const KeepJournal& keep);

}  // namespace garita::access
