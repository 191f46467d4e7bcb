#pragma once
// What people read of a SIEM's incident: the SIEM's words, in the reader's language and zone.

#include "decide/case_text.hpp"

namespace garita::decide {

/// Time, severity, type, state, link and events of a case of kind incident_kind, each a line.
void add_incident_facts(CaseText& text, const Case& about, const Reader& reader);

}  // namespace garita::decide
