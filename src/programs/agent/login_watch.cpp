#include "programs/agent/login_watch.hpp"

#include <algorithm>
#include <string_view>
#include <utility>

namespace garita::programs {
namespace {

constexpr std::size_t most_logins = 256;
constexpr std::size_t longest_name = 128;
constexpr Duration between_looks = std::chrono::seconds{1};

/// What could not be a person's name must not spoil the whole report to the hub.
bool may_be_a_user(std::string_view name) {
    return !name.empty() && name.size() <= longest_name &&
           std::all_of(name.begin(), name.end(), [](char c) { return c >= ' ' && c <= '~'; });
}

}  // namespace

LoginWatch::LoginWatch(detect::ProcessTable& processes, std::function<void()> changed)
    : processes_(processes), changed_(std::move(changed)) {}

Result<Duration> LoginWatch::step(Time) {
    const auto sessions = processes_.watch_ssh_sessions();
    if (!sessions) return tl::unexpected(sessions.error());
    std::vector<Login> found;
    for (const auto& session : *sessions)
        if (session.server == detect::SshServer::hosts_own && may_be_a_user(session.user))
            found.push_back({session.user, session.peer});
    std::sort(found.begin(), found.end());
    found.erase(std::unique(found.begin(), found.end()), found.end());
    found.resize(std::min(found.size(), most_logins));
    {
        const std::lock_guard lock(mutex_);
        if (found == logins_) return between_looks;
        logins_ = std::move(found);
    }
    changed_();
    return between_looks;
}

std::vector<Login> LoginWatch::logins() const {
    const std::lock_guard lock(mutex_);
    return logins_;
}

}  // namespace garita::programs
