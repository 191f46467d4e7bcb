#include "model/access_request.hpp"

#include <array>
#include <charconv>

namespace garita {
namespace {

constexpr std::array<std::pair<AccessState, std::string_view>, 7> states = {{
    {AccessState::confirming, "confirming"},
    {AccessState::waiting, "waiting"},
    {AccessState::working, "working"},
    {AccessState::done, "done"},
    {AccessState::failed, "failed"},
    {AccessState::killed, "killed"},
    {AccessState::expired, "expired"},
}};

constexpr std::array<std::pair<AccessLine::Kind, std::string_view>, 5> line_kinds = {{
    {AccessLine::Kind::note, "note"},
    {AccessLine::Kind::letter, "letter"},
    {AccessLine::Kind::event, "event"},
    {AccessLine::Kind::sent, "sent"},
    {AccessLine::Kind::answered, "answered"},
}};

template <typename Words, typename Value>
std::string_view word_of(const Words& words, Value value) {
    for (const auto& [one, word] : words)
        if (one == value) return word;
    return "";
}

template <typename Words>
auto value_of(const Words& words, std::string_view text)
    -> std::optional<typename Words::value_type::first_type> {
    for (const auto& [value, word] : words)
        if (word == text) return value;
    return std::nullopt;
}

constexpr char tracking_letter = 'A';

}  // namespace

std::string_view to_text(AccessState state) {
    return word_of(states, state);
}

std::optional<AccessState> parse_access_state(std::string_view text) {
    return value_of(states, text);
}

bool is_open(AccessState state) {
    return state == AccessState::confirming || state == AccessState::waiting || state == AccessState::working;
}

std::string AccessRequest::tracking() const {
    return tracking_letter + std::to_string(id.value);
}

std::optional<AccessId> parse_tracking(std::string_view text) {
    if (!text.empty() && (text.front() == tracking_letter || text.front() == 'a')) text.remove_prefix(1);
    if (text.empty() || text.front() < '1' || text.front() > '9') return std::nullopt;
    std::int64_t number = 0;
    const auto [end, error] = std::from_chars(text.data(), text.data() + text.size(), number);
    if (error != std::errc{} || end != text.data() + text.size()) return std::nullopt;
    return AccessId{number};
}

std::string_view to_text(AccessLine::Kind kind) {
    return word_of(line_kinds, kind);
}

std::optional<AccessLine::Kind> parse_access_line_kind(std::string_view text) {
    return value_of(line_kinds, text);
}

}  // namespace garita
