// Any bytes as what a switch printed: the first line is the command, the rest its output, read by every
// parser as well as by the command's own. Invariants: nothing throws; an error is one printable line that
// names the line where it has stopped, or the whole output; ports that were read are read again as the same.

#include <array>

#include "adapters/ios/mac_table.hpp"
#include "adapters/ios/output.hpp"
#include "programs/access/parsed_json.hpp"
#include "runtime/json/text.hpp"
#include "target.hpp"

namespace {

using namespace garita;
using fuzz::must;

constexpr std::array all = {ios::Show::port_security,
                            ios::Show::port_security_interface,
                            ios::Show::port_security_address,
                            ios::Show::mac_table,
                            ios::Show::interface_status,
                            ios::Show::interface_err_disabled,
                            ios::Show::interface_switchport,
                            ios::Show::etherchannel_summary,
                            ios::Show::version,
                            ios::Show::running_interface};

void parse(const ios::ShowCommand& command, const ios::Output& output) {
    const auto read = programs::parsed_json(command, output);
    if (!read) {
        must(fuzz::printable(read.error().text) && read.error().text.starts_with("line "));
        return;
    }
    must(read->is_object() && !runtime::json::serialize(*read).empty());
}

void ports(const ios::Output& output) {
    const auto entries = ios::parse_mac_table(output);
    if (!entries) return;
    for (const auto& entry : *entries)
        for (const auto& place : entry.ports) {
            must(!place.shown.empty());
            if (!place.port) continue;
            must(access::PortName::parse(place.port->text()) == place.port);
            must(access::PortName::parse(place.port->short_text()) == place.port);
        }
}

}  // namespace

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
    const auto [typed, bytes] = fuzz::first_line(fuzz::text_of(data, size));
    const auto output = ios::Output::read(bytes);
    if (!output) {
        must(fuzz::printable(output.error().text));
        return 0;
    }
    must(!output->lines.empty() && !output->lines.front().empty() && !output->lines.back().empty());
    ports(*output);
    if (const auto command = ios::parse_show_command(typed)) parse(*command, *output);
    for (const auto show : all)
        parse({show, {}}, *output);
    return 0;
}
