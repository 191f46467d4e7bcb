#include "programs/agent/host_scans.hpp"

#include <algorithm>
#include <malloc.h>

#include "adapters/connect_scan/connect_engine.hpp"
#include "adapters/service_probe/open_services.hpp"
#include "adapters/system_names/system_names.hpp"
#include "adapters/udp_scan/udp_engine.hpp"

namespace garita::programs {
namespace {

/// The agent is small, and has other things to do.
constexpr std::size_t services_at_once = 100;
constexpr unsigned names_at_once = 8;
constexpr Duration for_names = std::chrono::seconds(15);

scan::VantageBounds bounds_of(const runtime::AllowConfig& allow) {
    if (!allow.scan) return {};
    return {allow.scan->targets, allow.scan->ports, static_cast<double>(allow.scan->max_rate)};
}

}  // namespace

HostScans::HostScans(const runtime::AgentConfig& config, const World& world, const runtime::Log& log)
    : world_(world), log_(log), bounds_(bounds_of(config.allow)), link_(config.hub, world.identity, *this) {}

std::unique_ptr<HostScans> HostScans::open(const runtime::AgentConfig& config, const World& world,
                                           const runtime::Log& log) {
    if (!config.allow.scan) return nullptr;
    return std::unique_ptr<HostScans>(new HostScans(config, world, log));
}

void HostScans::start(runtime::WorkerGroup& workers) {
    thread_ = &workers.start(work_);
    workers.start(link_);
}

void HostScans::stop() {
    {
        const std::lock_guard lock(mutex_);
        stopped_ = true;
        for (auto& work : waiting_)
            work.stop.request_stop();
    }
    link_.stop();
}

void HostScans::begin(const hub_link::ScanOrder& order) {
    {
        const std::lock_guard lock(mutex_);
        waiting_.push_back({order});
        if (stopped_) waiting_.back().stop.request_stop();
    }
    if (auto* const thread = thread_.load()) thread->wake();
}

void HostScans::stop(const std::string& id) {
    const std::lock_guard lock(mutex_);
    for (auto& work : waiting_)
        if (work.order.id == id) work.stop.request_stop();
}

Result<Duration> HostScans::Work::step(Time) {
    Waiting next;
    {
        const std::lock_guard lock(scans_.mutex_);
        if (scans_.waiting_.empty() || scans_.stopped_) return Duration(std::chrono::hours(1));
        next = scans_.waiting_.front();
    }
    scans_.carry_out(next);
    const std::lock_guard lock(scans_.mutex_);
    scans_.waiting_.pop_front();
    return Duration::zero();
}

void HostScans::carry_out(const Waiting& work) {
    auto outcome = run(work.order.id, work.order.task, work.stop.get_token());
    const auto what = hub_link::in_words(work.order.task);
    if (outcome)
        log_.info(what, {{"by", work.order.by}});
    else
        log_.warning(what + ": " + outcome.error().text, {{"by", work.order.by}});
    link_.answer({work.order.id, std::move(outcome)});
    malloc_trim(0);  // what a scan needed is not kept between scans
}

Result<scan::VantageOutcome> HostScans::run(const std::string& id, scan::VantageTask task,
                                            const std::stop_token& stop) {
    auto allowed = scan::within(bounds_, std::move(task));
    if (!allowed) return tl::unexpected(allowed.error());
    if (const auto* const job = std::get_if<scan::Job>(&*allowed)) return look(id, *job, stop);
    if (const auto* const asked = std::get_if<scan::NameQuestions>(&*allowed))
        return system_names::SystemNames({for_names, names_at_once}, stop).resolve(asked->names);
    const auto& asked = std::get<scan::ServiceQuestions>(*allowed);
    service_probe::Limits limits;
    limits.at_once =
        std::clamp<std::size_t>(static_cast<std::size_t>(bounds_.probes_per_second), 1, services_at_once);
    return service_probe::OpenServices(limits).ask(asked.questions, asked.wanted, stop);
}

Result<scan::VantageOutcome> HostScans::look(const std::string& id, const scan::Job& job,
                                             const std::stop_token& stop) {
    const scan::Listeners listeners{
        [this, &id](const IpAddress& address, Port port) {
            link_.found(id, {address, port});
        },
        [this, &id](const scan::Progress& progress) { link_.progress(id, progress); }};
    std::unique_ptr<scan::Engine> engine;
    if (job.transport == Transport::udp)
        engine = std::make_unique<udp_scan::UdpEngine>();
    else
        engine = std::make_unique<connect_scan::ConnectEngine>();
    auto report = engine->scan(job, listeners, stop);
    if (!report) return tl::unexpected(report.error());
    return *std::move(report);
}

}  // namespace garita::programs
