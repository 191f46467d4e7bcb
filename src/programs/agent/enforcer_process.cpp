#include "programs/agent/enforcer_process.hpp"

#include <algorithm>
#include <chrono>
#include <csignal>
#include <cstring>
#include <thread>
#include <unistd.h>

#include <sys/prctl.h>
#include <sys/wait.h>

#include "adapters/enforcer_link/server.hpp"
#include "programs/agent/enforcing_part.hpp"
#include "runtime/clock/clock.hpp"
#include "runtime/confinement/privileges.hpp"
#include "runtime/confinement/system_calls.hpp"

namespace garita::programs {
namespace {

using enforcer_link::Channel;
using enforcer_link::Offer;

constexpr std::chrono::seconds longest_batch{60};
constexpr std::chrono::seconds longest_action{40};  // logind may take twenty
constexpr std::chrono::seconds longest_look{20};
constexpr std::chrono::seconds longest_rebuild{600};  // of a million rules on a small machine
constexpr std::chrono::milliseconds time_to_end{2000};

/// The main part decides when to stop; a signal to all of the group must not take the enforcer away before
/// it.
void leave_signals_to_the_main_part() {
    for (const int number : {SIGINT, SIGTERM, SIGHUP})
        (void)std::signal(number, SIG_IGN);
    sigset_t all;
    sigemptyset(&all);
    sigprocmask(SIG_SETMASK, &all, nullptr);
}

/// Whether this host's own file has rules that the kernel carries out by a program of ours, or had them.
runtime::Enforcing means_of(const runtime::AgentConfig& config, const LeftClasses& left) {
    const auto limits = [](const runtime::DeviceClassConfig& rules) { return rules.backend == "limiter"; };
    const bool some = std::any_of(config.rules.begin(), config.rules.end(), limits) ||
                      std::any_of(left.all().begin(), left.all().end(),
                                  [&](const LeftClass& one) { return limits(one.rules()); });
    return some ? runtime::Enforcing::and_limiter : runtime::Enforcing::by_netlink;
}

Result<void> give_up_privileges(runtime::Enforcing means, const runtime::Log& log) {
    using runtime::Capability;
    prctl(PR_SET_DUMPABLE, 0, 0, 0, 0);
    const auto kept =
        means == runtime::Enforcing::and_limiter
            ? runtime::keep_only(
                  {Capability::net_admin, Capability::kill, Capability::sys_ptrace, Capability::bpf})
            : runtime::keep_only({Capability::net_admin, Capability::kill, Capability::sys_ptrace});
    if (!kept) return kept;
    const auto filter = runtime::allow_only_what_enforcing_needs(means);
    if (!filter) log.warning("the enforcing part runs without its filter: " + filter.error().text);
    return {};
}

/// One channel's thread. As soon as one channel ends, the main part has: nothing is left to do for any.
void serve_to_the_end(Channel& channel, const Offer& offer) {
    (void)enforcer_link::serve(channel, offer);
    _exit(0);
}

}  // namespace

Result<std::pair<EnforcerProcess::Ends, EnforcerProcess::Ends>> EnforcerProcess::make_ends() {
    auto rules = Channel::pair();
    if (!rules) return tl::unexpected(rules.error());
    auto host = Channel::pair();
    if (!host) return tl::unexpected(host.error());
    auto processes = Channel::pair();
    if (!processes) return tl::unexpected(processes.error());
    auto logins = Channel::pair();
    if (!logins) return tl::unexpected(logins.error());
    auto classes = Channel::pair();
    if (!classes) return tl::unexpected(classes.error());
    return std::pair{Ends{std::move(rules->first), std::move(host->first), std::move(processes->first),
                          std::move(logins->first), std::move(classes->first)},
                     Ends{std::move(rules->second), std::move(host->second), std::move(processes->second),
                          std::move(logins->second), std::move(classes->second)}};
}

void EnforcerProcess::be_the_enforcer(const runtime::AgentConfig& config, const LeftClasses& left,
                                      const RuleTrace& trace, const runtime::Log& log, Ends ends) {
    prctl(PR_SET_NAME, "garita-enforcer", 0, 0, 0);
    leave_signals_to_the_main_part();
    auto part = EnforcingPart::open(config, trace);
    Result<enforcer_link::Ready> ready;
    if (!part)
        ready = tl::unexpected(part.error());
    else if (const auto given_up = give_up_privileges(means_of(config, left), log); !given_up)
        ready = tl::unexpected(given_up.error());
    else if ((*part)->rules())
        ready->firewall = enforcer_link::Ready::Firewall::present;
    const auto sent = ends.rules.send(enforcer_link::encode_answer(ready));
    if (!sent || !ready) _exit(1);
    left.begin_removal(LeftClasses::By::netlink, log, trace.of(config.name));
    std::thread host([&] { serve_to_the_end(ends.host, {nullptr, &(*part)->host(), nullptr}); });
    std::thread processes([&] {
        serve_to_the_end(ends.processes, {nullptr, nullptr, &(*part)->processes()});
    });
    std::thread logins([&] { serve_to_the_end(ends.logins, {nullptr, nullptr, &(*part)->logins()}); });
    std::thread classes([&] {
        (void)enforcer_link::serve(ends.classes, (*part)->classes());
        _exit(0);
    });
    serve_to_the_end(ends.rules, {(*part)->rules(), nullptr, nullptr});
    _exit(0);
}

EnforcerProcess::EnforcerProcess(pid_t pid, Ends ends, std::vector<std::string> classes)
    : pid_(pid),
      rules_caller_(std::move(ends.rules), [this] { lose(); }),
      host_caller_(std::move(ends.host), [this] { lose(); }),
      processes_caller_(std::move(ends.processes), [this] { lose(); }),
      logins_caller_(std::move(ends.logins), [this] { lose(); }),
      classes_caller_(std::move(ends.classes), [this] { lose(); }),
      classes_(classes_caller_, std::move(classes)) {}

void EnforcerProcess::lose() {
    lost_ = true;
    kill(getpid(), SIGCHLD);
}

Result<std::unique_ptr<EnforcerProcess>> EnforcerProcess::start(const runtime::AgentConfig& config,
                                                                const runtime::Log& log,
                                                                const std::optional<runtime::Log>& watching) {
    const auto trace = RuleTrace::open(config.rules_log, watching);
    if (!trace) return tl::unexpected(trace.error());
    const auto left = LeftClasses::open(config, runtime::system_now(), log.with("rules"));
    auto programs = ClassPrograms::start(config, left, *trace, log);
    if (!programs) return tl::unexpected(programs.error());
    auto ends = make_ends();
    if (!ends) return tl::unexpected(ends.error());
    ends->first.rules.limit_waiting(longest_batch);
    ends->first.host.limit_waiting(longest_action);
    ends->first.processes.limit_waiting(longest_look);
    ends->first.logins.limit_waiting(longest_look);
    ends->first.classes.limit_waiting(longest_rebuild);
    const pid_t pid = fork();
    if (pid < 0)
        return fail(ErrorCode::io, std::string("cannot start the enforcing part: ") + std::strerror(errno));
    if (pid == 0) {
        { const Ends not_mine = std::move(ends->first); }
        if (*programs) (*programs)->abandon();
        be_the_enforcer(config, left, *trace, log, std::move(ends->second));
    }
    std::vector<std::string> classes;
    for (const auto& rules : config.rules)
        if (!needs_programs(rules)) classes.push_back(rules.name());
    std::unique_ptr<EnforcerProcess> process(
        new EnforcerProcess(pid, std::move(ends->first), std::move(classes)));
    { const Ends not_mine = std::move(ends->second); }
    process->programs_ = std::move(*programs);
    return process;
}

Result<void> EnforcerProcess::wait_until_ready() {
    const auto ready = rules_caller_.wait_until_ready();
    if (!ready) return tl::unexpected(ready.error());
    has_firewall_ = ready->firewall == enforcer_link::Ready::Firewall::present;
    if (auto learned = classes_.learn(); !learned) return learned;
    return programs_ ? programs_->wait_until_ready() : Result<void>{};
}

Result<enforce::ClassBackend*> EnforcerProcess::class_backend(const std::string& rules) {
    auto here = classes_.backend(rules);
    if (!here || *here != nullptr) return here;
    auto there = programs_ ? programs_->class_backend(rules) : here;
    if (there && *there == nullptr)
        return fail(ErrorCode::not_found, "no part of the agent keeps rules " + rules);
    return there;
}

void EnforcerProcess::interrupt() {
    if (programs_) programs_->interrupt();
}

bool EnforcerProcess::lost() {
    if (pid_ > 0 && waitpid(pid_, nullptr, WNOHANG) == pid_) {
        pid_ = -1;
        lost_ = true;
    }
    if (programs_ && programs_->lost()) lost_ = true;
    return lost_;
}

EnforcerProcess::~EnforcerProcess() {
    for (auto* const caller :
         {&rules_caller_, &host_caller_, &processes_caller_, &logins_caller_, &classes_caller_})
        caller->close();
    const auto until = std::chrono::steady_clock::now() + time_to_end;
    while (pid_ > 0 && std::chrono::steady_clock::now() < until) {
        if (waitpid(pid_, nullptr, WNOHANG) == pid_) return;
        std::this_thread::sleep_for(std::chrono::milliseconds(2));
    }
}

}  // namespace garita::programs
