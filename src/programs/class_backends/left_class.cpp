#include "programs/class_backends/left_class.hpp"

#include <algorithm>
#include <charconv>
#include <set>

#include "programs/class_backends/class_options.hpp"
#include "runtime/config/device_text.hpp"
#include "runtime/config/rule_places.hpp"

namespace garita::programs {
namespace {

using runtime::DeviceClassConfig;
using runtime::DeviceConfig;

constexpr Duration first_pause = std::chrono::seconds{10};
constexpr Duration longest_pause = std::chrono::minutes{10};
constexpr std::int64_t removed = -1;

/// A line each: when it was taken out of the configuration, 0 if it is in it, -1 if it is removed; a tab; its
/// text.
std::vector<std::pair<std::int64_t, std::string>> lines_of(std::string_view memory) {
    std::vector<std::pair<std::int64_t, std::string>> lines;
    while (!memory.empty()) {
        const auto line = memory.substr(0, memory.find('\n'));
        memory.remove_prefix(std::min(line.size() + 1, memory.size()));
        std::int64_t since = 0;
        const auto tab = line.find('\t');
        if (tab == std::string_view::npos) continue;
        std::from_chars(line.data(), line.data() + tab, since);
        const std::string text(line.substr(tab + 1));
        if (since == removed)
            std::erase_if(lines, [&](const auto& one) { return one.second == text; });
        else
            lines.emplace_back(since, text);
    }
    return lines;
}

bool is_needed_by_another(const std::vector<LeftClass>& all, const LeftClass& left) {
    return std::any_of(all.begin(), all.end(), [&](const LeftClass& other) {
        if (other.device.name != left.device.name) return false;
        const auto after = names_of_option(other.rules(), "after");
        return std::find(after.begin(), after.end(), left.rules().name()) != after.end();
    });
}

}  // namespace

std::string LeftClass::what() const {
    return "rules " + rules().name() + " of device " + device.name;
}

std::string LeftClass::key() const {
    return runtime::device_text(device, rules());
}

void LeftClass::failed(Time now) {
    ++attempts;
    next_try = now + std::min(longest_pause, first_pause * (1 << std::min(attempts, 8)));
}

std::string place_of(const DeviceConfig& device, const DeviceClassConfig& rules) {
    const auto where =
        device.ssh ? device.ssh->host + " " + std::to_string(device.ssh->port) : std::string("here");
    std::string place = where + "\t" + rules.backend + "\t";
    if (rules.backend == "tc")  // it has a root discipline, and no name
        return place + option(rules, "interface") + "\t" +
               std::string(runtime::direction_of_rules(rules.name(), option(rules, "direction")));
    place += rules.table.empty() ? rules.name() : rules.table;
    if (rules.backend == "limiter") place += "\t" + option(rules, "folder");
    return place;
}

KeptMemory KeptMemory::read(std::string_view memory, const std::vector<DeviceConfig>& devices, Time now) {
    KeptMemory made;
    std::set<std::string> places;
    for (const auto& device : devices)
        for (const auto& rules : device.rules) {
            if (device.connect == DeviceConfig::Connect::agent) continue;
            places.insert(place_of(device, rules));
            made.kept.push_back(runtime::device_text(device, rules));
        }
    for (const auto& [since, text] : lines_of(memory)) {
        auto device = runtime::parse_device_text(text);
        if (!device) {
            made.unreadable.push_back(device.error().text + ": " + text);
            continue;
        }
        if (places.contains(place_of(*device, device->rules.at(0)))) continue;
        LeftClass left{std::move(*device), since == 0 ? now : from_micros(since), 0, {}};
        if (since == 0) made.newly_left.push_back(left.what());
        made.left.push_back(std::move(left));
    }
    return made;
}

std::string KeptMemory::text() const {
    std::string memory;
    for (const auto& one : kept)
        memory += "0\t" + one + "\n";
    for (const auto& one : left)
        memory += std::to_string(to_micros(one.since)) + "\t" + one.key() + "\n";
    return memory;
}

std::string removed_line(const LeftClass& left) {
    return std::to_string(removed) + "\t" + left.key() + "\n";
}

std::vector<LeftClass>::iterator next_due(std::vector<LeftClass>& all, Time now) {
    return std::find_if(all.begin(), all.end(), [&](const LeftClass& left) {
        return now >= left.since + left_given_up_after ||
               (left.next_try <= now && !is_needed_by_another(all, left));
    });
}

Result<void> remove_left(const LeftClass& left, BackendTraces traces) {
    const auto& rules = left.rules();
    if (cannot_be_removed(rules))
        return fail(ErrorCode::not_found,
                    "they had neither `clear` nor `list`: nobody knows what is there, remove it by hand");
    ClassBackends backends(left.device, std::move(traces));
    const auto made = backends.make(rules);
    return made ? made->backend->remove_all() : tl::unexpected(made.error());
}

}  // namespace garita::programs
