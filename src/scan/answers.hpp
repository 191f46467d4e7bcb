#pragma once
// What people have answered to cases about ports, and what follows from it.

#include <vector>

#include "scan/port_cases.hpp"
#include "scan/specification_editor.hpp"

namespace garita::scan {

/// One answer that has had no effect yet.
struct PortAnswer {
    Case about;
    std::string host;
};

/// Cases of these rows that were answered since. Only rows of which something was told are looked up.
[[nodiscard]] std::vector<PortAnswer> new_answers(store::View& view,
                                                  const std::vector<const HostPorts*>& told);

/// Where an accepted difference is written down.
struct Acceptance {
    std::string host;
    PortDifference difference;
    std::string place;    ///< in the file; empty: in the store
    std::string why_not;  ///< not in the file
};

/// Of an address of a network: whether all of the network that are known have this very difference, so that
/// it is the network's.
enum class Neighbours { none, alike, otherwise };

/// Writes it into the file, if that can be.
[[nodiscard]] Acceptance accept(const HostPorts& row, const Subject& subject, const WantedPorts& effective,
                                Neighbours neighbours, SpecificationEditor* editor);

/// Carries an answer out in the row, and says on the case what has come of it. `acceptance`: of
/// Response::accept.
void take_answer(store::Transaction& transaction, HostPorts& row, const PortAnswer& answer,
                 const Acceptance* acceptance, const Subject& subject, const WatchOptions& options, Time now,
                 std::vector<PortEvent>& events);

/// What is wanted of the host now, with what was accepted; an acceptance is over when something else has
/// been written of the host.
[[nodiscard]] WantedPorts effective(const Subject& subject, const HostPorts* row);

}  // namespace garita::scan
