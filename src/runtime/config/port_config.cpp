#include "runtime/config/port_config.hpp"

#include <algorithm>

#include "runtime/config/further_files.hpp"
#include "runtime/config/value_check.hpp"
#include "runtime/config/values.hpp"
#include "runtime/config/yaml_reader.hpp"

namespace garita::runtime {

namespace {

constexpr FileKeys of_files = {{"hosts", "groups", "scanports", "ipv6", "from", "maintenance"}, "ports"};

std::vector<WeeklyWindow> windows_of(const Section& section) {
    std::vector<WeeklyWindow> all;
    for (const auto& text : section.texts("maintenance")) {
        const auto some = parse_weekly_windows(text).value_or(std::vector<WeeklyWindow>{});
        all.insert(all.end(), some.begin(), some.end());
    }
    return all;
}

std::optional<bool> yes_if_given(const Section& section, std::string_view key) {
    return section.given(key) ? std::optional(section.yes(key)) : std::nullopt;
}

std::optional<std::string> from_if_given(const Section& section) {
    return section.given("from") ? std::optional(section.text("from")) : std::nullopt;
}

std::string lower(std::string text) {
    std::transform(text.begin(), text.end(), text.begin(),
                   [](char c) { return c >= 'A' && c <= 'Z' ? static_cast<char>(c - 'A' + 'a') : c; });
    return text;
}

ExpectedService service_of(const Section& section) {
    ExpectedService service;
    service.banner = section.text("banner");
    if (!section.given("certificate")) return service;
    const Section written = section.section("certificate");
    auto& certificate = service.certificate.emplace();
    for (const auto& name : written.texts("names"))
        certificate.names.push_back(lower(name));
    certificate.issuer = written.text("issuer");
    certificate.sha256 = parse_digest(written.text("sha256")).value_or("");
    certificate.valid_days = static_cast<int>(written.integer("valid_days"));
    return service;
}

WrittenPorts ports_of(const Section& section, WrittenPlace place) {
    WrittenPorts written;
    written.place = std::move(place);
    written.must = section.ports_if_given("must");
    written.may = section.ports_if_given("may").value_or(PortSet{});
    const Section udp = section.section("udp");
    written.udp_must = udp.ports_if_given("must").value_or(PortSet{});
    written.udp_may = udp.ports_if_given("may").value_or(PortSet{});
    written.scanports = section.ports_if_given("scanports");
    written.ipv6 = yes_if_given(section, "ipv6");
    written.from = from_if_given(section);
    written.maintenance = windows_of(section);
    section.each_named("services", [&](const std::string& port, const Section& service) {
        if (const auto number = parse_port_key(port)) written.services.emplace(*number, service_of(service));
    });
    return written;
}

/// Problems as text; those that only the whole can tell come with scan::Specification.
class Reading {
  public:
    Reading(const Node* node, const std::string& file, WrittenSpecification& into)
        : node_(node), section_(node, *shape_of(FileKind::hub).find("ports")), file_(file), into_(into) {}

    Result<void> groups() {
        section_.each_named("groups", [&](const std::string& name, const Section& group) {
            const auto place = place_of("groups", name);
            check_services(place, group);
            const bool fresh = into_.groups.emplace(name, ports_of(group, place)).second;
            if (!fresh)
                complain(place, "group " + name + " is already at " + into_.groups.at(name).place.text());
        });
        return outcome();
    }
    Result<void> hosts() {
        section_.each_named("hosts", [&](const std::string& written, const Section& section) {
            const auto place = place_of("hosts", written);
            const auto name = host_spelling(written).value_or(written);
            auto host = ports_of(section, place);
            check_services(place, section);
            host.groups = section.texts("groups");
            host.except = section.networks("except");
            if (!host.except.empty() && name.find('/') == std::string::npos)
                complain(place, "host " + name + " is no network: `except` has no meaning here");
            const auto twice = std::find_if(into_.hosts.begin(), into_.hosts.end(),
                                            [&](const auto& other) { return other.first == name; });
            if (twice != into_.hosts.end())
                complain(place, "host " + name + " is already at " + twice->second.place.text());
            into_.hosts.emplace_back(name, std::move(host));
        });
        return outcome();
    }
    /// What the file says of all holds for its hosts.
    void spread(std::size_t from) {
        const auto scanports = section_.ports_if_given("scanports");
        const auto ipv6 = yes_if_given(section_, "ipv6");
        const auto from_agent = from_if_given(section_);
        const auto windows = windows_of(section_);
        for (std::size_t i = from; i < into_.hosts.size(); ++i) {
            auto& host = into_.hosts[i].second;
            const bool of_group = std::any_of(host.groups.begin(), host.groups.end(), [&](const auto& name) {
                const auto group = into_.groups.find(name);
                return group != into_.groups.end() && group->second.scanports;
            });
            if (!host.scanports && !of_group) host.scanports = scanports;
            if (!host.ipv6) host.ipv6 = ipv6;
            const bool group_looks =
                std::any_of(host.groups.begin(), host.groups.end(), [&](const auto& name) {
                    const auto group = into_.groups.find(name);
                    return group != into_.groups.end() && group->second.from;
                });
            if (!host.from && !group_looks) host.from = from_agent;
            host.maintenance.insert(host.maintenance.end(), windows.begin(), windows.end());
        }
    }

  private:
    void check_services(const WrittenPlace& place, const Section& section) {
        section.each_named("services", [&](const std::string& port, const Section& service) {
            if (service.given("banner") == service.given("certificate"))
                complain(place, "services." + port + ": either `banner` or `certificate` belongs there");
        });
    }
    [[nodiscard]] WrittenPlace place_of(std::string_view section, std::string_view name) const {
        const Node* all = node_ == nullptr ? nullptr : node_->find(section);
        if (all != nullptr)
            for (const auto& entry : all->entries)
                if (entry.key == name) return {file_, entry.position.line};
        return {file_, 0};
    }
    void complain(const WrittenPlace& place, const std::string& what) {
        problems_ += (problems_.empty() ? "" : "\n") + place.text() + ": " + what;
    }
    Result<void> outcome() {
        if (problems_.empty()) return {};
        return fail(ErrorCode::invalid, problems_);
    }

    const Node* node_;
    const Section section_;
    const std::string& file_;
    WrittenSpecification& into_;
    std::string problems_;
};

}  // namespace

Result<void> read_specification(std::string_view text, const std::string& file, WrittenSpecification& into) {
    const YamlTree tree = read_yaml(text);
    if (const auto fine = check_file(tree, file, *shape_of(FileKind::hub).find("ports"), of_files); !fine)
        return fine;
    Reading reading(&tree.root, file, into);
    const auto from = into.hosts.size();
    if (const auto groups = reading.groups(); !groups) return groups;
    if (const auto hosts = reading.hosts(); !hosts) return hosts;
    reading.spread(from);
    return {};
}

Result<PortsConfig> build_ports(const Section& section, const std::string& file) {
    PortsConfig config;
    config.specification = section.text("specification");
    config.interval = section.span("interval");
    config.engine = section.text("engine");
    config.confirm_after = section.span("confirm_after");
    config.unknown_after = static_cast<int>(section.integer("unknown_after"));
    config.mute_for = section.span("mute_for");
    config.history = section.span("history");
    config.rate = section.integer_if_given("rate");
    config.rate_per_host = section.integer_if_given("rate_per_host");
    config.parallel_hosts = section.integer_if_given("parallel_hosts");
    auto& written = config.written;
    written.scanports = section.ports("scanports");
    written.ipv6 = section.yes("ipv6");
    written.maintenance = windows_of(section);
    Reading own(section.node(), file, written);
    if (const auto groups = own.groups(); !groups) return tl::unexpected(groups.error());
    if (const auto hosts = own.hosts(); !hosts) return tl::unexpected(hosts.error());
    if (config.specification.empty()) return config;
    const auto files = files_of(config.specification);
    if (!files) return tl::unexpected(files.error());
    for (const auto& path : *files) {
        auto text = content_of(path);
        if (!text) return tl::unexpected(text.error());
        if (const auto read = read_specification(*text, path.string(), written); !read)
            return tl::unexpected(read.error());
        config.files.emplace(path.string(), std::move(*text));
    }
    return config;
}

}  // namespace garita::runtime
