#include "programs/cli/effects.hpp"

#include <unistd.h>

#include <fmt/format.h>

namespace garita::programs {

Result<ShownCase> wait_for_effects(HubConnection& hub, std::int64_t id, std::chrono::milliseconds longest) {
    const auto end = std::chrono::steady_clock::now() + longest;
    for (;;) {
        const auto reply = hub.get(fmt::format("/api/v1/cases/{}", id));
        if (!reply) return tl::unexpected(reply.error());
        auto shown = read_case(reply->body);
        if (!shown || shown->about.state != CaseState::decided || std::chrono::steady_clock::now() >= end)
            return shown;
        usleep(50'000);
    }
}

bool can_be_confirmed(const ShownCase& shown) {
    const auto& provisional = shown.about.provisional;
    const auto& progress = shown.progress;
    return provisional && provisional->state == Provisional::State::waiting &&
           (progress.wanted == 0 || progress.failed < progress.wanted);
}

}  // namespace garita::programs
