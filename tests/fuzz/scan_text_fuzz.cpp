// Ports and targets as people write them, and target files. Invariants: what was read of ports is written in
// a form that is read as the same; ranges of addresses are in order, and no set is more than what was asked
// for.

#include <algorithm>

#include "model/port_set.hpp"
#include "scan/targets.hpp"
#include "target.hpp"

namespace {

using namespace garita;
using fuzz::must;

void ports(std::string_view text) {
    const auto set = PortSet::parse(text);
    if (!set) return must(fuzz::printable(set.error().text));
    const auto again = PortSet::parse(set->text());
    must(again && *again == *set);
    must(set->ports().size() == set->size() && set->size() <= 65536);
    const auto half = PortSet::of(0, 1023);
    must(((*set - half) | (*set & half)) == *set);
    must(((*set - half) & half).empty());
}

void targets(const scan::TargetText& text) {
    for (const auto& range : text.addresses) {
        must(range.first.family() == range.last.family() && range.first <= range.last);
        must(range.size() >= 1 && range.size() <= scan::widest_unasked);
    }
    const scan::AddressSet set(text.addresses);
    scan::AddressWalk walk(set);
    std::uint64_t count = 0;
    constexpr std::uint64_t enough = 1000;
    while (count < enough) {
        const auto address = walk.next();
        if (!address) break;
        must(set.contains(*address));
        ++count;
    }
    must(count == std::min(enough, set.size()));
    const scan::AddressSet same(text.addresses);
    must((set - same).empty());
    for (const auto& name : text.names)
        must(!name.empty() && fuzz::printable(name) && !IpAddress::parse(name));
}

}  // namespace

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
    const auto text = fuzz::text_of(data, size);
    ports(text);
    scan::TargetText read;
    if (const auto done = scan::read_targets(text, scan::Width::bounded, read); !done)
        must(fuzz::printable(done.error().text) && read.addresses.empty() && read.names.empty());
    targets(read);
    scan::TargetText file;
    if (const auto done = scan::read_target_file(text, "hosts.txt", scan::Width::bounded, file); !done)
        must(fuzz::printable(done.error().text) && done.error().text.starts_with("hosts.txt:"));
    targets(file);
    return 0;
}
