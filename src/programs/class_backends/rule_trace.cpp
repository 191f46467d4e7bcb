#include "programs/class_backends/rule_trace.hpp"

#include <algorithm>
#include <cerrno>
#include <cstring>
#include <fcntl.h>
#include <unistd.h>

namespace garita::programs {
namespace {

using enforce::BackendCall;
using runtime::Log;
using runtime::LogLevel;
using runtime::RulesLogConfig;
using What = BackendCall::What;

constexpr std::size_t refusals_told = 100;  // of one batch, each with its reason
constexpr std::size_t rules_shown = 20;     // of one batch
constexpr std::size_t words_shown = 2000;   // bytes of one command

/// Every line in one write at the file's end: rotation and other readers see whole lines.
class FileSink final : public runtime::LogSink {
  public:
    explicit FileSink(int file) : file_(file) {}
    ~FileSink() override { close(file_); }
    FileSink(const FileSink&) = delete;
    FileSink& operator=(const FileSink&) = delete;
    void write(LogLevel, std::string_view line) override {
        const std::string whole = std::string(line) + '\n';
        [[maybe_unused]] const auto written = ::write(file_, whole.data(), whole.size());  // a full disk
    }

  private:
    int file_;
};

LogLevel least(RulesLogConfig::Level level) {
    switch (level) {
        case RulesLogConfig::Level::failures:
            return LogLevel::warning;
        case RulesLogConfig::Level::changes:
            return LogLevel::info;
        case RulesLogConfig::Level::all:
            return LogLevel::debug;
    }
    return LogLevel::debug;
}

std::string_view name_of(What what) {
    switch (what) {
        case What::prepare:
            return "prepare";
        case What::apply:
            return "change";
        case What::read:
            return "read";
        case What::rebuild:
            return "rebuild";
        case What::check:
            return "check";
        case What::remove_all:
            return "remove all";
    }
    return "?";
}

LogLevel weight_of(const BackendCall& call) {
    if (call.error != nullptr || !call.failures.empty()) return LogLevel::warning;
    return call.what == What::read || call.what == What::check ? LogLevel::debug : LogLevel::info;
}

std::string text_of(const RuleClass& rules, const enforce::ClassChange& change) {
    const auto params = rules.params_text(change.key);
    return change.after ? params + "=" + rules.value_text(*change.after) : "-" + params;
}

std::string sample_of(const RuleClass& rules, std::span<const enforce::ClassChange> changes) {
    std::string text;
    for (const auto& change : changes.first(std::min(changes.size(), rules_shown)))
        text += (text.empty() ? "" : ", ") + text_of(rules, change);
    if (changes.size() > rules_shown)
        text += ", and " + std::to_string(changes.size() - rules_shown) + " more";
    return text;
}

double milliseconds(Duration span) {
    return std::chrono::duration<double, std::milli>(span).count();
}

void tell(const Log& log, const RuleClass& rules, const BackendCall& call) {
    const auto weight = weight_of(call);
    if (!log.enabled(weight)) return;
    const std::size_t refused = call.failures.size();
    const double ms = milliseconds(call.took);
    const std::string_view result = call.error != nullptr ? std::string_view(call.error->text) : "done";
    if (call.what == What::apply) {
        const auto removed = static_cast<std::size_t>(std::count_if(
            call.changes.begin(), call.changes.end(), [](const auto& one) { return !one.after; }));
        log.write(weight, name_of(call.what),
                  {{"rules", rules.name()},
                   {"put", call.changes.size() - removed},
                   {"removed", removed},
                   {"refused", refused},
                   {"ms", ms},
                   {"result", result},
                   {"what", sample_of(rules, call.changes)}});
    } else {
        log.write(weight, name_of(call.what),
                  {{"rules", rules.name()},
                   {"entries", call.entries},
                   {"refused", refused},
                   {"ms", ms},
                   {"result", result}});
    }
    for (const auto& failure : call.failures.first(std::min(refused, refusals_told)))
        log.warning("refused", {{"rules", rules.name()},
                                {"rule", call.what == What::apply
                                             ? text_of(rules, call.changes[failure.change])
                                             : "entry " + std::to_string(failure.change) + " of the rebuild"},
                                {"why", failure.error.text}});
}

void tell(const Log& log, const runtime::Command& command, const Result<runtime::CommandEnd>& end) {
    const bool failed = !end || !end->exited_with(0);
    const auto weight = failed ? LogLevel::warning : LogLevel::debug;
    if (!log.enabled(weight)) return;
    std::string words;
    for (const auto& word : command.words)
        words += (words.empty() ? "" : " ") + word;
    if (words.size() > words_shown) words.replace(words_shown, std::string::npos, " …");
    const auto lines = std::count(command.input.begin(), command.input.end(), '\n');
    log.write(weight, "command",
              {{"words", words},
               {"input_lines", lines},
               {"ms", end ? milliseconds(end->took) : 0.0},
               {"result", !end ? end.error().text : runtime::describe(*end)}});
}

}  // namespace

Result<RuleTrace> RuleTrace::open(const RulesLogConfig& config, const std::optional<Log>& watching) {
    RuleTrace trace;
    if (watching) trace.logs_.push_back(*watching);
    if (config.file.empty()) return trace;
    const int file = ::open(config.file.c_str(), O_WRONLY | O_APPEND | O_CREAT | O_CLOEXEC, 0640);
    if (file < 0)
        return fail(ErrorCode::io, "rules_log.file: " + config.file.string() +
                                       " cannot be written: " + std::strerror(errno));
    Log::Options options;
    options.level = least(config.level);
    options.colours = Log::Colours::never;
    trace.logs_.push_back(Log::to_sink(std::make_shared<FileSink>(file), options));
    return trace;
}

BackendTraces RuleTrace::of(const std::string& device) const {
    if (logs_.empty()) return {};
    std::vector<Log> logs;
    for (const auto& log : logs_)
        logs.push_back(log.with(device));
    BackendTraces traces;
    traces.commands = [logs](const runtime::Command& command, const Result<runtime::CommandEnd>& end) {
        for (const auto& log : logs)
            tell(log, command, end);
    };
    traces.calls = [logs](const runtime::DeviceClassConfig& about) -> enforce::TracedBackend::Sink {
        return [logs, rules = about.rules](const BackendCall& call) {
            for (const auto& log : logs)
                tell(log, rules, call);
        };
    };
    return traces;
}

}  // namespace garita::programs
