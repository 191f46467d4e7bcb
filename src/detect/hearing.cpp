#include "detect/hearing.hpp"

#include <algorithm>

#include "detect/detector.hpp"

namespace garita::detect {
namespace {

constexpr int beyond_habit = 3;

std::string span_text(Duration span) {
    return format_span(std::chrono::duration_cast<std::chrono::seconds>(span));
}

}  // namespace

void Hearing::heard(Time at) {
    if (!last_) first_ = at;
    if (last_ && !resumed_) longest_ = std::max(longest_, at - *last_);
    resumed_ = false;
    last_ = last_ ? std::max(*last_, at) : at;
}

bool Hearing::is_silent(Time now, Duration least) const {
    return last_ && *last_ - first_ >= least && now - *last_ >= least &&
           now - *last_ >= beyond_habit * longest_;
}

std::string in_words(const Silence& silence, Time now) {
    return clean_fact(silence.source) +
           (silence.why == Silence::Why::gone ? " is not there any more, and has had no line for "
                                              : " has had no line for ") +
           span_text(now - silence.last) + ", after pauses of " + span_text(silence.longest) +
           " at most: see that its program runs and still writes there";
}

Alert alert_about(const Silence& silence, Time now) {
    Alert alert;
    alert.kind = "log_silent";
    alert.subject = clean_fact(silence.source);
    alert.uid = alert_uid(alert.kind,
                          clean_fact(silence.source, 128) + "-" + std::to_string(to_micros(silence.last)));
    alert.severity = Severity::warning;
    alert.at = now;
    alert.facts["log"] = clean_fact(silence.source);
    alert.facts["last"] = to_iso8601(silence.last);
    alert.facts["silent_for"] = span_text(now - silence.last);
    alert.facts["longest_pause"] = span_text(silence.longest);
    alert.facts["state"] = silence.why == Silence::Why::gone ? "gone" : "silent";
    return alert;
}

}  // namespace garita::detect
