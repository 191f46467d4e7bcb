#pragma once
// A tree against the shape of its kind of file, and the rules between settings. Problems are added, none
// stops it.

#include <vector>

#include "runtime/config/document.hpp"
#include "runtime/config/shape.hpp"

namespace garita::runtime {

/// Unknown keys, missing and wrong values.
void check_shape(const Node& root, const Shape& shape, Outside outside, std::vector<Problem>& problems);

/// What no single row can say: thresholds in order, names that refer to each other, answers that fit the kind
/// of alert.
void check_hub_rules(const Node& root, std::vector<Problem>& problems);
void check_agent_rules(const Node& root, std::vector<Problem>& problems);

/// Part of the hub's: the rules that devices have.
void check_devices(const Node& root, std::vector<Problem>& problems);
/// Part of the hub's: the letters.
void check_mail(const Node& root, std::vector<Problem>& problems);
/// Part of the hub's: how Alertmanagers are called.
void check_alertmanagers(const Node& root, std::vector<Problem>& problems);
/// Part of the hub's: webhooks and programs.
void check_sinks(const Node& root, std::vector<Problem>& problems);
/// Part of the hub's: who is on call, and everybody's quiet hours.
void check_on_call(const Node& root, std::vector<Problem>& problems);
/// Part of the hub's: access for new devices, but for the files of its inventory.
void check_access(const Node& root, std::vector<Problem>& problems);
/// Part of the hub's: SIEMs.
void check_siems(const Node& root, std::vector<Problem>& problems);
/// Those that an agent keeps on its own host.
void check_own_classes(const Node& root, std::vector<Problem>& problems);

}  // namespace garita::runtime
