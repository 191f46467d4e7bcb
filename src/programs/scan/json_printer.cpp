#include <cstdio>
#include <utility>

#include <fmt/core.h>

#include "programs/scan/scan_printer.hpp"
#include "runtime/json/model_json.hpp"
#include "runtime/json/writer.hpp"
#include "scan/services.hpp"

namespace garita::programs {
namespace {

namespace json = runtime::json;
using json::Writer;

std::int64_t number(std::uint64_t value) {
    return static_cast<std::int64_t>(value);
}

/// "22,80-90"; of any length, which Writer::text is not.
boost::json::value to_value(const PortSet& ports) {
    return boost::json::string(ports.text());
}

boost::json::value certificate_json(const scan::Certificate& certificate) {
    return Writer()
        .text("subject", certificate.subject)
        .text("issuer", certificate.issuer)
        .value("names", json::to_json(certificate.names))
        .time("not_before", certificate.not_before)
        .time("not_after", certificate.not_after)
        .text("sha256", certificate.sha256)
        .finish();
}

boost::json::value open_json(Transport transport, Port port,
                             const std::map<Port, scan::ServiceFacts>& services) {
    Writer writer;
    writer.number("port", port).text_if("service", scan::service_name(transport, port));
    const auto found = services.find(port);
    if (found == services.end()) return writer.finish();
    writer.text_if("banner", found->second.banner).text_if("tls", found->second.tls);
    writer.text_if("plain", found->second.plain);
    if (found->second.certificate) writer.value("certificate", certificate_json(*found->second.certificate));
    return writer.finish();
}

boost::json::value host_json(Transport transport, const ScannedHost& host) {
    boost::json::array open;
    for (const Port port : host.result.open.ports())
        open.push_back(open_json(transport, port, host.services));
    boost::json::array unknown;
    for (const auto& one : host.result.unknown)
        unknown.push_back(Writer().text("why", one.why).value("ports", to_value(one.ports)).finish());
    Writer writer;
    writer.text("address", host.result.address.text());
    if (!host.names.empty()) writer.value("names", json::to_json(host.names));
    writer.seconds_if("round_trip", host.result.round_trip).value("open", std::move(open));
    writer.value("closed", to_value(host.result.closed)).value("filtered", to_value(host.result.filtered));
    return writer.value("unknown", std::move(unknown)).finish();
}

class JsonPrinter final : public ScanPrinter {
  public:
    void begin(const ScanHead& head) override {
        transport_ = head.transport;
        auto text = json::serialize(Writer()
                                        .text("transport", to_text(head.transport))
                                        .text("engine", head.engine)
                                        .text_if("from", head.from)
                                        .value("ports", to_value(head.ports))
                                        .number("addresses", number(head.addresses))
                                        .time("started", head.started)
                                        .finish());
        text.pop_back();  // the brace
        fmt::print("{},\"hosts\":[", text);
    }

    void host(const ScannedHost& host) override {
        fmt::print("{}\n{}", std::exchange(comma_, ","), json::serialize(host_json(transport_, host)));
    }

    void end(const ScanEnd& end) override {
        boost::json::array unresolved;
        for (const auto& one : end.unresolved)
            unresolved.push_back(Writer().text("name", one.name).text("why", one.why).finish());
        const auto text = json::serialize(Writer()
                                              .value("unresolved", std::move(unresolved))
                                              .value("warnings", json::to_json(end.warnings))
                                              .number("probes", number(end.probes))
                                              .seconds("took", end.took)
                                              .value("complete", end.end == scan::Report::End::complete)
                                              .finish());
        fmt::print("\n],{}\n", std::string_view(text).substr(1));
    }

  private:
    Transport transport_ = Transport::tcp;
    const char* comma_ = "";
};

}  // namespace

std::unique_ptr<ScanPrinter> json_printer() {
    return std::make_unique<JsonPrinter>();
}

}  // namespace garita::programs
