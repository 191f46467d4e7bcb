// Open ports: how each host stands against the specification, what happened to it, and looking at once.

#include "adapters/rest_api/endpoint.hpp"
#include "runtime/json/reader.hpp"
#include "runtime/json/writer.hpp"
#include "scan/port_desk.hpp"

namespace garita::rest_api {
namespace {

using scan::HostStatus;

constexpr std::int64_t most_events = 10'000;

tl::unexpected<Error> nothing_watched() {
    return fail(ErrorCode::not_found,
                "no ports are watched: write `ports` in the hub's file (docs/ports.md), and reload the hub");
}

std::string_view state_of(const HostStatus& status, Time now) {
    const auto& ports = status.ports;
    if (!ports.drift.empty()) return ports.muted_until && now < *ports.muted_until ? "muted" : "drift";
    if (ports.unknown_scans > 0) return "unknown";
    if (ports.suspected) return "suspected";
    return ports.answer == HostAnswer::none ? "new" : "fine";
}

boost::json::array services_of(const HostStatus& status) {
    boost::json::array list;
    for (const auto& [port, expected] : status.wanted.services) {
        const auto& ports = status.ports;
        const auto seen = ports.services.find(port);
        const bool drifts = ports.drift.services.contains(port);
        const bool known = seen != ports.services.end();
        list.push_back(json::Writer()
                           .number("port", port)
                           .text("expected", expected.words())
                           .text("found", known ? seen->second : std::string())
                           .text("state", drifts  ? "drift"
                                          : known ? "fine"
                                                  : "unknown")
                           .finish());
    }
    return list;
}

Body body_of(const HostStatus& status, Time now) {
    const auto& ports = status.ports;
    const auto& drift = ports.drift;
    json::Writer out;
    out.text("host", status.host)
        .text_if("network", status.network)
        .text_if("addresses", ports.addresses)
        .text("must", PortDifference::joined(status.wanted.must, status.wanted.udp_must))
        .text("may", PortDifference::joined(status.wanted.may, status.wanted.udp_may))
        .text("open", PortDifference::joined(ports.open, ports.open_udp))
        .text("missing", PortDifference::joined(drift.missing, drift.missing_udp))
        .text("unexpected", PortDifference::joined(drift.unexpected, drift.unexpected_udp))
        .text_if("where", ports.where)
        .time_if("since", ports.since)
        .time_if("scanned_at", ports.scanned_at)
        .text("state", state_of(status, now))
        .text_if("why", ports.why)
        .time_if("muted_until", ports.muted_until);
    if (status.wanted.place.line > 0) out.text("place", status.wanted.place.text());
    if (!ports.accepted.empty()) out.text("accepted", ports.accepted.words());
    if (!status.wanted.services.empty()) out.value("services", services_of(status));
    return out.finish();
}

Result<Reply> list_ports(const ApiParts& parts) {
    if (parts.ports == nullptr) return nothing_watched();
    const auto all = parts.ports->status();
    if (!all) return tl::unexpected(all.error());
    boost::json::array list;
    for (const auto& status : *all)
        list.push_back(body_of(status, parts.clock()));
    return Reply{200, json::Writer().value("hosts", std::move(list)).finish()};
}

Result<Reply> tell_history(const ApiParts& parts, const http::Request& request) {
    if (parts.ports == nullptr) return nothing_watched();
    const auto limit = query_number(request, "limit", 100, most_events);
    if (!limit) return tl::unexpected(limit.error());
    const auto host = host_spelling(query_text(request, "host"));
    if (!host) return fail(ErrorCode::invalid, "query parameter 'host' is wanted: a name or an address");
    const auto events = parts.ports->history(*host, static_cast<std::size_t>(*limit));
    if (!events) return tl::unexpected(events.error());
    boost::json::array list;
    for (const auto& event : *events)
        list.push_back(json::Writer().time("at", event.at).text("what", event.what).finish());
    return Reply{200, json::Writer().text("host", *host).value("events", std::move(list)).finish()};
}

Result<Reply> look_now(const ApiParts& parts, const http::Request& request) {
    if (parts.ports == nullptr) return nothing_watched();
    const auto document = json::parse(request.body, "the request");
    if (!document) return tl::unexpected(document.error());
    json::Reader in(*document, "");
    auto host = in.text_or("host", json::subject_rule, "");
    const auto fine = in.finish(0);
    if (!fine) return tl::unexpected(fine.error());
    host = host_spelling(host).value_or(host);
    if (!parts.ports->scan_now(host))
        return fail(ErrorCode::not_found,
                    "host '" + host + "' is not specified; `garita ports status` lists all");
    return Reply{200, json::Writer().text("host", host).finish()};
}

}  // namespace

void add_port_routes(http::Router& router, const ApiParts& parts) {
    router.add(http::Method::get, "/api/v1/ports",
               guarded(parts.callers, Scope::status_read,
                       [parts](const http::Request&, const Caller&) { return list_ports(parts); }));
    router.add(
        http::Method::get, "/api/v1/ports/history",
        guarded(parts.callers, Scope::status_read, [parts](const http::Request& request, const Caller&) {
            return tell_history(parts, request);
        }));
    router.add(
        http::Method::post, "/api/v1/ports/scan",
        guarded(parts.callers, Scope::decisions_write,
                [parts](const http::Request& request, const Caller&) { return look_now(parts, request); }));
}

}  // namespace garita::rest_api
