#include "programs/cli/device_rules.hpp"

#include <chrono>
#include <thread>

#include <fmt/format.h>

#include "model/ip.hpp"
#include "model/rule.hpp"
#include "programs/cli/terminal.hpp"
#include "runtime/json/writer.hpp"
#include "runtime/log/log.hpp"

namespace garita::programs {
namespace json = runtime::json;
namespace {

constexpr std::string_view path = "/api/v1/devices/rules";
constexpr std::size_t page = 10'000;
constexpr auto patience = std::chrono::seconds{2};
constexpr auto between_looks = std::chrono::milliseconds{50};

std::string joined(const std::vector<std::string>& words, std::size_t from, std::size_t to) {
    std::string text;
    for (std::size_t i = from; i < to; ++i)
        text.append(text.empty() ? "" : " ").append(words[i]);
    return text;
}

struct OneRule {
    std::string device, rule, params;
    std::optional<std::string> value;
};

Result<OneRule> rule_of(const DeviceRuleWish& wish) {
    const bool set = wish.verb == DeviceRuleWish::Verb::set;
    const auto& words = wish.words;
    if (words.size() < (set ? 4U : 3U))
        return fail(ErrorCode::invalid,
                    set ? "a rule is set by DEVICE RULE PARAMS VALUE, as: border1 inet_access 192.0.2.7 open"
                        : "a rule is unset by DEVICE RULE PARAMS, as: border1 inet_access 192.0.2.7");
    const auto end = words.size() - (set ? 1 : 0);
    OneRule one{words[0], words[1], joined(words, 2, end), std::nullopt};
    if (set) one.value = words.back();
    return one;
}

boost::json::value body_of(const OneRule& one, const DeviceRuleWish& wish) {
    json::Writer row;
    row.text("device", one.device)
        .text("rule", one.rule)
        .text("params", one.params)
        .text_or_null("value", one.value);
    json::Writer body;
    body.value("rules", boost::json::array{row.finish()}).text_if("comment", wish.comment);
    if (!wish.lasts.empty()) body.seconds_if("for", span_of(wish.lasts));
    return body.finish();
}

std::string target(const DeviceRuleFilter& filter, const std::string& after, std::size_t limit) {
    return fmt::format("{}?device={}&rule={}&params={}&state={}&after={}&limit={}", path,
                       percent_encode(filter.device), percent_encode(filter.rule),
                       percent_encode(filter.params), percent_encode(filter.state), percent_encode(after),
                       limit);
}

/// How it stands when the devices have had a moment; empty where nothing is left of it.
Result<std::vector<ShownDeviceRule>> settled(HubConnection& hub, const OneRule& one) {
    DeviceRuleFilter filter;
    filter.device = one.device == "all" ? "" : one.device;
    filter.rule = one.rule;
    filter.params = one.params;
    const auto until = std::chrono::steady_clock::now() + patience;
    for (;;) {
        std::vector<ShownDeviceRule> found;
        const auto seen =
            each_device_rule(hub, filter, [&](const ShownDeviceRule& rule) { found.push_back(rule); });
        if (!seen) return tl::unexpected(seen.error());
        bool waiting = false;
        for (const auto& rule : found)
            waiting = waiting || (!rule.settled() && rule.error.empty());
        if (!waiting || std::chrono::steady_clock::now() >= until) return found;
        std::this_thread::sleep_for(between_looks);
    }
}

int tell(const CommandOptions& options, const DeviceRulesChanged& changes,
         const std::vector<ShownDeviceRule>& rules, const OneRule& one) {
    bool fine = true;
    boost::json::array list;
    for (const auto& rule : rules) {
        fine = fine && rule.error.empty();
        list.push_back(to_json(rule));
        if (!options.json)
            print(fmt::format("{} {} {}: {}\n", rule.device, rule.rule, rule.params,
                              runtime::escape_foreign(state_of(rule))));
    }
    if (options.json)
        print(json::serialize(json::Writer()
                                  .number("changed", changes.changed)
                                  .number("unchanged", changes.unchanged)
                                  .value("rules", std::move(list))
                                  .finish()) +
              "\n");
    else if (rules.empty())
        print(fmt::format("{} {} {}: not there\n", one.device, one.rule, one.params));
    return fine ? 0 : 1;
}

}  // namespace

bool names_device_rule(const std::vector<std::string>& words) {
    return words.size() >= 2 && !IpNetwork::parse(words[0]) && words[1] != block_rule &&
           !IpNetwork::parse(words[1]);
}

int change_device_rule(const CommandOptions& options, const DeviceRuleWish& wish) {
    const auto one = rule_of(wish);
    if (!one) return report_failure(one.error());
    HubConnection hub(options.socket);
    const auto answer = hub.exchange(runtime::http::Method::post, path, "application/json",
                                     json::serialize(body_of(*one, wish)));
    if (!answer) return report_failure(answer.error());
    const auto changes = read_device_rules_changed(answer->status, answer->body);
    if (!changes) return report_failure(changes.error());
    if (!changes->carried_out || !changes->refused.empty())
        return report_failure(
            {ErrorCode::invalid, changes->refused.empty() ? "refused" : changes->refused[0].why, Retry::no});
    const auto rules = settled(hub, *one);
    if (!rules) return report_failure(rules.error());
    return tell(options, *changes, *rules, *one);
}

Result<void> each_device_rule(HubConnection& hub, const DeviceRuleFilter& filter,
                              const DeviceRuleVisit& visit) {
    std::string after;
    for (std::size_t count = 0;;) {
        const auto wanted = filter.limit == 0 ? page : std::min(page, filter.limit - count);
        const auto reply = hub.get(target(filter, after, wanted));
        if (!reply) return tl::unexpected(reply.error());
        const auto shown = read_device_rules(reply->body);
        if (!shown) return tl::unexpected(shown.error());
        for (const auto& rule : shown->rules)
            visit(rule);
        count += shown->rules.size();
        if (shown->next.empty() || (filter.limit > 0 && count >= filter.limit)) return {};
        if (shown->next == after || shown->rules.empty())
            return fail(ErrorCode::invalid, "the hub's answer: its pages of rules do not go on");
        after = shown->next;
    }
}

std::string state_of(const ShownDeviceRule& rule) {
    const auto wanted = rule.value.value_or("taken away");
    if (!rule.error.empty()) return wanted + ", REFUSED: " + rule.error;
    if (rule.settled()) return wanted + (rule.value ? ", in force" : "");
    return wanted + ", on its way" + (rule.current ? " (now " + *rule.current + ")" : "");
}

boost::json::value to_json(const ShownDeviceRule& rule) {
    return json::Writer()
        .text("device", rule.device)
        .text("rule", rule.rule)
        .text("params", rule.params)
        .text_or_null("value", rule.value)
        .text_or_null("current", rule.current)
        .time_if("expires", rule.expires)
        .text("by", rule.by)
        .text_if("error", rule.error)
        .finish();
}

}  // namespace garita::programs
