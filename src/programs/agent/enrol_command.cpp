#include "programs/agent/enrol_command.hpp"

#include <cerrno>
#include <cstring>
#include <grp.h>
#include <iostream>
#include <unistd.h>

#include <fmt/core.h>
#include <sys/stat.h>

#include "runtime/config/values.hpp"
#include "runtime/log/log.hpp"

namespace garita::programs {
namespace {

/// What the command line and the configuration, where there is one, say together.
struct Plan {
    hub_link::EnrolmentTask task;
    std::filesystem::path state;
    bool configured = false;
};

Result<runtime::Secret> code_of(const EnrolCommand& command) {
    std::string code = command.code;
    if (code == "-") std::getline(std::cin, code);
    if (code.empty())
        return fail(ErrorCode::invalid, "no code: --code takes what `garita enroll NAME` printed");
    return runtime::Secret(std::move(code));
}

Result<Plan> plan_of(const EnrolCommand& command) {
    Plan plan;
    std::error_code ignored;
    plan.configured = std::filesystem::exists(command.config, ignored);
    plan.state = runtime::AgentConfig{}.state;
    if (plan.configured) {
        const auto config = runtime::load_agent_config(command.config);
        if (!config) return fail(ErrorCode::invalid, config.error().text);
        auto task = enrolment_task(*config);
        if (!task) return tl::unexpected(task.error());
        plan.task = std::move(*task);
        plan.state = config->state;
    }
    if (!command.hub.empty()) {
        const auto url = runtime::parse_url(command.hub);
        if (!url || url->scheme != "https")
            return fail(ErrorCode::invalid, "--hub takes an address like https://hub.example:8443");
        plan.task.hub = url->text;
    }
    if (plan.task.hub.empty())
        return fail(ErrorCode::invalid, "no hub: name it with --hub https://HOST:PORT, or --config FILE");
    if (!command.state.empty()) plan.state = command.state;
    auto code = code_of(command);
    if (!code) return tl::unexpected(code.error());
    plan.task.code = std::move(*code);
    return plan;
}

/// The agent runs without privileges and has to read what is written here; and root has no business following
/// names in a folder that is another's.
Result<void> become_owner_of(const std::filesystem::path& folder) {
    struct stat info {};
    if (stat(folder.c_str(), &info) != 0)
        return fail(ErrorCode::io, "cannot look at " + folder.string() + ": " + std::strerror(errno));
    if (geteuid() != 0 || info.st_uid == 0) return {};
    if (setgroups(0, nullptr) == 0 && setresgid(info.st_gid, info.st_gid, info.st_gid) == 0 &&
        setresuid(info.st_uid, info.st_uid, info.st_uid) == 0)
        return {};
    return fail(ErrorCode::io, "cannot act as the owner of " + folder.string() + ": " + std::strerror(errno));
}

Result<hub_link::Identity> carry_out(const Plan& plan) {
    std::error_code error;
    std::filesystem::create_directories(plan.state, error);
    if (error) return fail(ErrorCode::io, "cannot make " + plan.state.string() + ": " + error.message());
    chmod(plan.state.c_str(), 0700);
    if (const auto owner = become_owner_of(plan.state); !owner) return tl::unexpected(owner.error());
    auto options = hub_link::client_for(plan.task);
    if (!options) return tl::unexpected(options.error());
    runtime::http::Client client(std::move(*options));
    return hub_link::enrol(hub_link::identity_path(plan.state), plan.task, client);
}

int complain(const Error& error) {
    fmt::print(stderr, "garita-agent: {}\n", runtime::escape_foreign(error.text));
    switch (error.code) {
        case ErrorCode::invalid:
            return 2;
        case ErrorCode::forbidden:
        case ErrorCode::full:
            return 3;
        default:
            return 1;
    }
}

}  // namespace

Result<hub_link::EnrolmentTask> enrolment_task(const runtime::AgentConfig& config) {
    hub_link::EnrolmentTask task{config.hub, config.code, config.name, std::nullopt};
    if (config.hub_pin.empty()) return task;
    const auto pin = runtime::tls::parse_fingerprint(config.hub_pin);
    if (!pin) return tl::unexpected(pin.error());
    task.pin = *pin;
    return task;
}

int run_enroll(const EnrolCommand& command) {
    const auto plan = plan_of(command);
    if (!plan) return complain(plan.error());
    const auto identity = carry_out(*plan);
    if (!identity) return complain(identity.error());
    fmt::print("Enrolled as {} until {}; renewed by itself from then on. Kept in {}\n", identity->agent,
               to_iso8601(identity->current.expires_at).substr(0, 10),
               hub_link::identity_path(plan->state).string());
    if (!plan->configured)
        fmt::print("There is no {} yet. The least it needs:\n\nagent:\n  name: {}\n  hub: {}\n  state: {}\n",
                   command.config.string(), identity->agent, plan->task.hub, plan->state.string());
    return 0;
}

}  // namespace garita::programs
