// Any bytes as a line of a log. Invariants: nothing throws; what was read lies within the line; a violation
// has the address of one host; a port is read again as the same.

#include "access/port_event.hpp"
#include "target.hpp"

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
    using namespace garita;
    const auto line = fuzz::text_of(data, size);
    const auto event = access::read_port_event(line);
    if (!event) return 0;
    fuzz::must(access::may_be_port_event(line));
    for (const auto part : {event->cause, event->relayed, event->origin_id})
        fuzz::must(part.empty() || line.find(part) != std::string_view::npos);
    fuzz::must(event->mac.has_value() == (event->kind == access::PortEvent::Kind::violation));
    if (event->mac) fuzz::must(is_one_host(*event->mac));
    fuzz::must(access::PortName::parse(event->port.text()) == event->port);
    return 0;
}
