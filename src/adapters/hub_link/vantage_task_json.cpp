// What is asked.

#include <algorithm>
#include <array>
#include <limits>
#include <map>

#include "adapters/hub_link/vantage_json.hpp"
#include "runtime/json/writer.hpp"

namespace garita::hub_link {
namespace json = runtime::json;
namespace {

using scan::Job;
using scan::NameQuestions;
using scan::ServiceQuestions;
using scan::VantageTask;
using scan::Wanted;

constexpr json::TextRule ports_rule{512UL * 1024, json::TextRule::Content::line};
constexpr std::int64_t greatest_rate = 10'000'000;

boost::json::value long_text(const std::string& text) {
    return boost::json::string(text);
}

std::int64_t whole(double rate) {
    return static_cast<std::int64_t>(std::clamp(rate, 0.0, static_cast<double>(greatest_rate)));
}

boost::json::value to_json(const scan::Limits& limits) {
    return json::Writer()
        .number("rate", whole(limits.probes_per_second))
        .number("host_rate", whole(limits.probes_per_second_of_host))
        .number("hosts", limits.parallel_hosts)
        .number("tries", limits.tries)
        .seconds_if("patience", limits.patience)
        .seconds_if("host_timeout", limits.host_timeout)
        .finish();
}
Result<scan::Limits> limits_from(const boost::json::value& value, std::string_view where,
                                 json::Unknown unknown) {
    json::Reader in(value, where, unknown);
    scan::Limits limits;
    limits.probes_per_second = static_cast<double>(in.integer_or("rate", 0, greatest_rate, 0));
    limits.probes_per_second_of_host = static_cast<double>(in.integer_or("host_rate", 0, greatest_rate, 0));
    limits.parallel_hosts = static_cast<unsigned>(in.integer_or("hosts", 0, 1'000'000, 0));
    limits.tries = static_cast<unsigned>(in.integer_or("tries", 0, 15, 0));
    limits.patience = in.optional_seconds("patience");
    limits.host_timeout = in.optional_seconds("host_timeout");
    return in.finish(limits);
}

boost::json::value to_json(const Job& job) {
    boost::json::array sets;
    for (std::uint32_t place = 0; place < job.port_sets.size(); ++place) {
        boost::json::array addresses;
        for (const auto& target : job.targets)
            if (target.ports == place) addresses.emplace_back(target.address.text());
        if (addresses.empty()) continue;
        sets.push_back(json::Writer()
                           .value("ports", long_text(job.port_sets[place].text()))
                           .value("addresses", std::move(addresses))
                           .finish());
    }
    return json::Writer()
        .text("ask", "scan")
        .text("transport", garita::to_text(job.transport))
        .value("limits", to_json(job.limits))
        .value("sets", std::move(sets))
        .finish();
}

struct Set {
    PortSet ports;
    std::vector<std::string> addresses;
};
Result<Set> set_from(const boost::json::value& value, std::string_view where, json::Unknown unknown) {
    json::Reader in(value, where, unknown);
    Set set;
    auto ports = PortSet::parse(in.text("ports", ports_rule));
    if (!ports || ports->empty()) in.refuse("ports", ports ? "none" : ports.error().text);
    if (ports) set.ports = std::move(*ports);
    set.addresses = in.texts("addresses", json::name_rule, scan::most_addresses_from_afar);
    return in.finish(std::move(set));
}

std::optional<Transport> parse_transport(std::string_view text) {
    if (text == "tcp") return Transport::tcp;
    if (text == "udp") return Transport::udp;
    return std::nullopt;
}

VantageTask job_from(json::Reader& in) {
    Job job;
    job.transport = in.word("transport", parse_transport, "tcp, udp");
    job.limits = in.object<scan::Limits>("limits", limits_from);
    std::size_t probes = 0;
    std::map<IpAddress, bool> seen;
    for (auto& set : in.list<Set>("sets", scan::most_addresses_from_afar, set_from)) {
        const auto place = static_cast<std::uint32_t>(job.port_sets.size());
        for (const auto& text : set.addresses) {
            const auto address = IpAddress::parse(text);
            if (!address || !seen.emplace(*address, true).second) {
                in.refuse("sets", "each address once: '" + text + "'");
                return job;
            }
            job.targets.push_back({*address, place});
            probes += set.ports.size();
        }
        job.port_sets.push_back(std::move(set.ports));
    }
    if (job.targets.empty()) in.refuse("sets", "no address");
    if (job.targets.size() > scan::most_addresses_from_afar || probes > scan::most_probes_from_afar)
        in.refuse("sets", "more than one order may ask: at most " +
                              std::to_string(scan::most_addresses_from_afar) + " addresses and " +
                              std::to_string(scan::most_probes_from_afar) + " questions");
    return job;
}

boost::json::value to_json(const NameQuestions& asked) {
    boost::json::array names;
    for (const auto& name : asked.names)
        names.emplace_back(name);
    return json::Writer().text("ask", "names").value("names", std::move(names)).finish();
}
VantageTask names_from(json::Reader& in) {
    return NameQuestions{in.texts("names", json::subject_rule, scan::most_names_from_afar)};
}

constexpr std::array wanted_names{std::pair{Wanted::banner, std::string_view("banner")},
                                  std::pair{Wanted::certificate, std::string_view("certificate")},
                                  std::pair{Wanted::both, std::string_view("both")}};

std::string_view to_text(Wanted wanted) {
    for (const auto& [value, text] : wanted_names)
        if (value == wanted) return text;
    return "both";
}
std::optional<Wanted> parse_wanted(std::string_view text) {
    for (const auto& [value, name] : wanted_names)
        if (name == text) return value;
    return std::nullopt;
}

boost::json::value to_json(const ServiceQuestions& asked) {
    boost::json::array questions;
    for (const auto& one : asked.questions)
        questions.push_back(json::Writer()
                                .text("address", one.address.text())
                                .number("port", one.port)
                                .text_if("name", one.name)
                                .finish());
    return json::Writer()
        .text("ask", "services")
        .text("wanted", to_text(asked.wanted))
        .value("questions", std::move(questions))
        .finish();
}
Result<scan::ServiceQuestion> question_from(const boost::json::value& value, std::string_view where,
                                            json::Unknown unknown) {
    json::Reader in(value, where, unknown);
    scan::ServiceQuestion one;
    const auto address = IpAddress::parse(in.text("address", json::name_rule));
    if (!address) in.refuse("address", "not an address");
    one.address = address.value_or(IpAddress{});
    one.port = static_cast<Port>(in.integer("port", 0, 65535));
    one.name = in.text_or("name", json::subject_rule, "");
    return in.finish(std::move(one));
}
VantageTask services_from(json::Reader& in) {
    ServiceQuestions asked;
    asked.wanted = in.word("wanted", parse_wanted, "banner, certificate, both");
    asked.questions =
        in.list<scan::ServiceQuestion>("questions", scan::most_services_from_afar, question_from);
    return asked;
}

std::string words(const Job& job) {
    std::string text = "scan of " + std::to_string(job.targets.size()) + " addresses (";
    const auto order = [](const scan::Target& one, const scan::Target& other) {
        return one.address < other.address;
    };
    const auto [first, last] = std::minmax_element(job.targets.begin(), job.targets.end(), order);
    if (first != job.targets.end()) text += first->address.text();
    if (job.targets.size() > 1) text += " to " + last->address.text();
    text += job.transport == Transport::tcp ? "), TCP ports " : "), UDP ports ";
    PortSet all;
    for (const auto& ports : job.port_sets)
        all = all | ports;
    constexpr std::size_t longest = 200;
    const auto ports = all.text();
    return text + (ports.size() <= longest ? ports : std::to_string(all.size()) + " of them");
}
std::string words(const NameQuestions& asked) {
    return "addresses of " + std::to_string(asked.names.size()) + " names" +
           (asked.names.empty() ? "" : " (" + asked.names.front() + (asked.names.size() > 1 ? ", …)" : ")"));
}
std::string words(const ServiceQuestions& asked) {
    return "what answers at " + std::to_string(asked.questions.size()) + " open ports" +
           (asked.questions.empty() ? "" : ", the first at " + asked.questions.front().address.text());
}

}  // namespace

boost::json::value to_json(const VantageTask& task) {
    return std::visit([](const auto& asked) { return to_json(asked); }, task);
}

Result<VantageTask> task_from(const boost::json::value& value, std::string_view where,
                              json::Unknown unknown) {
    json::Reader in(value, where, unknown);
    const auto ask = in.text("ask", json::name_rule);
    VantageTask task;
    if (ask == "scan")
        task = job_from(in);
    else if (ask == "names")
        task = names_from(in);
    else if (ask == "services")
        task = services_from(in);
    else
        in.refuse("ask", "is not one of scan, names, services");
    return in.finish(std::move(task));
}

std::string in_words(const VantageTask& task) {
    return std::visit([](const auto& asked) { return words(asked); }, task);
}

}  // namespace garita::hub_link
