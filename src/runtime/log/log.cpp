#include "runtime/log/log.hpp"

#include <algorithm>
#include <atomic>
#include <chrono>
#include <cstdlib>
#include <deque>
#include <mutex>
#include <unistd.h>
#include <vector>

#include <spdlog/logger.h>
#include <spdlog/pattern_formatter.h>
#include <spdlog/sinks/stdout_sinks.h>

#include "runtime/log/line.hpp"

namespace garita::runtime {

namespace {

constexpr std::size_t lines_kept = 50;
constexpr std::size_t longest_kept = 600;   ///< bytes
constexpr std::size_t shortest_secret = 4;  // hiding shorter ones would tear holes into every line

/// Synchronous, so that the last line before a crash is on the screen, and nothing is lost over a fork.
class StderrSink : public LogSink {
  public:
    StderrSink() : logger_("", std::make_shared<spdlog::sinks::stderr_sink_st>()) {
        logger_.set_pattern("%v");
        logger_.set_level(spdlog::level::trace);
        logger_.flush_on(spdlog::level::trace);
        logger_.set_error_handler([](const std::string&) {});  // there is no second place to complain to
    }
    void write(LogLevel /*level*/, std::string_view line) override {
        logger_.log(spdlog::level::info, spdlog::string_view_t(line.data(), line.size()));
    }

  private:
    spdlog::logger logger_;
};

Paint paint_for(Log::Colours colours) {
    if (colours == Log::Colours::always) return Paint::coloured;
    if (colours == Log::Colours::never || isatty(STDERR_FILENO) == 0) return Paint::plain;
    const char* refused = std::getenv("NO_COLOR");
    const char* terminal = std::getenv("TERM");
    if (refused != nullptr && *refused != '\0') return Paint::plain;
    return terminal == nullptr || std::string_view(terminal) == "dumb" ? Paint::plain : Paint::coloured;
}

void replace_all(std::string& text, std::string_view what, std::string_view by) {
    for (auto at = text.find(what); at != std::string::npos; at = text.find(what, at + by.size()))
        text.replace(at, what.size(), by);
}

}  // namespace

class Log::Core {
  public:
    Core(std::shared_ptr<LogSink> sink, const Options& options)
        : sink_(std::move(sink)), format_(options.format), level_(options.level) {}

    void paint(Paint paint) { paint_ = paint; }
    [[nodiscard]] bool enabled(LogLevel level) const {
        return sink_ && level >= level_.load(std::memory_order_relaxed);
    }
    void set_level(LogLevel level) { level_.store(level, std::memory_order_relaxed); }

    void redact(const Secret& secret) {
        if (secret.size() < shortest_secret) return;
        const std::lock_guard lock(mutex_);
        for (const Secret& known : secrets_)
            if (known.matches(secret.reveal())) return;
        secrets_.push_back(secret);
    }

    void write(const LogLine& line) {
        const std::lock_guard lock(mutex_);
        std::vector<std::string> hidden;
        LogLine safe = line;
        std::vector<LogField> fields(line.fields.begin(), line.fields.end());
        // Before escaping, or an escaped secret would no longer look like itself.
        hidden.reserve(fields.size() * 2 + 2);
        safe.component = hide(line.component, hidden);
        safe.message = hide(line.message, hidden);
        for (LogField& field : fields) {
            field.key = hide(field.key, hidden);
            if (auto* text = std::get_if<std::string_view>(&field.value)) *text = hide(*text, hidden);
        }
        safe.fields = fields;
        keep(safe);
        sink_->write(line.level, format_ == LogFormat::json ? render_json(safe) : render_text(safe, paint_));
    }

    [[nodiscard]] std::vector<std::string> recent(std::size_t most) {
        const std::lock_guard lock(mutex_);
        const auto count = static_cast<std::ptrdiff_t>(std::min(most, recent_.size()));
        return {recent_.end() - count, recent_.end()};
    }

  private:
    void keep(const LogLine& safe) {
        if (safe.level < LogLevel::info) return;
        if (recent_.size() >= lines_kept) recent_.pop_front();
        recent_.push_back(escape_foreign(render_text(safe, Paint::plain), longest_kept));
    }

    std::string_view hide(std::string_view text, std::vector<std::string>& kept) const {
        bool clean = true;
        for (const Secret& secret : secrets_)
            clean = clean && text.find(secret.reveal()) == std::string_view::npos;
        if (clean) return text;
        std::string& copy = kept.emplace_back(text);
        for (const Secret& secret : secrets_)
            replace_all(copy, secret.reveal(), "***");
        return copy;
    }

    std::shared_ptr<LogSink> sink_;
    LogFormat format_;
    Paint paint_ = Paint::plain;
    std::atomic<LogLevel> level_;
    std::mutex mutex_;  ///< guards the sink, the secrets and the last lines
    std::deque<std::string> recent_;
    std::vector<Secret> secrets_;
};

Log::Log() : Log(std::make_shared<Core>(nullptr, Options{}), "") {}

Log::Log(std::shared_ptr<Core> core, std::string component)
    : core_(std::move(core)), component_(std::move(component)) {}

Log Log::to_stderr(const Options& options) {
    return to_sink(std::make_shared<StderrSink>(), options);
}

Log Log::to_sink(std::shared_ptr<LogSink> sink, const Options& options) {
    auto core = std::make_shared<Core>(std::move(sink), options);
    core->paint(paint_for(options.colours));
    return Log(std::move(core), "");
}

Log Log::with(std::string_view component) const {
    return Log(core_, std::string(component));
}

void Log::write(LogLevel level, std::string_view message, Fields fields) const {
    if (!core_->enabled(level)) return;
    const auto now = std::chrono::floor<Duration>(std::chrono::system_clock::now());
    core_->write({now, level, component_, message, {fields.begin(), fields.size()}});
}

bool Log::enabled(LogLevel level) const {
    return core_->enabled(level);
}
std::vector<std::string> Log::recent(std::size_t most) const {
    return core_->recent(most);
}
void Log::set_level(LogLevel level) const {
    core_->set_level(level);
}
void Log::redact(const Secret& secret) const {
    core_->redact(secret);
}

}  // namespace garita::runtime
