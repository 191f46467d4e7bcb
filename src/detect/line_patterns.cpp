#include "detect/line_patterns.hpp"

#include <algorithm>
#include <array>

#include <re2/re2.h>
#include <re2/set.h>

#include "detect/text_scan.hpp"

namespace garita::detect {
namespace {

constexpr std::int64_t memory_of_one = 1 << 20;
constexpr std::int64_t memory_of_all = 8 << 20;
constexpr int most_groups = 32;

RE2::Options options(std::int64_t memory) {
    RE2::Options result;
    result.set_log_errors(false);
    result.set_max_mem(memory);
    result.set_encoding(RE2::Options::EncodingLatin1);  // bytes: a line need not be UTF-8
    result.set_never_nl(false);
    return result;
}

int group(const RE2& expression, const char* name) {
    const auto& groups = expression.NamedCapturingGroups();
    const auto it = groups.find(name);
    return it == groups.end() ? -1 : it->second;
}

}  // namespace

struct LinePatterns::Compiled {
    struct One {
        std::unique_ptr<RE2> expression;
        int address = -1;
        int user = -1;
        int time = -1;
    };
    Compiled() : all(options(memory_of_all), RE2::UNANCHORED) {}
    std::vector<One> each;
    RE2::Set all;  // one pass says whether any matches; most lines end there

    [[nodiscard]] static std::optional<PatternMatch> match(const One& one, std::string_view text);
};

LinePatterns::LinePatterns(std::unique_ptr<Compiled> compiled) : compiled_(std::move(compiled)) {}
LinePatterns::LinePatterns(LinePatterns&&) noexcept = default;
LinePatterns& LinePatterns::operator=(LinePatterns&&) noexcept = default;
LinePatterns::~LinePatterns() = default;

Result<LinePatterns> LinePatterns::compile(const std::vector<std::string>& patterns) {
    if (patterns.empty() || patterns.size() > most_patterns)
        return fail(ErrorCode::invalid, "a filter needs 1 to " + std::to_string(most_patterns) +
                                            " patterns, here are " + std::to_string(patterns.size()));
    auto compiled = std::make_unique<Compiled>();
    for (const auto& pattern : patterns) {
        const auto named = "pattern '" + pattern.substr(0, 80) + "': ";
        if (pattern.size() > longest_pattern)
            return fail(ErrorCode::invalid,
                        named + "longer than " + std::to_string(longest_pattern) + " characters");
        Compiled::One one;
        one.expression = std::make_unique<RE2>(pattern, options(memory_of_one));
        if (!one.expression->ok())
            return fail(ErrorCode::invalid,
                        named + one.expression->error() + "; RE2 knows no look-around or back-references");
        one.address = group(*one.expression, "address");
        one.user = group(*one.expression, "user");
        one.time = group(*one.expression, "time");
        if (one.address < 0)
            return fail(ErrorCode::invalid, named + "has no group (?P<address>…) that says whom to count");
        if (std::max({one.address, one.user, one.time}) >= most_groups)
            return fail(ErrorCode::invalid,
                        named + "has too many groups; write (?:…) for those that are not read");
        if (compiled->all.Add(pattern, nullptr) < 0)
            return fail(ErrorCode::invalid, named + "cannot be joined with the others");
        compiled->each.push_back(std::move(one));
    }
    if (!compiled->all.Compile())
        return fail(ErrorCode::invalid,
                    "the patterns together need too much memory; write fewer or simpler ones");
    return LinePatterns(std::move(compiled));
}

std::optional<PatternMatch> LinePatterns::Compiled::match(const One& one, std::string_view text) {
    std::array<re2::StringPiece, most_groups> groups;
    const int wanted = std::max({one.address, one.user, one.time}) + 1;
    if (!one.expression->Match({text.data(), text.size()}, 0, text.size(), RE2::UNANCHORED, groups.data(),
                               wanted))
        return std::nullopt;
    const auto view = [&](int number) {
        if (number < 0) return std::string_view{};
        const auto& piece = groups[static_cast<std::size_t>(number)];
        return std::string_view(piece.data(), piece.size());
    };
    const auto address = scan_address(view(one.address));
    if (!address) return std::nullopt;
    return PatternMatch{*address, view(one.user), view(one.time)};
}

std::optional<PatternMatch> LinePatterns::match(std::string_view text) const {
    if (text.size() > longest_text) return std::nullopt;
    std::vector<int> which;
    RE2::Set::ErrorInfo error{};
    const bool any = compiled_->all.Match({text.data(), text.size()}, &which, &error);
    if (!any && error.kind == RE2::Set::kNoError) return std::nullopt;
    if (!any) {  // the common automaton ran out of memory: each by itself, as slow as that is
        for (const auto& one : compiled_->each)
            if (auto found = Compiled::match(one, text)) return found;
        return std::nullopt;
    }
    std::sort(which.begin(), which.end());
    for (const int index : which)
        if (auto found = Compiled::match(compiled_->each[static_cast<std::size_t>(index)], text))
            return found;
    return std::nullopt;
}

}  // namespace garita::detect
