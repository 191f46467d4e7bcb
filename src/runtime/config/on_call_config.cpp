#include "runtime/config/on_call_config.hpp"

#include <algorithm>

#include "model/mail_identity.hpp"
#include "runtime/config/build.hpp"

namespace garita::runtime {

namespace {

using std::chrono::minutes;

constexpr minutes whole_day{24 * 60};
constexpr std::array<std::string_view, 7> day_words = {"mon", "tue", "wed", "thu", "fri", "sat", "sun"};

std::optional<int> two_digits(std::string_view text) {
    const auto is_digit = [](char c) { return c >= '0' && c <= '9'; };
    if (text.size() != 2 || !std::all_of(text.begin(), text.end(), is_digit)) return std::nullopt;
    return (text[0] - '0') * 10 + (text[1] - '0');
}

std::optional<minutes> time_of_day(std::string_view text) {
    if (text.size() != 5 || text[2] != ':') return std::nullopt;
    const auto hour = two_digits(text.substr(0, 2));
    const auto minute = two_digits(text.substr(3));
    if (!hour || !minute || *minute > 59) return std::nullopt;
    const minutes time{*hour * 60 + *minute};
    return time <= whole_day ? std::optional(time) : std::nullopt;
}

void add_names(std::string& text, std::string_view kind, const std::vector<std::string>& names) {
    for (const auto& name : names)
        text.append(text.empty() ? "" : ", ").append(kind).append(" ").append(name);
}

OnCallStepConfig build_step(const Section& section) {
    OnCallStepConfig step;
    step.after = section.span("after");
    step.chats = section.texts("chats");
    for (const auto& address : section.texts("mail"))
        if (auto spelled = parse_mail_address(address)) step.mail.push_back(std::move(*spelled));
    step.webhooks = section.texts("webhooks");
    step.exec = section.texts("exec");
    return step;
}

}  // namespace

std::optional<DayHours> parse_day_hours(std::string_view text) {
    const auto dash = text.find('-');
    if (dash == std::string_view::npos) return std::nullopt;
    const auto from = time_of_day(text.substr(0, dash));
    const auto to = time_of_day(text.substr(dash + 1));
    if (!from || !to || *from == *to || *from == whole_day) return std::nullopt;
    return DayHours{*from, *to};
}

std::string OnCallStepConfig::whom() const {
    std::string text;
    add_names(text, "telegram", chats);
    add_names(text, "mail", mail);
    add_names(text, "webhook", webhooks);
    add_names(text, "exec", exec);
    return text;
}

int OnCallConfig::step_of(Names kind, std::string_view name) const {
    if (name.empty()) return 0;
    for (std::size_t i = 0; i < steps.size(); ++i) {
        const auto& names = steps[i].*kind;
        if (std::find(names.begin(), names.end(), name) != names.end()) return static_cast<int>(i) + 1;
    }
    return 0;
}

std::optional<QuietHoursConfig> build_quiet_hours(const Section& section) {
    if (!section.given("quiet")) return std::nullopt;
    const Section from = section.section("quiet");
    QuietHoursConfig quiet;
    quiet.hours = parse_day_hours(from.text("hours")).value_or(DayHours{});
    if (const auto named = from.texts("days"); !named.empty())
        for (std::size_t day = 0; day < day_words.size(); ++day)
            quiet.days.at(day) = std::find(named.begin(), named.end(), day_words.at(day)) != named.end();
    quiet.below = parse_severity(from.text("below")).value_or(Severity::critical);
    return quiet;
}

OnCallConfig build_on_call(const Section& section) {
    OnCallConfig on_call;
    on_call.severity = parse_severity(section.text("severity")).value_or(Severity::warning);
    for (const Section& step : section.list("steps"))
        on_call.steps.push_back(build_step(step));
    on_call.acknowledged_for = section.span("acknowledged_for");
    return on_call;
}

}  // namespace garita::runtime
