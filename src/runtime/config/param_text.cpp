#include "runtime/config/param_text.hpp"

#include <algorithm>
#include <memory>

#include <re2/re2.h>

#include "runtime/config/value_check.hpp"
#include "runtime/config/values.hpp"
#include "runtime/log/log.hpp"

namespace garita::runtime {
namespace {

constexpr std::string_view text_and_pattern = "text ";
constexpr std::size_t longest_word = 14;  // as a value: 15 bytes with its length
constexpr std::size_t most_words = 100;

Result<ParamSpec> with_words(ParamSpec spec, std::string_view text) {
    spec.type = ParamType::word;
    if (text.ends_with('|')) return fail(ErrorCode::invalid, shown(text) + " ends where a word is to follow");
    for (const std::string_view word : split_names(text)) {
        if (!is_name(word) || word.size() > longest_word)
            return fail(ErrorCode::invalid,
                        shown(word) + " is not a word: 1 to 14 letters, digits, '.', '_' or '-'");
        if (std::find(spec.words.begin(), spec.words.end(), word) != spec.words.end())
            return fail(ErrorCode::invalid, shown(word) + " stands twice");
        spec.words.emplace_back(word);
    }
    if (spec.words.size() > most_words) return fail(ErrorCode::invalid, "more than 100 words");
    return spec;
}

Result<ParamSpec> with_pattern(ParamSpec spec, std::string_view pattern) {
    re2::RE2::Options options;
    options.set_log_errors(false);
    options.set_max_mem(8 << 20);
    spec.type = ParamType::text;
    spec.pattern = pattern;
    const auto compiled = std::make_shared<const re2::RE2>(spec.pattern, options);
    if (!compiled->ok())
        return fail(ErrorCode::invalid,
                    shown(pattern) + " is not an RE2 expression: " + escape_foreign(compiled->error(), 200));
    spec.matches = [compiled](std::string_view text) {
        return re2::RE2::FullMatch(re2::StringPiece(text.data(), text.size()), *compiled);
    };
    return spec;
}

}  // namespace

Result<ParamSpec> parse_param(std::string name, std::string_view text) {
    ParamSpec spec;
    spec.name = std::move(name);
    if (text.starts_with(text_and_pattern))
        return with_pattern(std::move(spec), text.substr(text_and_pattern.size()));
    if (text.find('|') != std::string_view::npos) return with_words(std::move(spec), text);
    const auto type = parse_param_type(text);
    if (!type || *type == ParamType::word)
        return fail(ErrorCode::invalid, shown(text) + " is not a type of parameters");
    spec.type = *type;
    return spec;
}

std::string param_text(const ParamSpec& spec) {
    if (spec.type == ParamType::text && spec.matches) return std::string(text_and_pattern) + spec.pattern;
    if (spec.type != ParamType::word) return std::string(to_text(spec.type));
    std::string text;
    for (const auto& word : spec.words)
        text.append(text.empty() ? "" : "|").append(word);
    return text;
}

const std::vector<std::string_view>& param_type_names() {
    static const std::vector<std::string_view> names = {"address", "network", "mac",       "port",
                                                        "mark",    "rate",    "interface", "text"};
    return names;
}

}  // namespace garita::runtime
