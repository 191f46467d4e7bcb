#include "access/deadlines.hpp"

#include <algorithm>

namespace garita::access {

namespace {

constexpr Duration longest_sleep = std::chrono::seconds{30};

/// When its time is over; nothing: it is being worked on.
std::optional<Time> end_of(const AccessRequest& request) {
    if (request.state == AccessState::waiting) return request.deadline;
    if (request.state == AccessState::confirming) return request.code_expires.value_or(request.deadline);
    return std::nullopt;
}

std::string why_of(const AccessRequest& request) {
    if (request.state == AccessState::confirming) return "access.why.not_confirmed";
    return request.switch_name.empty() ? "access.why.not_seen" : "access.why.switch_away";
}

}  // namespace

Result<Duration> Deadlines::step(Time now) {
    std::optional<Time> next;
    bool over = false;
    const auto looked = store_.read([&](store::View& view) -> Result<void> {
        next.reset();
        over = false;
        for (const auto& request : book_.open_requests(view)) {
            const auto end = end_of(request);
            if (!end) continue;
            over = over || *end <= now;
            if (*end > now) next = std::min(next.value_or(*end), *end);
        }
        return {};
    });
    if (!looked) return tl::unexpected(looked.error());
    if (over) {
        const auto written = store_.write([&](store::Transaction& transaction) -> Result<void> {
            for (const auto& request : book_.open_requests(transaction))
                if (const auto end = end_of(request); end && *end <= now)
                    (void)closer_.end(transaction, request, {AccessState::expired, why_of(request)}, now);
            return {};
        });
        if (!written) return tl::unexpected(written.error());
    }
    return next ? std::clamp(*next - now, Duration::zero(), longest_sleep) : longest_sleep;
}

}  // namespace garita::access
