#include "programs/hub/rule_keepers.hpp"

#include <algorithm>
#include <chrono>

#include "runtime/clock/clock.hpp"

namespace garita::programs {
namespace {

/// A person waits for the answer, and a thread of the server with them.
constexpr std::chrono::seconds patience{60};

}  // namespace

decide::RulesHealth health_of(const runtime::DeviceConfig& device, const enforce::ClassStatus& one) {
    decide::RulesHealth health;
    health.device = device.name;
    health.rules = one.name;
    health.troubled_since = one.troubled_since;
    health.stuck_after = device.stuck_after;
    health.refused = one.trouble.empty() ? one.refused : 0;
    health.why = !one.trouble.empty()       ? one.trouble
                 : !one.why_refused.empty() ? one.why_refused
                                            : one.not_repaired;
    health.known = one.tried == enforce::ClassStatus::Tried::yes ? decide::RulesHealth::Known::yes
                                                                 : decide::RulesHealth::Known::no;
    return health;
}

RuleKeepers::RuleKeepers(const std::vector<runtime::DeviceConfig>& devices, store::DeviceRules& rules,
                         const RuleTrace& trace, const runtime::Log& log) {
    for (const auto& device : devices)
        if (!device.rules.empty() && device.connect != runtime::DeviceConfig::Connect::agent)
            add(device, rules, trace, log.with("rules of " + device.name));
}

void RuleKeepers::add(const runtime::DeviceConfig& config, store::DeviceRules& rules, const RuleTrace& trace,
                      const runtime::Log& log) {
    auto device = std::make_unique<Device>();
    device->config = config;
    device->book = rules.book(config.name);
    auto& recording = recordings_[devices_.size() % most_recorders];
    device->later = std::make_unique<enforce::RecordLater>(*device->book, [&recording] {
        if (recording.thread != nullptr) recording.thread->wake();
    });
    device->backends = std::make_unique<ClassBackends>(device->config, trace.of(config.name));
    std::vector<enforce::KeptClass> kept;
    for (const auto& about : device->config.rules) {
        auto made = device->backends->make(about);
        if (made) {
            kept.push_back(std::move(*made));
            continue;
        }
        log.warning(made.error().text);
        enforce::ClassStatus status;
        status.name = about.name();
        status.trouble = made.error().text;
        status.troubled_since = runtime::system_now();
        device->not_kept.push_back(std::move(status));
    }
    enforce::ClassReconcilerOptions options;
    options.jitter_seed = static_cast<std::uint32_t>(std::hash<std::string>{}(config.name) | 1U);
    const enforce::ClassReconciler::World world{
        *device->later, runtime::system_now,
        [log](const std::string& name, const Error& error) { log.warning(name + ": " + error.text); }};
    device->reconciler =
        std::make_unique<enforce::ClassReconciler>(world, config.name, std::move(kept), options);
    devices_.push_back(std::move(device));
}

void RuleKeepers::open(runtime::WorkerGroup& workers) {
    std::array<std::vector<enforce::RecordLater*>, most_recorders> books;
    for (std::size_t i = 0; i < devices_.size(); ++i)
        books[i % most_recorders].push_back(devices_[i]->later.get());
    for (std::size_t i = 0; i < most_recorders; ++i) {
        if (books[i].empty()) continue;
        recordings_[i].recorder = std::make_unique<enforce::Recorder>(std::move(books[i]));
        recordings_[i].thread = &workers.start(*recordings_[i].recorder);
    }
    for (const auto& device : devices_)
        if (!device->reconciler->status().empty()) device->thread = &workers.start(*device->reconciler);
}

void RuleKeepers::close() {
    for (auto& recording : recordings_)
        recording.thread = nullptr;
    for (auto& device : devices_)
        (void)device->later->flush(runtime::system_now());  // what is lost is applied again
}

void RuleKeepers::heard(const std::string& device) {
    for (const auto& one : devices_)
        if (one->config.name == device && one->thread != nullptr) one->thread->wake();
}

std::vector<enforce::DeviceStatus> RuleKeepers::status() const {
    std::vector<enforce::DeviceStatus> all;
    for (const auto& device : devices_) {
        auto classes = device->reconciler->status();
        classes.insert(classes.end(), device->not_kept.begin(), device->not_kept.end());
        all.push_back({device->config.name, std::move(classes)});
    }
    return all;
}

std::vector<decide::RulesHealth> RuleKeepers::health() const {
    std::vector<decide::RulesHealth> all;
    for (const auto& device : devices_) {
        auto classes = device->reconciler->status();
        classes.insert(classes.end(), device->not_kept.begin(), device->not_kept.end());
        for (const auto& one : classes)
            all.push_back(health_of(device->config, one));
    }
    return all;
}

RuleKeepers::Classes RuleKeepers::ask(const std::string& name, enforce::ClassReconciler::Request request,
                                      const std::string& rules) {
    const auto device = std::find_if(devices_.begin(), devices_.end(),
                                     [&](const auto& one) { return one->config.name == name; });
    if (device == devices_.end() || (*device)->thread == nullptr)
        return fail(ErrorCode::not_found, "the hub keeps no rules on a device '" + name + "'");
    auto answer = (*device)->reconciler->ask(request, rules);
    (*device)->thread->wake();
    if (answer.wait_for(patience) != std::future_status::ready)
        return fail(ErrorCode::unavailable, "device " + name + " is still at it: ask again later",
                    Retry::later);
    return answer.get();
}

RuleKeepers::Classes RuleKeepers::audit(const std::string& device, const std::string& rules) {
    return ask(device, enforce::ClassReconciler::Request::audit, rules);
}

RuleKeepers::Classes RuleKeepers::rebuild(const std::string& device, const std::string& rules) {
    return ask(device, enforce::ClassReconciler::Request::rebuild, rules);
}

}  // namespace garita::programs
