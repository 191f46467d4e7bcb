#include "programs/agent/class_programs.hpp"

#include <algorithm>
#include <chrono>
#include <csignal>
#include <cstring>
#include <thread>
#include <unistd.h>

#include <sys/prctl.h>
#include <sys/wait.h>

#include "programs/class_backends/class_backends.hpp"
#include "runtime/confinement/privileges.hpp"
#include "runtime/confinement/system_calls.hpp"

namespace garita::programs {
namespace {

using enforcer_link::Channel;

/// Each program has a limit of its own (`timeout`, an hour at most).
constexpr std::chrono::seconds longest_call = std::chrono::hours{3};
constexpr std::chrono::milliseconds time_to_end{2000};

std::vector<runtime::DeviceClassConfig> kept_by_programs(const runtime::AgentConfig& config) {
    std::vector<runtime::DeviceClassConfig> rules;
    std::copy_if(config.rules.begin(), config.rules.end(), std::back_inserter(rules), needs_programs);
    return rules;
}

Result<void> give_up_privileges(const runtime::Log& log) {
    using runtime::Capability;
    prctl(PR_SET_DUMPABLE, 0, 0, 0, 0);
    const auto kept = runtime::keep_only({Capability::net_admin, Capability::net_raw});
    if (!kept) return kept;
    const auto filter = runtime::forbid_what_rule_programs_never_need();
    if (!filter) log.warning("the part that runs programs for rules has no filter: " + filter.error().text);
    return {};
}

/// The main part decides when to stop.
void leave_signals_to_the_main_part() {
    for (const int number : {SIGINT, SIGTERM, SIGHUP})
        (void)std::signal(number, SIG_IGN);
    sigset_t all;
    sigemptyset(&all);
    sigprocmask(SIG_SETMASK, &all, nullptr);
}

}  // namespace

void ClassPrograms::be_the_programs(const runtime::AgentConfig& config, const LeftClasses& left,
                                    const RuleTrace& trace, const runtime::Log& log, Channel channel) {
    prctl(PR_SET_NAME, "garita-rules", 0, 0, 0);
    leave_signals_to_the_main_part();
    runtime::DeviceConfig device;
    device.name = config.name;
    device.rules = kept_by_programs(config);
    ClassBackends backends(device, trace.of(config.name));
    if (const auto given_up = give_up_privileges(log); !given_up) {
        log.error(given_up.error().text);
        _exit(1);
    }
    std::vector<enforcer_link::ServedClass> served;
    for (const auto& rules : device.rules) {
        auto& one = served.emplace_back();
        one.rules = &rules.rules;
        if (auto made = backends.make(rules))
            one.backend = made->backend;
        else
            one.trouble = made.error().text;
    }
    left.begin_removal(LeftClasses::By::programs, log, trace.of(config.name));
    (void)enforcer_link::serve(channel, served);
    _exit(0);
}

ClassPrograms::ClassPrograms(pid_t pid, Channel channel, std::vector<std::string> names)
    : pid_(pid),
      caller_(std::move(channel),
              [this] {
                  lost_ = true;
                  kill(getpid(), SIGCHLD);
              }),
      classes_(caller_, std::move(names)) {}

Result<std::unique_ptr<ClassPrograms>> ClassPrograms::start(const runtime::AgentConfig& config,
                                                            const LeftClasses& left, const RuleTrace& trace,
                                                            const runtime::Log& log) {
    std::vector<std::string> names;
    for (const auto& rules : kept_by_programs(config))
        names.push_back(rules.name());
    if (names.empty() && left.of(LeftClasses::By::programs).empty()) return std::unique_ptr<ClassPrograms>();
    auto ends = Channel::pair();
    if (!ends) return tl::unexpected(ends.error());
    ends->first.limit_waiting(longest_call);
    const pid_t pid = fork();
    if (pid < 0)
        return fail(ErrorCode::io, std::string("cannot start the part that runs programs for rules: ") +
                                       std::strerror(errno));
    if (pid == 0) {
        { const Channel not_mine = std::move(ends->first); }
        be_the_programs(config, left, trace, log, std::move(ends->second));
    }
    return std::unique_ptr<ClassPrograms>(new ClassPrograms(pid, std::move(ends->first), std::move(names)));
}

Result<void> ClassPrograms::wait_until_ready() {
    return classes_.learn();
}

Result<enforce::ClassBackend*> ClassPrograms::class_backend(const std::string& rules) {
    return classes_.backend(rules);
}

void ClassPrograms::abandon() {
    caller_.close();
    pid_ = -1;
}

void ClassPrograms::interrupt() {
    if (pid_ > 0) kill(pid_, SIGKILL);
}

bool ClassPrograms::lost() {
    if (pid_ > 0 && waitpid(pid_, nullptr, WNOHANG) == pid_) {
        pid_ = -1;
        lost_ = true;
    }
    return lost_;
}

ClassPrograms::~ClassPrograms() {
    caller_.close();
    const auto until = std::chrono::steady_clock::now() + time_to_end;
    while (pid_ > 0 && std::chrono::steady_clock::now() < until) {
        if (waitpid(pid_, nullptr, WNOHANG) == pid_) return;
        std::this_thread::sleep_for(std::chrono::milliseconds(2));
    }
}

}  // namespace garita::programs
