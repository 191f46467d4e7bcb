#include "adapters/telegram/digest.hpp"

#include <algorithm>
#include <charconv>
#include <iterator>

#include "decide/crowd_text.hpp"
#include "decide/foreign_text.hpp"
#include "model/alert_kinds.hpp"

namespace garita::telegram {

namespace {

using namespace std::chrono_literals;

constexpr std::size_t most_counted = 1000;
constexpr std::size_t most_in_list = 50;
/// Those that a chat may not have yet hide those that it may: so many are looked at.
constexpr std::size_t most_held = 20'000;
constexpr std::size_t lines_shown = 8;
constexpr Duration between_edits = 30s;

std::string key_of(const Place& place) {
    return "telegram.digest." + to_text(place);
}

/// The number at the front, which is taken away with the space behind it.
template <typename Number>
std::optional<Number> take_number(std::string_view& rest) {
    Number number{};
    const auto [end, error] = std::from_chars(rest.data(), rest.data() + rest.size(), number);
    if (error != std::errc{}) return std::nullopt;
    rest.remove_prefix(static_cast<std::size_t>(end - rest.data()));
    if (rest.starts_with(' ')) rest.remove_prefix(1);
    return number;
}

std::optional<Crowd::Shown> parse_shown(std::string_view text) {
    const auto message = take_number<std::int64_t>(text);
    const auto count = take_number<std::size_t>(text);
    const auto at = take_number<std::int64_t>(text);
    if (!message || !count || !at || !text.empty()) return std::nullopt;
    return Crowd::Shown{*message, *count, from_micros(*at)};
}

/// The first so many that may be told there now; `next`: when others may be.
std::vector<Case> waiting_for(store::View& view, const ChatSettings& chat, std::size_t most, Time now,
                              std::optional<Time>& next) {
    const bool all_at_once = chat.step == 0 && chat.quiet.from == chat.quiet.to;
    auto cases =
        view.cases_without_message(channel_name, to_text(chat.place), all_at_once ? most : most_held);
    if (all_at_once) return cases;
    next = chat.quiet.end_after(now);
    std::erase_if(cases, [&](const Case& one) {
        return decide::turn_of(one, chat.step, chat.quiet, now).kind != decide::Turn::Kind::now;
    });
    if (cases.size() > most) cases.resize(most);
    return cases;
}

}  // namespace

Crowd Digest::look(store::View& view, const ChatSettings& chat, Time now) const {
    Crowd crowd{chat, {}, {}, std::nullopt, std::nullopt};
    const auto is_late = [&](const Case& one) { return decide::comes_late(one, chat.step, chat.quiet); };
    const auto take = [&](std::size_t most) {
        crowd.cases = waiting_for(view, chat, most, now, crowd.next);
        const auto late = std::count_if(crowd.cases.begin(), crowd.cases.end(), is_late);
        const bool too_many = static_cast<std::size_t>(late) > most_in_list;
        const auto incidents = std::stable_partition(
            crowd.cases.begin(), crowd.cases.end(),
            [&](const Case& one) { return !is_at_source(one.kind) && (too_many || !is_late(one)); });
        crowd.incidents.assign(std::make_move_iterator(incidents),
                               std::make_move_iterator(crowd.cases.end()));
        crowd.cases.erase(incidents, crowd.cases.end());
    };
    take(std::max(flood_limit_, most_in_list) + 1);
    if (is_flood(crowd)) take(most_counted);
    if (const auto kept = view.value(key_of(chat.place))) crowd.shown = parse_shown(*kept);
    return crowd;
}

Duration Digest::rest(const Crowd& crowd, Time now) const {
    if (!crowd.shown) return Duration{0};
    if (is_flood(crowd) && crowd.shown->count == crowd.cases.size()) return between_edits;
    return std::clamp<Duration>(crowd.shown->at + between_edits - now, Duration{0}, between_edits);
}

Text Digest::text(const Crowd& crowd, const decide::Reader& reader) const {
    if (!is_flood(crowd)) return {reader.text("telegram.digest_over"), 0};
    auto count = std::to_string(crowd.cases.size());
    if (crowd.cases.size() >= most_counted) count += '+';
    Text text{"🔴 " + reader.text("telegram.digest", {{"count", count}}), 0};
    text.bold_units = decide::utf16_length(std::string_view(text.plain).substr(0, text.plain.find('\n')));

    text.plain += '\n' + decide::worst_lines(crowd.cases, lines_shown, reader);
    text.plain = decide::cut_utf16(text.plain, 4096);
    return text;
}

Result<void> Digest::remember(store::Store& store, const Place& place,
                              const std::optional<Crowd::Shown>& shown) {
    return store.write([&](store::Transaction& transaction) -> Result<void> {
        transaction.set_value(key_of(place), shown ? std::to_string(shown->message) + ' ' +
                                                         std::to_string(shown->count) + ' ' +
                                                         std::to_string(to_micros(shown->at))
                                                   : std::string());
        return {};
    });
}

}  // namespace garita::telegram
