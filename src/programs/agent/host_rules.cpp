#include "programs/agent/host_rules.hpp"

#include <algorithm>
#include <random>

#include "adapters/hub_link/class_rows.hpp"
#include "adapters/sqlite/sqlite_held_classes.hpp"
#include "programs/class_backends/class_backends.hpp"

namespace garita::programs {
namespace {

using enforce::ClassReconciler;
using enforce::ClassStatus;

constexpr std::size_t ends_at_once = 1000;
/// The hub's callers wait for a minute.
constexpr std::chrono::seconds patience{55};
constexpr std::chrono::milliseconds look{50};

bool tell_the_same(const ClassStatus& one, const ClassStatus& other) {
    return one.name == other.name && one.trouble == other.trouble && one.entries == other.entries &&
           one.foreign == other.foreign && one.refused == other.refused && one.to_repair == other.to_repair &&
           one.repaired == other.repaired && one.rebuilds == other.rebuilds &&
           one.not_repaired == other.not_repaired;
}

}  // namespace

HostRuleWork::HostRuleWork(std::string host, store::HeldClasses& copy,
                           std::vector<enforce::KeptClass> classes, std::function<Time()> clock,
                           const runtime::Log& log)
    : host_(std::move(host)), copy_(copy), classes_(std::move(classes)), clock_(std::move(clock)), log_(log) {
    copy_.on_progress([this] {
        recorded_ = true;
        if (somebody_asked_) progress_();
    });
}

Result<std::vector<std::string>> HostRuleWork::ready() const {
    std::vector<std::string> ready;
    for (const auto& rules : classes_) {
        const auto at = copy_.positions(rules.name);
        if (!at) return tl::unexpected(at.error());
        if (at->use == store::HeldPositions::Use::ready) ready.push_back(rules.name);
    }
    return ready;
}

void HostRuleWork::make_reconciler(const std::vector<std::string>& ready) {
    std::vector<enforce::KeptClass> classes;
    for (const auto& rules : classes_)
        if (std::find(ready.begin(), ready.end(), rules.name) != ready.end()) classes.push_back(rules);
    enforce::ClassReconcilerOptions options;
    options.jitter_seed = std::random_device{}() | 1U;
    const ClassReconciler::World world{copy_.book(), clock_,
                                       [this](const std::string& name, const Error& error) {
                                           log_.warning(name + ": " + error.text);
                                           recorded_ = true;
                                       }};
    auto made = std::make_shared<ClassReconciler>(world, host_, std::move(classes), options);
    const std::lock_guard lock(mutex_);
    reconciler_ = std::move(made);
}

Result<Duration> HostRuleWork::step(Time now) {
    somebody_asked_ = asked_.exchange(false);
    if (const auto ended = copy_.expire(now, ends_at_once); !ended) return tl::unexpected(ended.error());
    auto now_ready = ready();
    if (!now_ready) return tl::unexpected(now_ready.error());
    if (*now_ready != kept_) {
        make_reconciler(*now_ready);
        kept_ = std::move(*now_ready);
    }
    if (kept_.empty()) return Duration(std::chrono::hours(1));
    auto done = reconciler_->step(now);
    tell();
    if (!done) return done;
    const auto end = copy_.next_expiry();
    if (!end) return tl::unexpected(end.error());
    return *end ? std::min(*done, std::max(**end - now, Duration::zero())) : *done;
}

void HostRuleWork::tell() {
    auto statuses = reconciler_->status();
    const bool same = std::equal(statuses.begin(), statuses.end(), told_.begin(), told_.end(), tell_the_same);
    if (!same) told_ = std::move(statuses);
    if (recorded_.exchange(false) || !same) progress_();
}

std::vector<ClassStatus> HostRuleWork::statuses() const {
    std::shared_ptr<ClassReconciler> reconciler;
    {
        const std::lock_guard lock(mutex_);
        reconciler = reconciler_;
    }
    auto all = reconciler ? reconciler->status() : std::vector<ClassStatus>{};
    for (const auto& rules : classes_) {
        const bool there = std::any_of(all.begin(), all.end(),
                                       [&](const ClassStatus& status) { return status.name == rules.name; });
        if (there) continue;
        auto& status = all.emplace_back();
        status.name = rules.name;
        status.trouble = "waits for a first full set from the hub; what is there stays as it is until then";
    }
    return all;
}

std::future<Result<std::vector<ClassStatus>>> HostRuleWork::ask(ClassReconciler::Request request,
                                                                const std::string& rules) {
    asked_ = true;
    const std::lock_guard lock(mutex_);
    if (reconciler_) return reconciler_->ask(request, rules);
    std::promise<Result<std::vector<ClassStatus>>> refused;
    refused.set_value(
        fail(ErrorCode::unavailable, "no full set of rules has come from the hub yet", Retry::later));
    return refused.get_future();
}

void HostRuleOrders::add(const hub_link::ClassOrder& order) {
    const std::lock_guard lock(mutex_);
    waiting_.push_back(order);
}

Result<std::vector<ClassStatus>> HostRuleOrders::carry_out(const hub_link::ClassOrder& order) {
    const auto request = order.request == hub_link::ClassOrder::Request::rebuild
                             ? ClassReconciler::Request::rebuild
                             : ClassReconciler::Request::audit;
    auto answer = work_.ask(request, order.rules);
    wake_work_();
    const auto until = std::chrono::steady_clock::now() + patience;
    while (answer.wait_for(look) != std::future_status::ready)
        if (stopped_ || std::chrono::steady_clock::now() > until)
            return fail(ErrorCode::unavailable, "the device is still at it: ask again later", Retry::later);
    try {
        return answer.get();
    } catch (const std::future_error&) {
        return fail(ErrorCode::unavailable, "another class of rules joined meanwhile: ask again",
                    Retry::later);
    }
}

Result<Duration> HostRuleOrders::step(Time) {
    hub_link::ClassOrder order;
    {
        const std::lock_guard lock(mutex_);
        if (waiting_.empty() || stopped_) return Duration(std::chrono::hours(1));
        order = std::move(waiting_.front());
        waiting_.pop_front();
    }
    auto done = carry_out(order);
    if (!stopped_) answer_({order.id, std::move(done)});
    return Duration::zero();
}

Result<std::unique_ptr<HostRules>> HostRules::open(const runtime::AgentConfig& config, const World& world,
                                                   const runtime::Log& log) {
    if (config.rules.empty()) return std::unique_ptr<HostRules>();
    auto copy = sqlite::SqliteHeldClasses::open(config.state / "rules.db");
    if (!copy) return tl::unexpected(copy.error());
    std::vector<enforce::KeptClass> classes;
    std::vector<ClassStatus> not_kept;
    for (const auto& rules : config.rules) {
        if (auto known = (*copy)->keep(rules.name(), hub_link::shape_of(rules.rules)); !known)
            return tl::unexpected(known.error());
        auto kept = kept_class(rules);
        auto backend = world.backend(rules.name());
        if (kept && backend) {
            kept->backend = *backend;
            classes.push_back(std::move(*kept));
            continue;
        }
        ClassStatus status;
        status.name = rules.name();
        status.trouble = kept ? backend.error().text : kept.error().text;
        log.warning(status.trouble);
        not_kept.push_back(std::move(status));
    }
    return std::unique_ptr<HostRules>(
        new HostRules(config, world, log, std::move(*copy), std::move(classes), std::move(not_kept)));
}

static std::vector<RuleClass> rule_classes_of(const runtime::AgentConfig& config) {
    std::vector<RuleClass> classes;
    for (const auto& rules : config.rules)
        classes.push_back(rules.rules);
    return classes;
}

HostRules::HostRules(const runtime::AgentConfig& config, const World& world, const runtime::Log& log,
                     std::unique_ptr<store::HeldClasses> copy, std::vector<enforce::KeptClass> classes,
                     std::vector<ClassStatus> not_kept)
    : world_(world),
      log_(log),
      copy_(std::move(copy)),
      not_kept_(std::move(not_kept)),
      work_(config.name, *copy_, std::move(classes), world.clock, log),
      sync_(config.hub, {world.identity, *copy_, *this, world.clock}, rule_classes_of(config)),
      orders_(
          work_, [this] { wake_work(); },
          [this](hub_link::ClassOrderAnswer answer) { sync_.answer(std::move(answer)); }) {
    work_.on_progress([this] { sync_.progress(); });
}

void HostRules::start(runtime::WorkerGroup& workers) {
    work_thread_ = &workers.start(work_, world_.clock);
    orders_thread_ = &workers.start(orders_);
    workers.start(sync_);
}

void HostRules::stop() {
    orders_.stop();
    sync_.stop();
}

void HostRules::wake_work() {
    if (auto* const thread = work_thread_.load()) thread->wake();
}

std::vector<ClassStatus> HostRules::statuses() {
    auto all = work_.statuses();
    all.insert(all.end(), not_kept_.begin(), not_kept_.end());
    return all;
}

void HostRules::ordered(const hub_link::ClassOrder& order) {
    orders_.add(order);
    if (auto* const thread = orders_thread_.load()) thread->wake();
}

void HostRules::disagreement(const std::string& rules, const std::string& what) {
    log_.warning("rules " + rules + " are not taken from the hub: " + what);
}

}  // namespace garita::programs
