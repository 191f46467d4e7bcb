#include "runtime/log/log.hpp"

#include <array>
#include <mutex>
#include <thread>
#include <unistd.h>
#include <vector>

#include <gmock/gmock.h>
#include <sys/wait.h>

#include "runtime/log/credentials.hpp"
#include "runtime/log/line.hpp"

namespace garita::runtime {
namespace {

using testing::ElementsAre;
using testing::EndsWith;
using testing::HasSubstr;
using testing::MatchesRegex;
using testing::Not;
using testing::SizeIs;

class Kept : public LogSink {
  public:
    void write(LogLevel level, std::string_view line) override {
        levels.push_back(level);
        lines.emplace_back(line);
    }
    std::vector<LogLevel> levels;
    std::vector<std::string> lines;
};

struct Fixture {
    explicit Fixture(Log::Options options = {})
        : sink(std::make_shared<Kept>()), log(Log::to_sink(sink, options)) {}
    std::shared_ptr<Kept> sink;
    Log log;
};

constexpr Log::Options json{LogLevel::info, LogFormat::json, Log::Colours::never};

TEST(Lines, text_has_time_level_component_message_and_fields) {
    const std::vector<LogField> fields = {
        {"chat", -100}, {"answer", "no rights"}, {"new", true}, {"share", 0.5}};
    EXPECT_EQ(
        render_text({from_micros(1), LogLevel::warning, "telegram", "refused", fields}, Paint::plain),
        R"(1970-01-01T00:00:00.000001Z warning telegram: refused chat=-100 answer="no rights" new=true share=0.5)");
    EXPECT_EQ(render_text({from_micros(0), LogLevel::info, "", "started", {}}, Paint::plain),
              "1970-01-01T00:00:00.000000Z info    started");
}

TEST(Lines, json_is_one_object) {
    const std::vector<LogField> fields = {{"path", "/a\\b \"c\""},
                                          {"count", std::uint64_t{18446744073709551615U}}};
    EXPECT_EQ(
        render_json({from_micros(0), LogLevel::error, "hub", "no \"room\"", fields}),
        R"({"time":"1970-01-01T00:00:00.000000Z","level":"error","component":"hub","message":"no \"room\"",)"
        R"("fields":{"path":"/a\\b \"c\"","count":18446744073709551615}})");
    const std::vector<LogField> odd = {{"x", 1.0 / 0.0}};
    EXPECT_THAT(render_json({from_micros(0), LogLevel::error, "", "", odd}), HasSubstr(R"("x":null)"));
}

TEST(ForeignText, cannot_move_the_cursor_or_begin_a_line) {
    EXPECT_EQ(escape_foreign("a\x1b[2Jb\nc\rd\te\x7f"), R"(a\x1b[2Jb\nc\rd\te\x7f)");
    EXPECT_EQ(escape_foreign(std::string_view("\0", 1)), R"(\x00)");
    EXPECT_EQ(escape_foreign("\xC2\x9B\x33m"), R"(\u{9b}3m)") << "the one-byte form of ESC [";
    EXPECT_EQ(escape_foreign("\xE2\x80\xAEtxt"), R"(\u{202e}txt)") << "reverses what is read";
    EXPECT_EQ(escape_foreign("\xE2\x80\xA8"), R"(\u{2028})") << "a line end in some readers";
    EXPECT_EQ(escape_foreign("ñ 日本 ё 🙂"), "ñ 日本 ё 🙂");
}

TEST(ForeignText, bytes_that_are_not_utf8_are_shown_as_such) {
    EXPECT_EQ(escape_foreign("\xFF\xC0\x80\xED\xA0\x80\xF5"), R"(\xff\xc0\x80\xed\xa0\x80\xf5)");
    EXPECT_EQ(escape_foreign("\xE2\x82"), R"(\xe2\x82)");
}

TEST(ForeignText, is_cut_at_the_limit) {
    const std::string cut = escape_foreign(std::string(1000000, 'a'), 100);
    EXPECT_THAT(cut, EndsWith("…(999900 more bytes)"));
    EXPECT_LT(cut.size(), 200U);
}

TEST(Logging, says_what_is_important_enough) {
    Fixture f;
    f.log.debug("hidden");
    f.log.info("shown");
    EXPECT_FALSE(f.log.enabled(LogLevel::debug));
    const Log copy = f.log.with("part");
    copy.set_level(LogLevel::error);
    f.log.warning("hidden too");
    f.log.error("shown");
    EXPECT_THAT(f.sink->levels, ElementsAre(LogLevel::info, LogLevel::error));
}

TEST(Logging, a_component_speaks_under_its_name) {
    Fixture f;
    f.log.with("desk").info("case opened", {{"case", 7}});
    EXPECT_THAT(f.sink->lines, ElementsAre(EndsWith("Z info    desk: case opened case=7")));
}

TEST(Logging, injected_lines_stay_within_their_line) {
    for (const auto format : {LogFormat::text, LogFormat::json}) {
        Fixture f({LogLevel::info, format, Log::Colours::never});
        f.log.with("a\nb").info("c\nd", {{"e\nf", "g\nh\x1b[31m"}});
        ASSERT_THAT(f.sink->lines, SizeIs(1));
        EXPECT_THAT(f.sink->lines[0], Not(HasSubstr("\n")));
        EXPECT_THAT(f.sink->lines[0], Not(HasSubstr("\x1b")));
    }
}

TEST(Logging, a_field_cannot_pretend_to_be_another) {
    Fixture f;
    f.log.info("login", {{"user", "x result=accepted"}, {"host", "a\" admin=\"yes"}, {"none", ""}});
    EXPECT_THAT(f.sink->lines[0],
                EndsWith(R"(login user="x result=accepted" host="a\" admin=\"yes" none="")"));
}

TEST(Logging, quotes_and_controls_together_stay_inside_the_value) {
    Fixture f;
    f.log.info("login", {{"user", "a\n\" admin=yes"}});
    EXPECT_THAT(f.sink->lines[0], EndsWith(R"(login user="a\n\" admin=yes")"));
}

TEST(Logging, secrets_are_hidden_everywhere) {
    for (const auto& options : {Log::Options{}, json}) {
        Fixture f(options);
        f.log.redact(Secret("hunter2secret"));
        f.log.redact(Secret("with\nnewline"));
        f.log.redact(Secret("abc"));  // too short to hide
        f.log.with("hunter2secret")
            .info("url /bot-hunter2secret/x", {{"hunter2secret", "with\nnewline!"}, {"y", "abc"}});
        const std::string& line = f.sink->lines.at(0);
        EXPECT_THAT(line, Not(HasSubstr("hunter2secret")));
        EXPECT_THAT(line, Not(HasSubstr("newline")));
        EXPECT_THAT(line, HasSubstr("/bot-***/x"));
        EXPECT_THAT(line, HasSubstr("***!"));
        EXPECT_THAT(line, HasSubstr("abc"));
    }
}

TEST(Logging, one_that_says_nothing_is_safe_to_use) {
    const Log silent;
    silent.error("nobody hears");
    silent.redact(Secret("a-secret"));
    EXPECT_FALSE(silent.enabled(LogLevel::error));
}

TEST(Logging, threads_do_not_mix_their_lines) {
    Fixture f(json);
    std::vector<std::thread> threads;
    for (int t = 0; t < 4; ++t)
        threads.emplace_back([log = f.log.with("worker"), t] {
            for (int i = 0; i < 200; ++i) {
                log.info("step", {{"thread", t}, {"i", i}});
                if (i % 50 == 0) log.redact(Secret("secret-" + std::to_string(t)));
            }
        });
    for (auto& thread : threads)
        thread.join();
    EXPECT_THAT(f.sink->lines, SizeIs(800));
    EXPECT_THAT(f.sink->lines,
                testing::Each(MatchesRegex(R"(\{"time":"[^"]*","level":"info".*"fields":.*\}\})")));
}

TEST(Logging, the_last_lines_are_kept_without_secrets_and_colours) {
    Fixture f({LogLevel::info, LogFormat::text, Log::Colours::always});
    f.log.redact(Secret("hunter22"));
    f.log.debug("not kept");
    for (int i = 0; i < 80; ++i)
        f.log.info("step", {{"i", i}, {"password", "hunter22"}});
    f.log.warning("long", {{"text", std::string(5000, 'x')}});
    const auto last = f.log.with("other").recent(3);
    ASSERT_THAT(last, SizeIs(3));
    EXPECT_THAT(last[1], EndsWith("info    step i=79 password=***"));
    EXPECT_LT(last[2].size(), 700U);
    EXPECT_THAT(f.log.recent(1000), SizeIs(50));
    EXPECT_THAT(Log().recent(5), SizeIs(0));
}

TEST(Credentials, are_hidden_by_their_looks) {
    const std::string token = "123456789:AAFabcdefghijklmnopqrst_uv-w";
    for (const std::string& line :
         {"GET /bot" + token + "/getMe", "token " + token, "x=" + token + "\"", token})
        EXPECT_THAT(hide_credentials(line), testing::Not(HasSubstr("AAF"))) << line;
    EXPECT_EQ(hide_credentials("Authorization: Basic dXNlcjpwYXNz, next=1"), "Authorization: ***, next=1");
    EXPECT_EQ(hide_credentials(R"(headers="authorization: Bearer abc.def" n=1)"),
              R"(headers="authorization: ***" n=1)");
    EXPECT_EQ(hide_credentials("sent Bearer abc.def-ghi to x"), "sent Bearer *** to x");
    EXPECT_EQ(hide_credentials("password=hunter22 user=ana"), "password=*** user=ana");
    EXPECT_EQ(hide_credentials(R"({"access_token":"abc","b":1})"), R"({"access_token":"***","b":1})");
    for (const char* fine :
         {"", "telegram: the bot's token is refused", "at 2026-11-22T06:08:25.123456Z port 12345:80",
          "no password given", "00:11:22:33:44:55", "2001:db8::1"})
        EXPECT_EQ(hide_credentials(fine), fine);
}

/// What a process of its own writes to standard error.
std::string standard_error_of(const Log::Options& options) {
    std::array<int, 2> ends{};
    EXPECT_EQ(::pipe(ends.data()), 0);
    const pid_t child = ::fork();
    if (child == 0) {
        ::dup2(ends[1], STDERR_FILENO);
        Log::to_stderr(options).with("main").info("started", {{"pid", 1}});
        ::_exit(0);  // without flushing anything: the line must be out already
    }
    ::close(ends[1]);
    std::string text;
    std::array<char, 512> buffer{};
    for (ssize_t n = 0; (n = ::read(ends[0], buffer.data(), buffer.size())) > 0;)
        text.append(buffer.data(), static_cast<std::size_t>(n));
    ::close(ends[0]);
    ::waitpid(child, nullptr, 0);
    return text;
}

TEST(StandardError, gets_the_line_at_once_and_no_colours_when_it_is_no_terminal) {
    EXPECT_THAT(standard_error_of({}), EndsWith("Z info    main: started pid=1\n"));
    EXPECT_THAT(standard_error_of(json),
                EndsWith(R"("component":"main","message":"started","fields":{"pid":1}})"
                         "\n"));
}

TEST(StandardError, has_colours_when_they_are_asked_for) {
    EXPECT_THAT(standard_error_of({LogLevel::info, LogFormat::text, Log::Colours::always}),
                HasSubstr("\x1b[32minfo"));
}

}  // namespace
}  // namespace garita::runtime
