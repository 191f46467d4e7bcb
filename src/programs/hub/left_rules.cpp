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
        auto device = runtime::parse_device_text(text);
        if (!device)
            log_.warning("what was kept cannot be read any more, and is not removed",
                         {{"why", device.error().text}, {"what", text}});
        if (!device || places.contains(place_of(*device, device->rules.at(0)))) continue;
        if (since == Time{}) {
            since = now;
            log_.info("no longer configured: they will be removed", {{"what", what_of(*device)}});
        }
        left_.push_back({std::move(*device), since, 0, {}, {}});
    }
    return remember({}, now);
}

/// And what has just been removed, if anything, in the audit trail.
Result<void> LeftRules::remember(const std::string& removed, Time now) {
    std::string memory;
    for (const auto& text : kept_)
        memory += "0\t" + text + "\n";
    for (const auto& left : left_)
        memory += std::to_string(to_micros(left.since)) + "\t" +
                  runtime::device_text(left.device, left.device.rules.at(0)) + "\n";
    return store_.write([&](store::Transaction& transaction) -> Result<void> {
        if (transaction.value(memory_key).value_or("") != memory) transaction.set_value(memory_key, memory);
        const Actor hub{Actor::Kind::system, "hub", {}, Role::administrator};
        if (!removed.empty()) (void)transaction.add_audit({0, now, hub, "rules_removed", removed, {}});
        return {};
    });
}

LeftRules::Removal LeftRules::remove(Left& left, Time now) {
    const auto& rules = left.device.rules.at(0);
    const bool blind = rules.backend == "command" && rules.clear.empty() && rules.list.empty() &&
                       !rules.options.contains("destroy");
    Result<void> removed;
    if (blind) {
        removed = fail(ErrorCode::not_found,
                       "they had neither `clear` nor `list`: nobody knows what is there, remove it by hand");
    } else {
        ClassBackends backends(left.device, trace_.of(left.device.name));
        const auto made = backends.make(rules);
        removed = made ? made->backend->remove_all() : tl::unexpected(made.error());
    }
    if (removed) return Removal::done;
    ++left.attempts;
    left.next_try = now + std::min(longest_pause, first_pause * (1 << std::min(left.attempts, 8)));
    if (left.trouble != removed.error().text)
        log_.warning("left behind on the device",
                     {{"what", what_of(left.device)}, {"why", removed.error().text}});
    left.trouble = removed.error().text;
    return Removal::failed;
}

/// What came after others goes before them.
bool LeftRules::is_needed_by_another(const Left& left) const {
    return std::any_of(left_.begin(), left_.end(), [&](const Left& other) {
        if (other.device.name != left.device.name) return false;
        const auto after = names_of_option(other.device.rules.at(0), "after");
        return std::find(after.begin(), after.end(), left.device.rules.at(0).name()) != after.end();
    });
}

std::vector<LeftRules::Left>::iterator LeftRules::next_due(Time now) {
    return std::find_if(left_.begin(), left_.end(), [&](const Left& left) {
        return now >= left.since + given_up_after || (left.next_try <= now && !is_needed_by_another(left));
    });
}

/// One at a time: the hub may be asked to stop meanwhile.
Result<Duration> LeftRules::step(Time now) {
    if (const auto left = next_due(now); left != left_.end()) {
        const bool over = now >= left->since + given_up_after;
        const auto what = what_of(left->device);
        const auto removal = remove(*left, now);
        if (removal == Removal::done || over) {
            log_.info(removal == Removal::done ? "removed from the device" : "not tried any longer",
                      {{"what", what}});
            left_.erase(left);
            const auto kept = remember(removal == Removal::done ? what : what + " (given up)", now);
            if (!kept) return tl::unexpected(kept.error());
        }
        publish();
        return Duration::zero();
    }
    Time next = now + nothing_to_do;
    for (const auto& left : left_)
        if (left.next_try > now) next = std::min(next, left.next_try);
    return next - now;
}

void LeftRules::publish() {
    std::vector<std::string> troubles;
    for (const auto& left : left_)
        if (!left.trouble.empty())
            troubles.push_back(what_of(left.device) +
                               " are left behind there, no longer configured: " + left.trouble);
    const std::lock_guard lock(mutex_);
    troubles_ = std::move(troubles);
}

std::vector<std::string> LeftRules::troubles() const {
    const std::lock_guard lock(mutex_);
    return troubles_;
}

}  // namespace garita::programs
