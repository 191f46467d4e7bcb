#include "programs/hub/left_rules.hpp"

#include <algorithm>
#include <charconv>
#include <set>

#include "programs/class_backends/class_backends.hpp"
#include "runtime/config/device_text.hpp"

namespace garita::programs {
namespace {

using runtime::DeviceClassConfig;
using runtime::DeviceConfig;

constexpr std::string_view memory_key = "rules.kept";
constexpr Duration first_pause = std::chrono::seconds{10};
constexpr Duration longest_pause = std::chrono::minutes{10};
constexpr Duration given_up_after = std::chrono::days{7};
constexpr Duration nothing_to_do = std::chrono::hours{1};

/// Where its entries lie: another name or setting for the same place has taken them over.
std::string place_of(const DeviceConfig& device, const DeviceClassConfig& rules) {
    const auto where =
        device.ssh ? device.ssh->host + " " + std::to_string(device.ssh->port) : std::string("here");
    return where + "\t" + rules.backend + "\t" + (rules.table.empty() ? rules.name() : rules.table);
}

std::string what_of(const DeviceConfig& device) {
    return "rules " + device.rules.at(0).name() + " of device " + device.name;
}

/// A line each: when it was taken out of the configuration, 0 if it is in it; a tab; its text.
std::vector<std::pair<Time, std::string>> lines_of(std::string_view memory) {
    std::vector<std::pair<Time, std::string>> lines;
    while (!memory.empty()) {
        const auto line = memory.substr(0, memory.find('\n'));
        memory.remove_prefix(std::min(line.size() + 1, memory.size()));
        std::int64_t since = 0;
        const auto tab = line.find('\t');
        if (tab == std::string_view::npos) continue;
        std::from_chars(line.data(), line.data() + tab, since);
        lines.emplace_back(from_micros(since), line.substr(tab + 1));
    }
    return lines;
}

}  // namespace

Result<void> LeftRules::keep(const std::vector<DeviceConfig>& devices, Time now) {
    std::set<std::string> places;
    for (const auto& device : devices)
        for (const auto& rules : device.rules) {
            if (device.connect == DeviceConfig::Connect::agent) continue;  // the agent's own matter
            places.insert(place_of(device, rules));
            kept_.push_back(runtime::device_text(device, rules));
        }
    std::string memory;
    const auto read = store_.read([&](store::View& view) -> Result<void> {
        memory = view.value(memory_key).value_or("");
        return {};
    });
    if (!read) return read;
    for (auto& [since, text] : lines_of(memory)) {
        const auto device = runtime::parse_device_text(text);
        if (!device)
            log_.warning("what was kept cannot be read any more, and is not removed",
                         {{"why", device.error().text}, {"what", text}});
        if (!device || places.contains(place_of(*device, device->rules.at(0)))) continue;
        if (since == Time{}) {
            since = now;
            log_.info("no longer configured: they will be removed", {{"what", what_of(*device)}});
        }
        left_.push_back({std::move(text), since, 0, {}, {}});
    }
    return remember({}, now);
}

Result<void> LeftRules::remember(const std::vector<std::string>& audit, Time now) {
    std::string memory;
    for (const auto& text : kept_)
        memory += "0\t" + text + "\n";
    for (const auto& left : left_)
        memory += std::to_string(to_micros(left.since)) + "\t" + left.text + "\n";
    return store_.write([&](store::Transaction& transaction) -> Result<void> {
        if (transaction.value(memory_key).value_or("") != memory) transaction.set_value(memory_key, memory);
        for (const auto& what : audit)
            (void)transaction.add_audit(
                {0, now, {Actor::Kind::system, "hub", {}, Role::administrator}, "rules_removed", what, {}});
        return {};
    });
}

LeftRules::Removal LeftRules::remove(Left& left, Time now) {
    const auto device = runtime::parse_device_text(left.text);
    Result<void> removed = device ? Result<void>{} : tl::unexpected(device.error());
    const bool blind = device && device->rules[0].backend == "command" && device->rules[0].clear.empty() &&
                       device->rules[0].list.empty() && !device->rules[0].options.contains("destroy");
    if (blind) {
        removed = fail(ErrorCode::not_found,
                       "they had neither `clear` nor `list`: nobody knows what is there, remove it by hand");
    } else if (removed) {
        ClassBackends backends(*device, trace_.of(device->name));
        const auto made = backends.make(device->rules.at(0));
        removed = made ? made->backend->remove_all() : tl::unexpected(made.error());
    }
    if (removed) return Removal::done;
    ++left.attempts;
    left.next_try = now + std::min(longest_pause, first_pause * (1 << std::min(left.attempts, 8)));
    if (left.trouble != removed.error().text)
        log_.warning("left behind on the device",
                     {{"what", device ? what_of(*device) : left.text}, {"why", removed.error().text}});
    left.trouble = removed.error().text;
    return Removal::failed;
}

/// What came after others goes before them.
bool LeftRules::is_needed_by_another(const Left& left) const {
    const auto mine = runtime::parse_device_text(left.text);
    return mine && std::any_of(left_.begin(), left_.end(), [&](const Left& other) {
               const auto device = runtime::parse_device_text(other.text);
               if (!device || device->name != mine->name) return false;
               const auto after = names_of_option(device->rules.at(0), "after");
               return std::find(after.begin(), after.end(), mine->rules.at(0).name()) != after.end();
           });
}

Result<Duration> LeftRules::step(Time now) {
    std::vector<std::string> removed;
    bool some = true;
    while (some) {
        some = false;
        for (auto left = left_.begin(); left != left_.end(); ++left) {
            const bool over = now >= left->since + given_up_after;
            if (!over && (left->next_try > now || is_needed_by_another(*left))) continue;
            const auto device = runtime::parse_device_text(left->text);
            const auto what = device ? what_of(*device) : std::string("rules");
            if (remove(*left, now) == Removal::failed && !over) continue;
            log_.info(over ? "not tried any longer" : "removed from the device", {{"what", what}});
            removed.push_back(over ? what + " (given up)" : what);
            left_.erase(left);
            some = true;
            break;
        }
    }
    if (!removed.empty())
        if (auto kept = remember(removed, now); !kept) return tl::unexpected(kept.error());
    Time next = now + nothing_to_do;
    std::vector<std::string> troubles;
    for (const auto& left : left_) {
        if (left.next_try > now) next = std::min(next, left.next_try);
        const auto device = runtime::parse_device_text(left.text);
        if (device && !left.trouble.empty())
            troubles.push_back(what_of(*device) +
                               " are left behind there, no longer configured: " + left.trouble);
    }
    const std::lock_guard lock(mutex_);
    troubles_ = std::move(troubles);
    return next - now;
}

std::vector<std::string> LeftRules::troubles() const {
    const std::lock_guard lock(mutex_);
    return troubles_;
}

}  // namespace garita::programs
