#pragma once
// How far planned changes came, and the way back: from what the switch shows, not from what was sent.

#include "access/port_journal.hpp"
#include "model/result.hpp"

namespace garita::access {

/// Whether every change stands that leaves a trace in the configuration, and nothing else has gone. Errors:
/// the session's.
[[nodiscard]] Result<bool> all_changes_stand(SwitchSession& session, const PortJournal& journal);

/// Makes every port let in who it let in before, and reads it back. Errors: the session's; conflict: it could
/// not be brought about, or not be proven.
[[nodiscard]] Result<void> restore_ports(SwitchSession& session, const PortJournal& journal);

/// Down and up again, where an err-disabled port waits for that or a death has left it shut down.
[[nodiscard]] Result<void> bring_up(SwitchSession& session, const PortJournal& journal);

/// Sends the line that lets an address in, also where the device was quicker and is learnt there by now.
[[nodiscard]] Result<void> apply_secure(SwitchSession& session, const Change& change);

}  // namespace garita::access
