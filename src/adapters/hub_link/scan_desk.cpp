#include "adapters/hub_link/scan_desk.hpp"

#include <algorithm>

#include "adapters/hub_link/signed_answer.hpp"
#include "runtime/json/text.hpp"

namespace garita::hub_link {
namespace http = runtime::http;
namespace {

constexpr std::chrono::milliseconds longest_parking{50'000};
/// Later than it should be heard again it is away.
constexpr std::chrono::seconds lateness{10};
/// Whoever has not looked for so long does not wait any more.
constexpr std::chrono::seconds abandoned_after{15};
constexpr std::size_t most_orders_of_agent = 64;

tl::unexpected<Error> unknown_order() {
    return fail(ErrorCode::not_found,
                "nobody knows of this scan any more: the hub was started anew, or nobody has asked for it");
}

}  // namespace

std::string scans_topic(std::string_view device) {
    return "scans of " + std::string(device);
}

Result<http::Answer> ScanDesk::serve(const std::string& device, const http::Request& request) {
    const auto asked = decode_scans_request(request.body);
    if (!asked) return tl::unexpected(asked.error());
    const auto wait = std::min(asked->wait, longest_parking);
    ScansReply reply;
    {
        const std::lock_guard lock(mutex_);
        auto& agent = agents_[device];
        agent.heard = world_.steady();
        agent.expected_by = agent.heard + wait + lateness;
        if (agent.instance != asked->instance) {
            for (auto& [id, order] : orders_)
                if (order.agent == device && (order.stage == Stage::given || order.stage == Stage::running))
                    end(order, fail(ErrorCode::unavailable,
                                    "agent " + device + " was started anew in the middle", Retry::later));
            agent.instance = asked->instance;
        }
        forget_abandoned();
        take_in(device, *asked, reply);
        give(device, *asked, reply);
    }
    reply.held = std::chrono::duration_cast<Duration>(Clock::now() - request.arrived);
    const bool news =
        !reply.orders.empty() || !reply.answered.empty() || reply.wanted.size() < asked->running.size();
    if (!news && !request.final_call && wait.count() > 0)
        return http::Answer(http::Park{scans_topic(device), request.arrived + wait});
    return http::Answer(http::json_response(200, encode(reply)));
}

void ScanDesk::take_in(const std::string& device, const ScansRequest& request, ScansReply& reply) {
    for (const auto& answer : request.answers) {
        reply.answered.push_back(answer.id);
        const auto at = orders_.find(answer.id);
        if (at != orders_.end() && at->second.agent == device && at->second.stage != Stage::ended)
            end(at->second, answer.outcome);
    }
    take_running(device, request);
    for (auto& [id, order] : orders_) {
        if (order.agent != device || order.stage != Stage::running) continue;
        const bool still = std::any_of(request.running.begin(), request.running.end(),
                                       [&known = id](const auto& one) { return one.id == known; });
        if (!still)
            end(order, fail(ErrorCode::unavailable, "agent " + device + " knows of this scan no more",
                            Retry::later));
    }
}

void ScanDesk::take_running(const std::string& device, const ScansRequest& request) {
    for (const auto& running : request.running) {
        const auto at = orders_.find(running.id);
        if (at == orders_.end() || at->second.agent != device || at->second.stage == Stage::ended) continue;
        auto& order = at->second;
        order.stage = Stage::running;
        order.progress = running.progress;
        for (const auto& one : running.open)
            if (order.open.size() < most_told_open) order.open.insert(one);
        ++order.version;
        changed_.notify_all();
    }
}

void ScanDesk::give(const std::string& device, const ScansRequest& request, ScansReply& reply) {
    for (const auto& running : request.running) {
        const auto at = orders_.find(running.id);
        if (at != orders_.end() && at->second.agent == device && !at->second.stopped &&
            at->second.stage == Stage::running)
            reply.wanted.push_back(running.id);
    }
    bool busy = !request.running.empty();
    // what was on its way and did not arrive; the agent begins each once
    for (auto& [id, order] : orders_)
        if (order.agent == device && order.stage == Stage::given) {
            reply.orders.push_back(order.order);
            busy = true;
        }
    if (busy) return;
    const auto next = std::find_if(sequence_.begin(), sequence_.end(), [&](const std::string& id) {
        const auto at = orders_.find(id);
        return at != orders_.end() && at->second.agent == device && at->second.stage == Stage::waiting;
    });
    if (next == sequence_.end()) return;
    auto& order = orders_.find(*next)->second;
    order.stage = Stage::given;
    reply.orders.push_back(order.order);
    sequence_.erase(next);
}

void ScanDesk::end(Order& order, Result<scan::VantageOutcome> outcome) {
    order.stage = Stage::ended;
    order.outcome = std::move(outcome);
    ++order.version;
    changed_.notify_all();
}

void ScanDesk::forget_abandoned() {
    const auto now = world_.steady();
    std::erase_if(orders_, [&](const auto& one) { return now - one.second.asked_for > abandoned_after; });
    std::erase_if(sequence_, [&](const std::string& id) { return !orders_.contains(id); });
}

bool ScanDesk::is_away(std::string_view agent) const {
    const auto at = agents_.find(agent);
    return at == agents_.end() || world_.steady() > at->second.expected_by;
}

Result<void> ScanDesk::ready(std::string_view agent) {
    const std::lock_guard lock(mutex_);
    return ready_locked(agent);
}

void ScanDesk::heard_of(std::string_view device, Scans scans) {
    const std::lock_guard lock(mutex_);
    said_.insert_or_assign(std::string(device), scans);
}

Result<void> ScanDesk::ready_locked(std::string_view agent) {
    return is_away(agent) ? why_not(agent) : Result<void>{};
}

Result<void> ScanDesk::why_not(std::string_view agent) const {
    const std::string name(agent);
    const auto device = world_.device(agent);
    if (!device) return tl::unexpected(device.error());
    if (!*device)
        return fail(ErrorCode::not_found, "agent " + name + " is not known; `garita agents` lists all");
    if ((*device)->revoked_at) return fail(ErrorCode::forbidden, "agent " + name + " is shut out");
    const auto said = said_.find(agent);
    if (said != said_.end() && said->second == Scans::refused)
        return fail(ErrorCode::forbidden,
                    "agent " + name +
                        " lets nobody scan from its host: its own file has no allow.scan "
                        "(docs/ports.md)");
    if (said != said_.end() && said->second == Scans::not_said)
        return fail(ErrorCode::forbidden,
                    "agent " + name + " is older than this hub and cannot scan: update it");
    return fail(ErrorCode::unavailable,
                "agent " + name + " is away" +
                    ((*device)->last_seen ? ", last seen " + to_iso8601(*(*device)->last_seen) : "") +
                    ": start it, or wait for it (--wait)",
                Retry::later);
}

Result<std::string> ScanDesk::order(std::string_view agent, std::string_view task, const Actor& by,
                                    std::string_view from) {
    const auto document = runtime::json::parse(task, "task");
    if (!document) return tl::unexpected(document.error());
    auto read = task_from(*document, "task");
    if (!read) return tl::unexpected(read.error());
    if (const auto there = ready(agent); !there) return tl::unexpected(there.error());
    const auto who = by.text() + (from.empty() ? "" : " from " + std::string(from));
    const auto written =
        world_.audit(by, "agent " + std::string(agent),
                     in_words(*read) + (from.empty() ? "" : "; asked from " + std::string(from)));
    if (!written) return tl::unexpected(written.error());
    return order(agent, *std::move(read), who);
}

Result<std::string> ScanDesk::order(std::string_view agent, scan::VantageTask task, std::string by) {
    std::string id;
    {
        const std::lock_guard lock(mutex_);
        if (const auto there = ready_locked(agent); !there) return tl::unexpected(there.error());
        forget_abandoned();
        const auto of_it = std::count_if(orders_.begin(), orders_.end(),
                                         [&](const auto& one) { return one.second.agent == agent; });
        if (static_cast<std::size_t>(of_it) >= most_orders_of_agent)
            return fail(ErrorCode::unavailable,
                        "too many want to scan from " + std::string(agent) + " at once: ask again later",
                        Retry::later);
        id = make_nonce();
        Order made;
        made.agent = agent;
        made.order = {id, std::move(by), std::move(task)};
        made.asked_for = world_.steady();
        orders_.emplace(id, std::move(made));
        sequence_.push_back(id);
    }
    world_.wake(scans_topic(agent));
    return id;
}

Result<scan::VantageNews> ScanDesk::news_of(Orders::iterator at) {
    auto& order = at->second;
    if (order.stage != Stage::ended && is_away(order.agent))
        end(order, fail(ErrorCode::unavailable,
                        "agent " + order.agent + " is away: nothing was heard of it for " +
                            std::to_string(lateness.count()) + " s",
                        Retry::later));
    if (order.stage == Stage::waiting && order.stopped)
        end(order, fail(ErrorCode::unavailable, "the scan was stopped", Retry::later));
    scan::VantageNews news;
    news.progress = order.progress;
    news.open.assign(order.open.begin(), order.open.end());
    news.outcome = order.outcome;
    return news;
}

Result<scan::VantageNews> ScanDesk::look(std::string_view id, std::chrono::milliseconds patience) {
    std::unique_lock lock(mutex_);
    auto at = orders_.find(id);
    if (at == orders_.end()) return unknown_order();
    at->second.asked_for = world_.steady();
    const auto version = at->second.version;
    if (at->second.stage != Stage::ended && patience.count() > 0)
        changed_.wait_for(lock, patience, [&] {
            at = orders_.find(id);
            return at == orders_.end() || at->second.version != version;
        });
    if (at == orders_.end()) return unknown_order();
    at->second.asked_for = world_.steady();
    return news_of(at);
}

Result<std::string> ScanDesk::news(std::string_view id) {
    const auto found = look(id, std::chrono::milliseconds{0});
    if (!found) return tl::unexpected(found.error());
    return runtime::json::serialize(to_json(*found));
}

Result<void> ScanDesk::stop(std::string_view id) {
    std::string agent;
    {
        const std::lock_guard lock(mutex_);
        const auto at = orders_.find(id);
        if (at == orders_.end()) return unknown_order();
        at->second.stopped = true;
        at->second.asked_for = world_.steady();
        agent = at->second.agent;
    }
    world_.wake(scans_topic(agent));
    return {};
}

}  // namespace garita::hub_link
