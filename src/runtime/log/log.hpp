#pragma once
// The log of a program: passed in where it is needed, there is no global one. A message is a constant
// sentence, what varies goes into fields. Foreign text is safe in both: control characters are escaped,
// registered secrets are hidden.
//
//   log.with("telegram").warning("the chat refused the message", {{"chat", chat_id}, {"answer",
//   answer.text}});

#include <chrono>
#include <concepts>
#include <cstdint>
#include <initializer_list>
#include <memory>
#include <string>
#include <string_view>
#include <variant>
#include <vector>

#include "runtime/secret/secret.hpp"

namespace garita::runtime {

enum class LogLevel : std::uint8_t { debug, info, warning, error };
enum class LogFormat : std::uint8_t { text, json };

/// Where finished lines go. Called by any thread, one call at a time.
class LogSink {
  public:
    LogSink() = default;
    LogSink(const LogSink&) = delete;
    LogSink& operator=(const LogSink&) = delete;
    virtual ~LogSink() = default;
    /// The line is complete, without a newline at its end.
    virtual void write(LogLevel level, std::string_view line) = 0;
};

/// One key and value of a message. It only borrows texts, so it lives no longer than the call that logs it.
struct LogField {
    using Value = std::variant<std::string_view, std::int64_t, std::uint64_t, double, bool>;
    std::string_view key;
    Value value;

    LogField(std::string_view k, std::string_view v) : key(k), value(v) {}
    LogField(std::string_view k, const char* v) : key(k), value(std::string_view(v)) {}
    LogField(std::string_view k, const std::string& v) : key(k), value(std::string_view(v)) {}
    LogField(std::string_view k, bool v) : key(k), value(v) {}
    LogField(std::string_view k, std::signed_integral auto v) : key(k), value(std::int64_t{v}) {}
    LogField(std::string_view k, std::unsigned_integral auto v) : key(k), value(std::uint64_t{v}) {}
    LogField(std::string_view k, std::floating_point auto v) : key(k), value(static_cast<double>(v)) {}
    LogField(std::string_view k, const Secret& v) = delete;
};

/// A cheap handle; copies write to the same place under the same level. All members may be called by any
/// thread.
class Log {
  public:
    enum class Colours { automatic, never, always };
    struct Options {
        LogLevel level = LogLevel::info;
        LogFormat format = LogFormat::text;
        Colours colours =
            Colours::automatic;  ///< automatic: when standard error is a terminal and NO_COLOR is unset
    };
    using Fields = std::initializer_list<LogField>;

    /// A log that says nothing.
    Log();
    [[nodiscard]] static Log to_stderr(const Options& options);
    [[nodiscard]] static Log to_sink(std::shared_ptr<LogSink> sink, const Options& options);

    /// The same log speaking for a part of the program.
    [[nodiscard]] Log with(std::string_view component) const;

    void debug(std::string_view message, Fields fields = {}) const {
        write(LogLevel::debug, message, fields);
    }
    void info(std::string_view message, Fields fields = {}) const { write(LogLevel::info, message, fields); }
    void warning(std::string_view message, Fields fields = {}) const {
        write(LogLevel::warning, message, fields);
    }
    void error(std::string_view message, Fields fields = {}) const {
        write(LogLevel::error, message, fields);
    }
    void write(LogLevel level, std::string_view message, Fields fields) const;

    [[nodiscard]] bool enabled(LogLevel level) const;
    /// The last lines that all copies have written, oldest first: as text without colours, each cut to some
    /// hundred bytes, no debugging. A few dozen are kept.
    [[nodiscard]] std::vector<std::string> recent(std::size_t most) const;
    /// For all copies, at once: a reloaded configuration may change it.
    void set_level(LogLevel level) const;
    /// From now on the secret appears as *** in every line of all copies. Secrets shorter than 4 bytes are
    /// left alone.
    void redact(const Secret& secret) const;

  private:
    class Core;
    explicit Log(std::shared_ptr<Core> core, std::string component);
    std::shared_ptr<Core> core_;
    std::string component_;
};

/// Makes foreign text harmless for a terminal and a line-based file: controls, line ends, direction overrides
/// and bytes that are not UTF-8 become visible escapes; what is longer than the limit is cut and marked.
[[nodiscard]] std::string escape_foreign(std::string_view text, std::size_t limit = 4096);

[[nodiscard]] std::string_view to_string(LogLevel level);

}  // namespace garita::runtime
