#include "decide/step_up.hpp"

#include <charconv>
#include <vector>

namespace garita::decide {
namespace {

/// What is kept of a person's codes, as numbers with a blank between them.
struct CodeHistory {
    std::int64_t last_step = -1;
    std::int64_t failures = 0;
    Time counted_since{};
    Time locked_until{};
};

std::string key_of(const Actor& by) {
    return "code." + by.name;
}

CodeHistory history_of(const std::optional<std::string>& text) {
    std::vector<std::int64_t> numbers;
    const char* at = text ? text->data() : nullptr;
    const char* const end = text ? at + text->size() : nullptr;
    while (at != end) {
        std::int64_t number = 0;
        const auto [stopped, error] = std::from_chars(at, end, number);
        if (error != std::errc{}) break;
        numbers.push_back(number);
        at = stopped == end ? end : stopped + 1;
    }
    if (numbers.size() != 4) return {};
    return {numbers[0], numbers[1], from_micros(numbers[2]), from_micros(numbers[3])};
}

std::string text_of(const CodeHistory& history) {
    return std::to_string(history.last_step) + ' ' + std::to_string(history.failures) + ' ' +
           std::to_string(to_micros(history.counted_since)) + ' ' +
           std::to_string(to_micros(history.locked_until));
}

std::string span_text(Duration span) {
    return format_span(std::chrono::ceil<std::chrono::seconds>(span));
}

/// Counts a failure; returns what the person is told.
Refusal count_failure(store::Transaction& transaction, const Actor& by, CodeHistory history, Refusal why,
                      const StepUp& options, Time now) {
    if (now - history.counted_since > options.within || now < history.counted_since)
        history.counted_since = now, history.failures = 0;
    ++history.failures;
    if (history.failures >= static_cast<std::int64_t>(options.failures)) {
        history.locked_until = now + options.locked;
        history.failures = 0;
        const auto span = span_text(options.locked);
        why.error.text += "; codes of " + by.name + " are not accepted for " + span;
        why.key = "refused.codes_locked";
        why.facts = {{"span", span}};
        (void)transaction.add_audit({0, now, by, "codes_locked", "person " + by.name, why.error.text});
    }
    transaction.set_value(key_of(by), text_of(history));
    return why;
}

}  // namespace

tl::expected<Stepped, Refusal> step_up(store::Transaction& transaction, const Actor& by,
                                       const std::optional<Danger>& danger, std::string_view code,
                                       const StepUp& options, Time now) {
    if (!options.dangers.contains(danger)) return Stepped::up;
    const bool known =
        by.kind == Actor::Kind::person && options.codes != nullptr && options.codes->knows(by.name);
    if (!known && options.whom == StepUp::For::those_with_a_secret) return Stepped::up;
    if (!known)
        return tl::unexpected(Refusal{
            Error{ErrorCode::forbidden, std::string(to_text(*danger)) + " takes a one-time code, and " +
                                            by.name + " has no secret for one: `garita people totp NAME`"},
            "refused.no_secret",
            {}});
    if (code.empty()) return Stepped::code_wanted;
    auto history = history_of(transaction.value(key_of(by)));
    if (now < history.locked_until) {
        const auto span = span_text(history.locked_until - now);
        return tl::unexpected(Refusal{Error{ErrorCode::forbidden, "too many wrong codes: none of " + by.name +
                                                                      " is accepted for another " + span},
                                      "refused.codes_locked",
                                      {{"span", span}}});
    }
    const auto step = options.codes->step_of(by.name, code, now);
    if (!step)
        return tl::unexpected(count_failure(
            transaction, by, history, {{ErrorCode::forbidden, "the code is wrong"}, "refused.code_wrong", {}},
            options, now));
    if (*step <= history.last_step)
        return tl::unexpected(
            count_failure(transaction, by, history,
                          {{ErrorCode::forbidden, "the code was used before: wait for the next one"},
                           "refused.code_used",
                           {}},
                          options, now));
    history.last_step = *step;
    history.failures = 0;
    transaction.set_value(key_of(by), text_of(history));
    return Stepped::up;
}

}  // namespace garita::decide
