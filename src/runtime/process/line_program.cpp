#include "runtime/process/line_program.hpp"

#include <algorithm>
#include <chrono>
#include <optional>

#include <re2/re2.h>

namespace garita::runtime {
namespace {

// Before anything at all was accepted, so many refusals mean that it is not the lines.
constexpr std::size_t refusals_at_first = 64;

struct Range {
    std::size_t first = 0;
    std::size_t count = 0;
};

/// One call of feed(): works off ranges of lines, dividing those that fail.
class Feeding {
  public:
    Feeding(const LineProgram& program, CommandRunner& runner, const Lines& lines)
        : program_(program), runner_(runner), lines_(lines) {}

    Result<std::vector<RefusedLine>> all() {
        const auto deadline = std::chrono::steady_clock::now() + program_.patience;
        if (lines_.count() > 0) todo_.push_back({0, lines_.count()});
        while (!todo_.empty()) {
            const Range range = todo_.back();
            todo_.pop_back();
            if (std::chrono::steady_clock::now() > deadline)
                return gave_up("refuses too many of its lines to find them all in time");
            if (auto done = feed(range); !done) return tl::unexpected(done.error());
            if (!anything_accepted_ && refused_.size() >= refusals_at_first && !todo_.empty())
                return gave_up("refuses every line");
        }
        return std::move(refused_);
    }

  private:
    Result<void> feed(Range range) {
        Command command = program_.command;
        command.input = lines_.part(range.first, range.count);
        const auto end = runner_.run(command);
        if (!end) return tl::unexpected(end.error());
        const auto is = program_.verdict.of(*end);
        last_ = describe(*end);
        if (is == Verdict::Is::unknown)
            return fail(ErrorCode::unavailable, program_.command.words.front() + " " + last_, Retry::later);
        const auto code_fine =
            std::count(program_.verdict.ok_codes.begin(), program_.verdict.ok_codes.end(), end->code) > 0;
        if (code_fine) {
            anything_accepted_ = true;
            return {};
        }
        // fine text about one line says nothing about those behind it
        if (const auto number = number_in(end->errors, range.count)) {
            settle(range.first + *number, is);
            if (*number + 1 < range.count)
                todo_.push_back({range.first + *number + 1, range.count - *number - 1});
            if (*number == 0) return {};
            if (program_.before_refused == LineProgram::Before::unknown)
                todo_.push_back({range.first, *number});
            else
                anything_accepted_ = true;
        } else if (range.count == 1) {
            settle(range.first, is);
        } else {
            const auto half = range.count / 2;
            todo_.push_back({range.first + half, range.count - half});
            todo_.push_back({range.first, half});
        }
        return {};
    }

    void settle(std::size_t line, Verdict::Is is) {
        if (is == Verdict::Is::fine)
            anything_accepted_ = true;
        else
            refused_.push_back({line, last_});
    }

    [[nodiscard]] std::optional<std::size_t> number_in(const std::string& errors, std::size_t count) const {
        std::size_t number = 0;
        if (!program_.line_number || !re2::RE2::PartialMatch(errors, *program_.line_number, &number))
            return std::nullopt;
        if (number == 0 || number > count) return std::nullopt;
        return number - 1;
    }

    [[nodiscard]] tl::unexpected<Error> gave_up(const std::string& why) const {
        return fail(ErrorCode::io, program_.command.words.front() + " " + why + "; the last time it " + last_,
                    Retry::later);
    }

    const LineProgram& program_;
    CommandRunner& runner_;
    const Lines& lines_;
    std::vector<Range> todo_;
    std::vector<RefusedLine> refused_;
    bool anything_accepted_ = false;
    std::string last_;
};

}  // namespace

Verdict::Is Verdict::of(const CommandEnd& end) const {
    if (end.how != CommandEnd::How::exited) return Is::unknown;
    if (std::find(ok_codes.begin(), ok_codes.end(), end.code) != ok_codes.end()) return Is::fine;
    if (fine && re2::RE2::PartialMatch(end.errors, *fine)) return Is::fine;
    return Is::refused;
}

Result<void> Verdict::expect_fine(const CommandEnd& end, const std::string& what) const {
    switch (of(end)) {
        case Is::fine:
            return {};
        case Is::refused:
            return fail(ErrorCode::io, what + " " + describe(end), Retry::later);
        case Is::unknown:
            break;
    }
    return fail(ErrorCode::unavailable, what + " " + describe(end), Retry::later);
}

Result<std::shared_ptr<const re2::RE2>> compile_pattern(const std::string& pattern, const std::string& what) {
    if (pattern.empty()) return nullptr;
    re2::RE2::Options options;
    options.set_log_errors(false);
    options.set_max_mem(std::int64_t{8} << 20U);
    options.set_encoding(re2::RE2::Options::EncodingLatin1);  // programs say bytes
    auto compiled = std::make_shared<const re2::RE2>(pattern, options);
    if (!compiled->ok())
        return fail(ErrorCode::invalid, what + ": \"" + pattern + "\" is no pattern: " + compiled->error());
    return compiled;
}

Result<std::vector<RefusedLine>> LineProgram::feed(CommandRunner& runner, const Lines& lines) const {
    return Feeding(*this, runner, lines).all();
}

}  // namespace garita::runtime
