#include <cstdio>

#include <fmt/core.h>

#include "programs/scan/scan_printer.hpp"
#include "runtime/log/log.hpp"
#include "scan/services.hpp"

namespace garita::programs {
namespace {

constexpr std::size_t longest_line = 100;
constexpr std::size_t most_names = 6;

std::string joined(const std::vector<std::string>& texts, std::size_t most) {
    std::string all;
    for (std::size_t i = 0; i < texts.size() && i < most; ++i)
        all += (i == 0 ? "" : ", ") + texts[i];
    return texts.size() > most ? fmt::format("{} and {} more", all, texts.size() - most) : all;
}

std::string milliseconds(Duration span) {
    const auto value = static_cast<double>(span.count()) / 1000;
    return value < 10 ? fmt::format("{:.2f} ms", value) : fmt::format("{:.0f} ms", value);
}

/// "closed    1-21,23-79 (99 ports)", or only how many where that would be long.
void print_rest(std::string_view state, const PortSet& ports, std::string_view why = {}) {
    if (ports.empty()) return;
    const auto count = ports.size();
    const auto list = ports.text();
    const auto number = fmt::format("{} port{}", count, count == 1 ? "" : "s");
    fmt::print("  {:<9} {}{}{}\n", state, list.size() > 60 ? number : list,
               list.size() > 60 || count < 10 ? "" : " (" + number + ")",
               why.empty() ? "" : ": " + runtime::escape_foreign(why, longest_line));
}

void print_certificate(const scan::ServiceFacts& facts) {
    if (!facts.certificate) {
        if (!facts.tls.empty()) fmt::print("  {:<20} {}, no certificate\n", "", facts.tls);
        if (!facts.plain.empty())
            fmt::print("  {:<20} no TLS: {}\n", "",
                       runtime::escape_foreign(first_line(facts.plain), longest_line));
        return;
    }
    const auto clean = [](const std::string& text) { return runtime::escape_foreign(text, longest_line); };
    const auto& certificate = *facts.certificate;
    fmt::print("  {:<20} {} {}, by {}\n", "", facts.tls, clean(certificate.subject),
               clean(certificate.issuer));
    if (!certificate.names.empty())
        fmt::print("  {:<20} for {}\n", "", clean(joined(certificate.names, most_names)));
    fmt::print("  {:<20} until {}, sha256 {}\n", "", to_iso8601(certificate.not_after).substr(0, 10),
               certificate.sha256);
}

class TablePrinter final : public ScanPrinter {
  public:
    void begin(const ScanHead& head) override {
        transport_ = head.transport;
        if (!head.from.empty()) fmt::print("As agent {} sees it:\n\n", head.from);
    }

    void host(const ScannedHost& host) override {
        const auto& result = host.result;
        const bool worth_a_look = !result.open.empty() || (result.round_trip && !result.unknown.empty());
        if (!worth_a_look && host.named == ScannedHost::Named::among_many) return;
        fmt::print("{}{}{}\n", result.address.text(),
                   host.names.empty() ? "" : "  " + joined(host.names, most_names),
                   result.round_trip ? "  " + milliseconds(*result.round_trip) : "  no answer");
        for (const Port port : result.open.ports())
            print_open(port, host.services);
        print_rest("closed", result.closed);
        print_rest(transport_ == Transport::udp ? "open or filtered" : "filtered", result.filtered);
        for (const auto& unknown : result.unknown)
            print_rest("unknown", unknown.ports, unknown.why);
        fmt::print("\n");
        std::fflush(stdout);
    }

    void end(const ScanEnd& end) override {
        for (const auto& one : end.unresolved)
            fmt::print("{}  not scanned: {}\n", one.name, runtime::escape_foreign(one.why));
        fmt::print("{} address{}: {} with open ports ({} in all), {} without an answer", end.addresses,
                   end.addresses == 1 ? "" : "es", end.with_open, end.open, end.silent);
        if (end.unknown != 0) fmt::print(", {} not fully known", end.unknown);
        fmt::print(". {:.1f} s, {} probes.\n", static_cast<double>(end.took.count()) / 1e6, end.probes);
        if (end.end == scan::Report::End::cut_short)
            fmt::print(
                "PARTIAL: the scan could not go on to its end; what is not named was not looked at.\n");
        if (end.end == scan::Report::End::stopped)
            fmt::print(
                "PARTIAL: the scan was stopped before its end; what is not named was not looked at.\n");
    }

  private:
    void print_open(Port port, const std::map<Port, scan::ServiceFacts>& services) const {
        const auto place = fmt::format("{}/{}", port, to_text(transport_));
        const auto found = services.find(port);
        const auto banner = found == services.end()
                                ? std::string()
                                : runtime::escape_foreign(first_line(found->second.banner), longest_line);
        const auto line =
            fmt::format("  {:<9} open      {:<16} {}", place, scan::service_name(transport_, port), banner);
        fmt::print("{}\n", line.substr(0, line.find_last_not_of(' ') + 1));
        if (found != services.end()) print_certificate(found->second);
    }

    Transport transport_ = Transport::tcp;
};

}  // namespace

std::unique_ptr<ScanPrinter> table_printer() {
    return std::make_unique<TablePrinter>();
}

}  // namespace garita::programs
