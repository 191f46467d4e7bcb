#include "decide/stuck_rules.hpp"

#include <algorithm>
#include <charconv>
#include <sstream>

#include "decide/deciding.hpp"

namespace garita::decide {
namespace {

constexpr Duration look_again = std::chrono::seconds{5};
constexpr Duration between_news = std::chrono::minutes{10};  // of one open case
constexpr Duration worth_remembering = std::chrono::seconds{30};
constexpr std::string_view memory_key = "rules.troubled_since";
constexpr Duration between_questions = std::chrono::hours{24};  // about the same trouble

bool is_stuck(const RulesHealth& one, Time now) {
    return one.troubled_since && one.stuck_after && now >= *one.troubled_since + *one.stuck_after;
}

Facts facts_of(const RulesHealth& one) {
    Facts facts{{"rules", one.rules},
                {"why", one.why},
                {"since", to_iso8601(std::chrono::floor<std::chrono::seconds>(*one.troubled_since))}};
    if (one.refused > 0) facts.emplace("refused", std::to_string(one.refused));
    return facts;
}

/// The beginning of the same trouble is another after a restart: that is no news.
bool is_news(const Facts& before, const Facts& now) {
    const auto differs = [&](std::string_view name) {
        const auto was = before.find(name);
        const auto is = now.find(name);
        return (was == before.end()) != (is == now.end()) ||
               (was != before.end() && was->second != is->second);
    };
    return differs("why") || differs("refused");
}

bool has_to_be_told(store::View& view, const RulesHealth& one, const Facts& facts, Time now) {
    const auto last = view.last_case_about(one.device, stuck_kind, one.rules);
    if (!last) return true;
    const bool clock_was_set_back = last->last_alert_at > now;
    if (last->state == CaseState::open)
        return is_news(last->facts, facts) &&
               (clock_was_set_back || now >= last->last_alert_at + between_news);
    return last->last_alert_at < *one.troubled_since || clock_was_set_back ||
           now >= last->last_alert_at + between_questions;
}

Alert alert_of(const RulesHealth& one, Facts facts, Time now) {
    Alert alert;
    alert.uid = "rules_stuck-" + one.rules + "-" + std::to_string(to_micros(now));
    alert.device = one.device;
    alert.kind = stuck_kind;
    alert.subject = one.rules;
    alert.severity = Severity::warning;
    alert.at = now;
    alert.facts = std::move(facts);
    return alert;
}

/// Nothing: it is not over.
std::optional<std::string> why_over(const std::vector<RulesHealth>& all, const Case& about) {
    const auto it = std::find_if(all.begin(), all.end(), [&](const RulesHealth& one) {
        return one.device == about.device && one.rules == about.subject;
    });
    if (it == all.end()) return "over: the hub keeps no such rules any more";
    if (it->troubled_since || it->known == RulesHealth::Known::no) return std::nullopt;
    return "over: all of them are in force";
}

void close(store::Transaction& transaction, const Case& about, const std::string& why, Time now) {
    Decision decision;
    decision.case_id = about.id;
    decision.response = Response::nothing;
    decision.by = {Actor::Kind::system, "desk", {}, Role::administrator};
    decision.at = now;
    decision.lasts = Duration::zero();  // should it begin again, people are asked again
    decision.comment = why;
    if (!transaction.decide(decision, CaseState::closed, now)) return;  // somebody was faster
    (void)transaction.add_audit({0, now, decision.by, "case_closed", object_of(about.id), why});
    transaction.ring({store::Topic::cases, {}});
}

std::vector<Case> open_ones(store::View& view) {
    store::CaseQuery query;
    query.states = {CaseState::open};
    query.kind = stuck_kind;
    query.limit = 10'000;
    return view.cases(query);
}

/// A line each: since when, a tab, the device, a tab, the rules.
std::string text_of(const std::map<std::pair<std::string, std::string>, Time>& since) {
    std::string text;
    for (const auto& [name, time] : since)
        text += std::to_string(to_micros(time)) + "\t" + name.first + "\t" + name.second + "\n";
    return text;
}

}  // namespace

Result<std::map<StuckRules::Name, Time>> StuckRules::load() const {
    std::string text;
    const auto read = store_.read([&](store::View& view) -> Result<void> {
        text = view.value(memory_key).value_or("");
        return {};
    });
    if (!read) return tl::unexpected(read.error());
    std::map<Name, Time> since;
    std::istringstream lines(text);
    for (std::string time, device, rules; std::getline(lines, time, '\t') &&
                                          std::getline(lines, device, '\t') && std::getline(lines, rules);) {
        std::int64_t micros = 0;
        const auto [end, error] = std::from_chars(time.data(), time.data() + time.size(), micros);
        if (error == std::errc{}) since[{device, rules}] = from_micros(micros);
    }
    return since;
}

/// What has lasted for a while. Of what nothing has been heard since the start it lasts as it did.
std::map<StuckRules::Name, Time> StuckRules::lasting(const std::vector<RulesHealth>& all, Time now) const {
    std::map<Name, Time> since;
    for (const auto& one : all) {
        const Name name{one.device, one.rules};
        const auto before = since_->find(name);
        if (one.troubled_since && now >= *one.troubled_since + worth_remembering)
            since[name] = *one.troubled_since;
        const bool goes_on = one.troubled_since || one.known == RulesHealth::Known::no;
        if (goes_on && before != since_->end() && before->second <= now) since[name] = before->second;
    }
    return since;
}

Result<Duration> StuckRules::step(Time now) {
    if (!since_) {
        auto loaded = load();
        if (!loaded) return tl::unexpected(loaded.error());
        since_ = std::move(*loaded);
    }
    auto all = look_();
    auto since = lasting(all, now);
    for (auto& one : all)
        if (const auto began = since.find({one.device, one.rules});
            one.troubled_since && began != since.end())
            one.troubled_since = std::min(*one.troubled_since, began->second);
    std::vector<Alert> alerts;
    std::vector<std::pair<Case, std::string>> over;
    const auto looked = store_.read([&](store::View& view) -> Result<void> {
        for (const auto& one : all) {
            if (!is_stuck(one, now)) continue;
            auto facts = facts_of(one);
            if (has_to_be_told(view, one, facts, now)) alerts.push_back(alert_of(one, std::move(facts), now));
        }
        for (auto& about : open_ones(view))
            if (auto why = why_over(all, about)) over.emplace_back(std::move(about), std::move(*why));
        return {};
    });
    if (!looked) return tl::unexpected(looked.error());
    const bool news = since != *since_;
    if (alerts.empty() && over.empty() && !news) return look_again;
    const auto written = store_.write([&](store::Transaction& transaction) -> Result<void> {
        for (const auto& alert : alerts)
            (void)transaction.add_alert(alert);
        for (const auto& [about, why] : over)
            close(transaction, about, why, now);
        if (news) transaction.set_value(memory_key, text_of(since));
        if (!alerts.empty()) transaction.ring({store::Topic::alerts, {}});
        return {};
    });
    if (!written) return tl::unexpected(written.error());
    since_ = std::move(since);
    return look_again;
}

}  // namespace garita::decide
