// From the configuration's words to what backends that run programs are made of.

#include <algorithm>
#include <array>
#include <charconv>
#include <limits>

#include "programs/class_backends/class_options.hpp"
#include "programs/class_backends/device_programs.hpp"

namespace garita::programs {
namespace {

using runtime::DeviceClassConfig;
using Words = std::vector<std::string>;

/// "create x ; flush x" → each line for itself.
Words lines_in(std::string text) {
    constexpr std::string_view between = " ; ";
    Words lines;
    while (!text.empty()) {
        const auto end = text.find(between);
        lines.push_back(text.substr(0, end));
        text.erase(0, end == std::string::npos ? end : end + between.size());
    }
    return lines;
}

/// "a b  c" → a, b, c. A word of a template holds no space, so nothing is lost.
Words split(const std::string& text) {
    Words words;
    for (std::size_t at = text.find_first_not_of(' '); at != std::string::npos;) {
        const auto end = text.find(' ', at);
        words.push_back(text.substr(at, end - at));
        at = text.find_first_not_of(' ', end);
    }
    return words;
}

std::string joined(const Words& words) {
    std::string text;
    for (const auto& word : words)
        text.append(text.empty() ? "" : " ").append(word);
    return text;
}

/// Parameters and value, with spaces between.
std::string plain_list(const RuleClass& rules) {
    std::string pattern = "^";
    for (const auto& spec : rules.params())
        pattern += "(?P<" + spec.name + R"(>\S+)\s+)";
    return pattern + R"((?P<value>\S+)\s*$)";
}

template <typename Number>
Result<Number> number_in(const DeviceClassConfig& config, std::string_view name, Number otherwise) {
    const auto text = option(config, name);
    if (text.empty()) return otherwise;
    Number number{};
    const auto [end, error] = std::from_chars(text.data(), text.data() + text.size(), number);
    if (error != std::errc{} || end != text.data() + text.size())
        return refuse(config, "option " + std::string(name) + ": a number up to " +
                                  std::to_string(std::numeric_limits<Number>::max()) + " is wanted");
    return number;
}

}  // namespace

Result<command::Settings> command_settings(const runtime::DeviceConfig& device,
                                           const DeviceClassConfig& config) {
    if (auto known = only_known(config, {"prepare", "destroy", "listed", "count", "counted", "fine", "line",
                                         "ok", "swap_before", "swap_line", "swap_behind"});
        !known)
        return tl::unexpected(known.error());
    command::Settings settings;
    settings.names = {{"rule", config.name()},
                      {"table", config.table.empty() ? config.name() : config.table},
                      {"device", device.name}};
    settings.swap_before = lines_in(option(config, "swap_before"));
    settings.swap_line = option(config, "swap_line");
    settings.swap_behind = lines_in(option(config, "swap_behind"));
    settings.prepare = split(option(config, "prepare"));
    settings.destroy = split(option(config, "destroy"));
    settings.count = split(option(config, "count"));
    settings.counted = option(config, "counted");
    settings.clear = config.clear;
    settings.list = config.list;
    settings.listed = option(config, "listed");
    if (settings.listed.empty()) settings.listed = plain_list(config.rules);
    settings.fine = option(config, "fine");
    settings.line_number = option(config, "line");
    settings.batch = config.batch;
    if (config.batch.empty()) {
        settings.add = config.add;
        settings.change = config.change;
        settings.remove = config.delete_;
    } else {
        settings.add_line = joined(config.add);
        settings.change_line = joined(config.change);
        settings.remove_line = joined(config.delete_);
    }
    const auto ok = number_in(config, "ok", 0);
    if (!ok) return tl::unexpected(ok.error());
    if (*ok != 0) settings.ok_codes.push_back(*ok);
    settings.limit = config.timeout;
    settings.lines_at_once = config.batch_size;
    return settings;
}

Result<command::Settings> ipset_by_program(const DeviceClassConfig& config) {
    if (auto known = only_known(config, {}); !known) return tl::unexpected(known.error());
    const auto params = config.rules.params();
    const bool networks = params.size() == 1 && params[0].type == ParamType::network;
    const bool marks = config.rules.value().type == ParamType::mark;
    if (!networks && (params.size() != 1 || params[0].type != ParamType::address))
        return refuse(config, "ipset over SSH holds rules with one parameter, an address or a network");
    const std::string program = "/usr/sbin/ipset";
    const std::string type = networks ? "hash:net" : "hash:ip";
    const std::string key = "{" + params[0].name + "}";
    const std::string value = marks ? " skbmark {value:hex}" : "";
    const std::string properties = type + (marks ? " skbinfo" : "") + " maxelem 4194304";
    command::Settings settings;
    settings.names = {{"set", (config.table.empty() ? "garita-" + config.name() : config.table) + "-4"}};
    settings.prepare = split(program + " -exist create {set} " + properties);
    settings.batch = {program, "-exist", "restore"};
    settings.add_line = "add {set} " + key + value;
    settings.remove_line = "del {set} " + key;
    settings.swap_before = {"create {set}-new " + properties, "flush {set}-new"};
    settings.swap_line = "add {set}-new " + key + value;
    settings.swap_behind = {"swap {set} {set}-new", "destroy {set}-new"};
    settings.list = {program, "list", "{set}"};
    settings.listed = R"(^(?P<)" + params[0].name + R"(>\d+\.\d+\.\d+\.\d+(?:/\d+)?))" +
                      (marks ? R"(\s+skbmark (?P<value>0x[0-9a-f]+))" : R"(\s*$)");
    settings.count = {program, "list", "-terse", "{set}"};
    settings.counted = R"(Number of entries: (\d+))";
    settings.destroy = {program, "destroy", "{set}"};
    settings.fine = "The set with the given name does not exist";
    settings.line_number = R"(Error in line (\d+):)";
    settings.limit = config.timeout;
    settings.lines_at_once = config.batch_size;
    return settings;
}

Result<ipfw::Settings> ipfw_settings(const runtime::DeviceConfig& device, const DeviceClassConfig& config) {
    if (auto known = only_known(config, {"program", "mask", "first_pipe", "pipes", "capacity"}); !known)
        return tl::unexpected(known.error());
    ipfw::Settings settings;
    settings.table = config.table.empty() ? "garita_" + config.name() : config.table;
    std::replace(settings.table.begin(), settings.table.end(), '-', '_');
    settings.limit = config.timeout;
    if (const auto program = option(config, "program"); !program.empty()) settings.program = program;
    // What a subscriber sends is told apart by where it comes from.
    if (config.name() == "shaping_out") settings.mask = "src-ip";
    if (const auto mask = option(config, "mask"); !mask.empty()) settings.mask = mask == "none" ? "" : mask;
    // Classes of one device do not share pipes.
    std::uint16_t before = 0;
    for (const auto& other : device.rules) {
        if (other.name() == config.name()) break;
        if (other.backend == "ipfw" && other.rules.value().type == ParamType::rate) ++before;
    }
    const auto otherwise = static_cast<std::uint16_t>(settings.first_pipe + before * settings.pipes);
    const auto first = number_in(config, "first_pipe", otherwise);
    const auto pipes = number_in(config, "pipes", settings.pipes);
    const auto capacity = number_in(config, "capacity", settings.capacity);
    if (!first) return tl::unexpected(first.error());
    if (!pipes) return tl::unexpected(pipes.error());
    if (!capacity) return tl::unexpected(capacity.error());
    settings.first_pipe = *first;
    settings.pipes = *pipes;
    settings.capacity = *capacity;
    return settings;
}

Result<iptables::Settings> iptables_settings(const DeviceClassConfig& config) {
    if (auto known = only_known(config, {"program", "from", "side", "target", "in"}); !known)
        return tl::unexpected(known.error());
    iptables::Settings settings;
    settings.chain = config.table.empty() ? "garita-" + config.name() : config.table;
    settings.limit = config.timeout;
    if (config.rules.value().type == ParamType::mark) {
        settings.table = "mangle";
        settings.from = "PREROUTING";
    }
    if (const auto table = option(config, "in"); !table.empty()) settings.table = table;
    if (const auto from = option(config, "from"); !from.empty()) settings.from = from == "none" ? "" : from;
    if (const auto target = option(config, "target"); !target.empty()) settings.target = target;
    if (const auto program = option(config, "program"); !program.empty()) settings.program = program;
    const auto side = option(config, "side");
    if (!side.empty() && side != "source" && side != "destination")
        return refuse(config, "option side: source or destination is wanted");
    if (side == "destination") settings.side = iptables::Settings::Side::destination;
    return settings;
}

}  // namespace garita::programs
