#include "adapters/hub_link/class_desk.hpp"

#include <algorithm>
#include <limits>

#include "adapters/hub_link/class_rows.hpp"
#include "adapters/hub_link/signed_answer.hpp"

namespace garita::hub_link {
namespace http = runtime::http;
using store::HeldPage;
using store::HeldPositions;
using store::Lane;
using store::LanePositions;
using store::RefusedRule;
namespace {

constexpr std::chrono::seconds longest_parking{50};
/// Later than it should be heard again it is away.
constexpr Duration lateness = std::chrono::seconds(20);
/// A person waits for the answer, and a thread of the server with them.
constexpr std::chrono::seconds patience{60};

bool same_refusal(const RefusedRule& one, const RefusedRule& other) {
    return one.key == other.key && one.seq == other.seq && one.error == other.error &&
           one.attempts == other.attempts;
}

bool same_refusals(const ClassReport& one, const ClassReport& other) {
    return one.refusals == other.refusals &&
           std::equal(one.refused.begin(), one.refused.end(), other.refused.begin(), other.refused.end(),
                      same_refusal);
}

/// Whether the agent's copy is of another store, ahead of this one (a backup), or behind what the agent once
/// confirmed: what was taken away since then may be forgotten here.
bool must_begin_anew(const HeldPositions& at, const store::ClassFeed& feed, const std::string& source) {
    if (at.source != source || at.held.quick > feed.last_seq || at.held.bulk > feed.last_seq) return true;
    return at.extent == HeldPositions::Extent::whole &&
           (at.held.quick < feed.recorded.quick || at.held.bulk < feed.recorded.bulk);
}

}  // namespace

std::string rules_topic(std::string_view device) {
    return "rules of " + std::string(device);
}

void ClassDesk::add(const std::string& device, const std::vector<RuleClass>& classes) {
    auto made = std::make_unique<Device>();
    made->name = device;
    made->book = world_.rules.book(device);
    constexpr auto end = std::numeric_limits<std::int64_t>::max();
    for (const auto& rules : classes) {
        made->classes[rules.name()].shape = shape_of(rules);
        const store::RuleTarget target{device, rules.name()};
        if (const auto feed = world_.rules.feed(target, {end, end}, 0))
            world_.given.begin(target, feed->last_seq);
    }
    devices_[device] = std::move(made);
}

Result<http::Answer> ClassDesk::serve(const std::string& name, const std::string& source,
                                      const http::Request& request) {
    const auto asked = decode_rules_request(request.body);
    if (!asked) return tl::unexpected(asked.error());
    const auto found = devices_.find(name);
    Device nobody;
    nobody.name = name;
    Device& device = found == devices_.end() ? nobody : *found->second;
    const auto wait = std::clamp(asked->wait, std::chrono::seconds{0}, longest_parking);
    RulesAnswer answer;
    answer.source = source;
    {
        const std::lock_guard lock(mutex_);
        device.heard = world_.clock();
        device.expected_by = *device.heard + wait + lateness;
        take_answers(device, *asked, answer);
        if (auto recorded = record(device, source, *asked); !recorded)
            return tl::unexpected(recorded.error());
    }
    answer.held = std::chrono::duration_cast<Duration>(std::chrono::steady_clock::now() - request.arrived);
    const auto news = look(device, source, *asked, answer);
    if (!news) return tl::unexpected(news.error());
    if (!*news && answer.answered.empty() && !request.final_call && wait.count() > 0)
        return http::Answer(http::Park{rules_topic(name), request.arrived + wait});
    return http::Answer(http::json_response(200, encode(answer, world_.clock())));
}

void ClassDesk::take_answers(Device& device, const RulesRequest& request, RulesAnswer& answer) {
    for (const auto& one : request.answers) {
        answer.answered.push_back(one.id);
        const auto at = std::find_if(device.asked.begin(), device.asked.end(),
                                     [&](const auto& asked) { return asked->order.id == one.id; });
        if (at == device.asked.end()) continue;  // nobody waits any more
        (*at)->answer.set_value(one.classes);
        device.asked.erase(at);
    }
}

Result<void> ClassDesk::record(Device& device, const std::string& source, const RulesRequest& request) {
    const Time now = world_.clock();
    for (auto& [name, kept] : device.classes) {
        const auto at = std::find_if(request.classes.begin(), request.classes.end(),
                                     [&rules = name](const auto& report) { return report.name == rules; });
        if (at == request.classes.end()) {
            kept.reported.reset();
            if (!kept.troubled_since) kept.troubled_since = now;
            kept.trouble = "its agent does not keep them: name them under `rules` in the agent's own file";
            continue;
        }
        kept.trouble.clear();
        if (at->shape != kept.shape)
            kept.trouble = "its agent has them as (" + at->shape + "), the hub as (" + kept.shape + ')';
        else if (at->positions.source == source)
            if (auto recorded = record_one(device, kept, *at); !recorded) return recorded;
        kept.reported = *at;
        const auto& status = at->status;
        const bool fine = trouble_of(device, kept, now).empty() && status.refused == 0 &&
                          at->refused.empty() && status.not_repaired.empty();
        if (fine)
            kept.troubled_since.reset();
        else if (!kept.troubled_since)
            kept.troubled_since = now;
    }
    return {};
}

Result<void> ClassDesk::record_one(Device& device, Kept& kept, const ClassReport& report) {
    const Time now = world_.clock();
    const bool refusals_changed = !kept.reported || !same_refusals(*kept.reported, report);
    const auto advance = [&](Lane lane, std::int64_t& recorded, std::int64_t confirmed) -> Result<void> {
        if (confirmed <= recorded && !refusals_changed) return {};
        const auto up_to = std::max(recorded, confirmed);
        auto done = device.book->record(report.name, lane, up_to, report.refused, now);
        if (done) recorded = up_to;
        return done;
    };
    if (auto done = advance(Lane::quick, kept.recorded.quick, report.positions.confirmed.quick); !done)
        return done;
    if (auto done = advance(Lane::bulk, kept.recorded.bulk, report.positions.confirmed.bulk); !done)
        return done;
    if (!refusals_changed || report.refusals == ClassReport::Refusals::some) return {};
    const auto before = device.book->refused(report.name);
    if (!before) return tl::unexpected(before.error());
    std::vector<RefusedRule> settled;
    for (const auto& one : *before) {
        const bool still = std::any_of(report.refused.begin(), report.refused.end(), [&](const auto& other) {
            return other.key == one.key && other.seq == one.seq;
        });
        if (!still && one.seq <= std::max(kept.recorded.quick, kept.recorded.bulk)) settled.push_back(one);
    }
    return settled.empty() ? Result<void>{} : device.book->retried(report.name, settled, {}, now);
}

Result<bool> ClassDesk::look(Device& device, const std::string& source, const RulesRequest& request,
                             RulesAnswer& answer) {
    bool news = false;
    std::size_t room = rules_in_page;
    for (const auto& report : request.classes) {
        ClassPage page;
        page.name = report.name;
        const auto kept = device.classes.find(report.name);
        if (kept == device.classes.end()) {
            page.kept = ClassPage::Kept::not_configured;
            answer.classes.push_back(std::move(page));
            continue;
        }
        if (kept->second.shape != report.shape) {
            page.kept = ClassPage::Kept::other_shape;
            page.shape = kept->second.shape;
            answer.classes.push_back(std::move(page));
            continue;
        }
        if (room == 0) {
            news = true;
            continue;
        }
        const store::RuleTarget target{device.name, report.name};
        auto feed = world_.rules.feed(target, report.positions.held, room);
        if (feed && (must_begin_anew(report.positions, *feed, source) ||
                     world_.given.is_beyond(target, report.positions.held))) {
            page.page.place = HeldPage::Place::first_of_all;
            feed = world_.rules.feed(target, {}, room);
        }
        if (!feed) return tl::unexpected(feed.error());
        page.page.up_to = feed->up_to;
        world_.given.give(target, feed->up_to);
        page.page.rules = std::move(feed->rules);
        if (feed->rest == store::ClassFeed::Rest::more) page.page.rest = HeldPage::Rest::more;
        room -= std::min(room, page.page.rules.size());
        news = news || !page.page.rules.empty() || page.page.place == HeldPage::Place::first_of_all ||
               report.positions.extent == HeldPositions::Extent::filling;
        answer.classes.push_back(std::move(page));
    }
    const std::lock_guard lock(mutex_);
    for (const auto& asked : device.asked)
        if (std::find(request.running.begin(), request.running.end(), asked->order.id) ==
            request.running.end())
            answer.orders.push_back(asked->order);
    return news || !answer.orders.empty();
}

enforce::ClassStatus ClassDesk::status_of(const Device& device, const Kept& kept, Time now) const {
    using Tried = enforce::ClassStatus::Tried;
    auto status = kept.reported ? kept.reported->status : enforce::ClassStatus{};
    status.trouble = trouble_of(device, kept, now);
    status.tried = kept.reported ? Tried::yes : Tried::no;
    status.troubled_since = !device.heard              ? started_
                            : now > device.expected_by ? device.heard
                                                       : kept.troubled_since;
    if (kept.reported && !kept.reported->refused.empty())
        status.why_refused = kept.reported->refused.front().error;
    return status;
}

std::string ClassDesk::trouble_of(const Device& device, const Kept& kept, Time now) {
    if (!device.heard) return "its agent has not been heard of since the hub started";
    if (now > device.expected_by)
        return "its agent is away since " + to_iso8601(*device.heard) +
               "; what is wanted reaches it when it is back";
    if (!kept.trouble.empty()) return kept.trouble;
    if (!kept.reported) return "its agent has not told of them yet";
    if (!kept.reported->status.trouble.empty()) return kept.reported->status.trouble;
    if (kept.reported->positions.extent == HeldPositions::Extent::filling)
        return "its agent is taking over all of them anew";
    return {};
}

std::vector<enforce::DeviceStatus> ClassDesk::status() const {
    const Time now = world_.clock();
    const std::lock_guard lock(mutex_);
    std::vector<enforce::DeviceStatus> all;
    for (const auto& [name, device] : devices_) {
        enforce::DeviceStatus status{name, {}};
        for (const auto& [rules, kept] : device->classes) {
            status.classes.push_back(status_of(*device, kept, now));
            status.classes.back().name = rules;
        }
        all.push_back(std::move(status));
    }
    return all;
}

enforce::RuleKeeping::Classes ClassDesk::ask(const std::string& name, ClassOrder::Request request,
                                             const std::string& rules) {
    const auto found = devices_.find(name);
    if (found == devices_.end())
        return fail(ErrorCode::not_found, "the hub keeps no rules on a device '" + name + "'");
    Device& device = *found->second;
    auto asked = std::make_unique<Asked>();
    asked->order = {make_nonce(), request, rules};
    const auto id = asked->order.id;
    auto answer = asked->answer.get_future();
    {
        const std::lock_guard lock(mutex_);
        if (!rules.empty() && !device.classes.contains(rules))
            return fail(ErrorCode::not_found, "device " + name + " has no rules " + rules);
        if (!device.heard || world_.clock() > device.expected_by)
            return fail(ErrorCode::unavailable,
                        "the agent of " + name +
                            " is away: start it, or wait for it; what is wanted reaches it by itself, and it "
                            "compares all when it starts",
                        Retry::later);
        if (device.asked.size() >= most_orders)
            return fail(ErrorCode::unavailable,
                        "too many ask something of " + name + " at once: ask again later", Retry::later);
        device.asked.push_back(std::move(asked));
    }
    world_.wake(rules_topic(name));
    if (answer.wait_for(patience) == std::future_status::ready) return answer.get();
    {
        const std::lock_guard lock(mutex_);
        std::erase_if(device.asked, [&](const auto& one) { return one->order.id == id; });
    }
    return fail(ErrorCode::unavailable,
                "the agent of " + name + " has not answered yet: it is still at it, or away; ask again later",
                Retry::later);
}

enforce::RuleKeeping::Classes ClassDesk::audit(const std::string& device, const std::string& rules) {
    return ask(device, ClassOrder::Request::audit, rules);
}

enforce::RuleKeeping::Classes ClassDesk::rebuild(const std::string& device, const std::string& rules) {
    return ask(device, ClassOrder::Request::rebuild, rules);
}

}  // namespace garita::hub_link
