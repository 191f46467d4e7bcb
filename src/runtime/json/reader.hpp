#pragma once
// Reading one JSON object strictly: each member by name, type and size, the first failure told with its path
// ("alerts[3].severity: 'hot' is not one of info, warning, critical"). After a failure the rest reads as
// empty values, so that a reader is a plain list of lines with one check at its end, `finish`.

#include <cstdint>
#include <limits>
#include <optional>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include <boost/json/value.hpp>

#include "model/alert.hpp"
#include "model/ip.hpp"
#include "model/result.hpp"
#include "model/time.hpp"

namespace garita::runtime::json {

/// What a member that nobody asked for means.
enum class Unknown {
    refuse,  ///< a request: a misspelt name must be told
    ignore,  ///< an answer of a peer that may be newer
};

/// What a string may be.
struct TextRule {
    enum class Content {
        name,  ///< printable, on one line, not empty
        line,  ///< printable, on one line
        text,  ///< any characters but NUL
    };
    std::size_t max_bytes;
    Content content;
};

inline constexpr TextRule name_rule{128, TextRule::Content::name};
inline constexpr TextRule subject_rule{512, TextRule::Content::name};  ///< subjects, uids, rule parameters
inline constexpr TextRule line_rule{512, TextRule::Content::line};
inline constexpr TextRule text_rule{4096, TextRule::Content::text};
inline constexpr std::size_t max_facts = 64;

/// "where" or "where.member".
[[nodiscard]] std::string path_of(std::string_view where, std::string_view member);

class Reader {
  public:
    /// Keeps a reference to `value`. `where` is the path of the object, empty at the top of a document.
    Reader(const boost::json::value& value, std::string_view where, Unknown unknown = Unknown::refuse);

    [[nodiscard]] std::string text(std::string_view member, TextRule rule);
    [[nodiscard]] std::string text_or(std::string_view member, TextRule rule, std::string_view otherwise);
    [[nodiscard]] std::optional<std::string> optional_text(std::string_view member, TextRule rule);
    /// The member must be there, as a string or null: for values whose absence has a meaning.
    [[nodiscard]] std::optional<std::string> nullable_text(std::string_view member, TextRule rule);

    [[nodiscard]] std::int64_t integer(std::string_view member, std::int64_t min, std::int64_t max);
    [[nodiscard]] std::int64_t integer_or(std::string_view member, std::int64_t min, std::int64_t max,
                                          std::int64_t otherwise);
    [[nodiscard]] bool flag_or(std::string_view member, bool otherwise);

    [[nodiscard]] Time time(std::string_view member);
    [[nodiscard]] std::optional<Time> optional_time(std::string_view member);
    /// A number of seconds, decimals allowed down to the microsecond, not negative.
    [[nodiscard]] std::optional<Duration> optional_seconds(std::string_view member);
    /// The same, or a text such as "24h" (model/span.hpp).
    [[nodiscard]] std::optional<Duration> optional_span(std::string_view member);
    [[nodiscard]] Duration seconds_or(std::string_view member, Duration otherwise);  ///< may be negative
    [[nodiscard]] std::optional<IpNetwork> optional_network(std::string_view member);
    [[nodiscard]] Facts facts(std::string_view member);  ///< absent: none
    [[nodiscard]] std::vector<std::string> texts(std::string_view member, TextRule rule, std::size_t max);

    /// A word of a fixed list: `parse` gives an optional, `allowed` is for the error.
    template <typename Parse>
    auto word(std::string_view member, Parse parse, std::string_view allowed) {
        const std::string found = text(member, name_rule);
        return checked_word(member, found, parse(found), allowed);
    }
    template <typename Parse, typename T>
    T word_or(std::string_view member, Parse parse, std::string_view allowed, T otherwise) {
        return has(member) ? word(member, parse, allowed) : otherwise;
    }

    /// `read(value, where, unknown)` gives a Result<T>.
    template <typename T, typename Read>
    T object(std::string_view member, Read read) {
        const auto* value = required(member);
        return value == nullptr ? T{} : taken<T>(read(*value, path_of(where_, member), unknown_));
    }
    template <typename T, typename Read>
    std::optional<T> optional_object(std::string_view member, Read read) {
        if (!has(member)) return std::nullopt;
        return object<T>(member, read);
    }
    /// Absent counts as empty; more than `max` elements are refused.
    template <typename T, typename Read>
    std::vector<T> list(std::string_view member, std::size_t max, Read read) {
        std::vector<T> all;
        const std::size_t count = list_size(member, max);
        all.reserve(count);
        for (std::size_t i = 0; i < count && !failure_; ++i)
            all.push_back(taken<T>(read(element(member, i), element_path(member, i), unknown_)));
        return all;
    }

    /// Whether the member is there and not null.
    [[nodiscard]] bool has(std::string_view member);
    /// The raw value, which counts as read; null pointer when it is absent.
    [[nodiscard]] const boost::json::value* raw(std::string_view member);
    /// Records a failure of this member, unless there is an earlier one.
    void refuse(std::string_view member, std::string_view text);

    /// The value, or the first failure; a member that nobody read is one.
    template <typename T>
    [[nodiscard]] Result<T> finish(T value) {
        check_unknown();
        if (failure_) return tl::unexpected<Error>(*failure_);
        return value;
    }

  private:
    [[nodiscard]] const boost::json::value* required(std::string_view member);
    [[nodiscard]] std::string checked_text(std::string_view member, const boost::json::value& value,
                                           TextRule rule);
    [[nodiscard]] std::optional<Duration> seconds(std::string_view member);
    [[nodiscard]] std::size_t list_size(std::string_view member, std::size_t max);
    [[nodiscard]] const boost::json::value& element(std::string_view member, std::size_t index) const;
    [[nodiscard]] std::string element_path(std::string_view member, std::size_t index) const;
    void refuse_at(std::string path, std::string_view text);
    void check_unknown();

    template <typename T>
    T checked_word(std::string_view member, std::string_view found, const std::optional<T>& word,
                   std::string_view allowed) {
        if (word) return *word;
        refuse(member, "'" + std::string(found) + "' is not one of " + std::string(allowed));
        return T{};
    }
    template <typename T>
    T taken(Result<T> result) {
        if (result) return std::move(*result);
        if (!failure_) failure_ = std::move(result.error());
        return T{};
    }

    const boost::json::object* object_ = nullptr;
    std::string where_;
    Unknown unknown_;
    std::uint64_t seen_ = 0;  ///< one bit a member, in the object's order
    std::optional<Error> failure_;
};

}  // namespace garita::runtime::json
