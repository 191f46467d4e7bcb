#pragma once
// One object being written, member by member; what is empty is left out.

#include <chrono>
#include <optional>
#include <string_view>
#include <utility>
#include <vector>

#include <boost/json/value.hpp>

#include "model/ids.hpp"
#include "model/ip.hpp"
#include "model/time.hpp"
#include "runtime/json/text.hpp"

namespace garita::runtime::json {

/// Each as `written` makes it.
template <typename T, typename Written>
[[nodiscard]] boost::json::array array_of(const std::vector<T>& all, Written written) {
    boost::json::array list;
    list.reserve(all.size());
    for (const auto& one : all)
        list.push_back(written(one));
    return list;
}

class Writer {
  public:
    static constexpr std::size_t longest_text = 4096;

    Writer& text(std::string_view member, std::string_view text) {
        object_.emplace(member, to_json_text(text, longest_text));
        return *this;
    }
    Writer& text_if(std::string_view member, std::string_view text) {
        return text.empty() ? *this : this->text(member, text);
    }
    Writer& text_or_null(std::string_view member, const std::optional<std::string>& text) {
        if (text) return this->text(member, *text);
        object_.emplace(member, nullptr);
        return *this;
    }
    Writer& number(std::string_view member, std::int64_t number) {
        object_.emplace(member, number);
        return *this;
    }
    template <typename Tag>
    Writer& id_if(std::string_view member, Id<Tag> id) {
        return id ? number(member, id.value) : *this;
    }
    Writer& time(std::string_view member, Time time) {
        object_.emplace(member, to_iso8601(time));
        return *this;
    }
    Writer& time_if(std::string_view member, const std::optional<Time>& time) {
        return time ? this->time(member, *time) : *this;
    }
    Writer& seconds(std::string_view member, Duration span) {
        const auto whole = std::chrono::floor<std::chrono::seconds>(span);
        if (whole == span) return number(member, whole.count());
        object_.emplace(member, static_cast<double>(span.count()) / 1e6);
        return *this;
    }
    Writer& seconds_if(std::string_view member, const std::optional<Duration>& span) {
        return span ? seconds(member, *span) : *this;
    }
    Writer& network_if(std::string_view member, const std::optional<IpNetwork>& network) {
        return network ? text(member, network->text()) : *this;
    }
    Writer& value(std::string_view member, boost::json::value value) {
        object_.emplace(member, std::move(value));
        return *this;
    }
    [[nodiscard]] boost::json::value finish() { return std::move(object_); }

  private:
    boost::json::object object_;
};

}  // namespace garita::runtime::json
