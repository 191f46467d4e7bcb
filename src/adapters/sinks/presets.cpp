#include "adapters/sinks/presets.hpp"

#include <algorithm>

#include <boost/json/array.hpp>
#include <boost/json/object.hpp>

#include "decide/foreign_text.hpp"
#include "runtime/json/text.hpp"
#include "runtime/text_template/text_template.hpp"

namespace garita::sinks {

namespace {

namespace bj = boost::json;
using Filter = runtime::TextTemplate::Filter;

constexpr std::size_t longest_json_text = 64 * 1024;
/// ntfy makes a file of what has more than 4096 bytes; Discord refuses more than 2000 characters.
constexpr std::size_t longest_for_ntfy = 1300;
constexpr std::size_t longest_for_discord = 1900;

bj::string json_text(std::string_view text) {
    return runtime::json::to_json_text(text, longest_json_text);
}

std::string cut(std::string_view text, std::size_t units) {
    const auto part = decide::cut_utf16(text, units);
    return std::string(part) + (part.size() < text.size() ? "…" : "");
}

/// As it is, in a font of equal widths: no links, no calls of people, no mark-up.
std::string fenced(std::string text) {
    std::replace(text.begin(), text.end(), '`', '\'');
    return "```\n" + text + "\n```";
}

/// Slack reads these even there.
std::string without_slack_signs(std::string_view text) {
    std::string out;
    for (const char c : text) {
        if (c == '&')
            out += "&amp;";
        else if (c == '<')
            out += "&lt;";
        else if (c == '>')
            out += "&gt;";
        else
            out += c;
    }
    return out;
}

std::string_view without_slashes_behind(std::string_view target) {
    while (target.ends_with('/'))
        target.remove_suffix(1);
    return target;
}

/// "/base/topic": where the last part begins.
std::size_t topic_begins(std::string_view path) {
    return path.rfind('/') + 1;
}

std::string_view path_of(std::string_view target) {
    return without_slashes_behind(target.substr(0, target.find('?')));
}

bj::object for_ntfy(std::string_view target, const Delivery& delivery) {
    const auto path = path_of(target);
    const bool critical = delivery.severity == Severity::critical;
    const int priority = !delivery.is_news()                      ? 2
                         : critical                               ? 5
                         : delivery.severity == Severity::warning ? 4
                                                                  : 3;
    const auto* const tag = !delivery.is_news() ? "white_check_mark"
                            : critical          ? "rotating_light"
                                                : "warning";
    return {{"topic", json_text(path.substr(topic_begins(path)))},
            {"title", json_text(delivery.title)},
            {"message", json_text(cut(delivery.text, longest_for_ntfy))},
            {"priority", priority},
            {"tags", bj::array{tag}}};
}

bj::object for_discord(const Delivery& delivery) {
    return {{"content", json_text(fenced(cut(delivery.text, longest_for_discord)))},
            {"allowed_mentions", bj::object{{"parse", bj::array{}}}}};
}

bj::object plain_block(std::string_view text, const char* color, const char* weight) {
    // runs of text have no mark-up, as blocks of text have
    return {{"type", "RichTextBlock"},
            {"inlines",
             bj::array{bj::object{
                 {"type", "TextRun"}, {"text", json_text(text)}, {"weight", weight}, {"color", color}}}}};
}

bj::object for_teams(const Delivery& delivery) {
    const auto* const color = !delivery.is_news()                       ? "good"
                              : delivery.severity == Severity::critical ? "attention"
                              : delivery.severity == Severity::warning  ? "warning"
                                                                        : "default";
    bj::array body{plain_block(delivery.title, color, "bolder")};
    for (std::string_view rest = delivery.text; !rest.empty();) {
        const auto end = std::min(rest.find('\n'), rest.size());
        if (end > 0) body.push_back(plain_block(rest.substr(0, end), "default", "default"));
        rest.remove_prefix(std::min(end + 1, rest.size()));
    }
    bj::object card{{"$schema", "http://adaptivecards.io/schemas/adaptive-card.json"},
                    {"type", "AdaptiveCard"},
                    {"version", "1.4"},
                    {"body", std::move(body)}};
    return {{"type", "message"},
            {"attachments", bj::array{bj::object{{"contentType", "application/vnd.microsoft.card.adaptive"},
                                                 {"content", std::move(card)}}}}};
}

bj::object for_gotify(const Delivery& delivery) {
    const int news = delivery.severity == Severity::critical  ? 9
                     : delivery.severity == Severity::warning ? 6
                                                              : 4;
    return {{"title", json_text(delivery.title)},
            {"message", json_text(delivery.text)},
            {"priority", delivery.is_news() ? news : 2}};
}

}  // namespace

std::string target_of(Preset preset, std::string_view target, std::string_view room,
                      const Delivery& delivery) {
    if (preset == Preset::ntfy) {
        const auto path = path_of(target);
        const auto query = target.find('?');
        return std::string(path.substr(0, topic_begins(path))) +
               (query == std::string_view::npos ? "" : std::string(target.substr(query)));
    }
    if (preset != Preset::matrix) return std::string(target);
    return "/_matrix/client/v3/rooms/" + runtime::filtered(room, Filter::url) + "/send/m.room.message/" +
           runtime::filtered(delivery.id, Filter::url);
}

std::string body_of(Preset preset, std::string_view target, const Delivery& delivery) {
    switch (preset) {
        case Preset::none:
            return delivery.document;
        case Preset::ntfy:
            return runtime::json::serialize(for_ntfy(target, delivery));
        case Preset::slack:
            return runtime::json::serialize(
                bj::object{{"text", json_text(fenced(without_slack_signs(delivery.text)))}});
        case Preset::mattermost:
            return runtime::json::serialize(bj::object{{"text", json_text(fenced(delivery.text))}});
        case Preset::discord:
            return runtime::json::serialize(for_discord(delivery));
        case Preset::teams:
            return runtime::json::serialize(for_teams(delivery));
        case Preset::matrix:
            return runtime::json::serialize(
                bj::object{{"msgtype", "m.text"}, {"body", json_text(delivery.text)}});
        case Preset::gotify:
            return runtime::json::serialize(for_gotify(delivery));
    }
    return delivery.document;
}

}  // namespace garita::sinks
