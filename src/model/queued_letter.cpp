#include "model/queued_letter.hpp"

#include <array>

namespace garita {
namespace {

using State = QueuedLetter::State;

constexpr std::array<std::pair<State, std::string_view>, 4> states = {{
    {State::waiting, "waiting"},
    {State::sending, "sending"},
    {State::sent, "sent"},
    {State::given_up, "given_up"},
}};

}  // namespace

std::string_view to_text(State state) {
    for (const auto& [one, word] : states)
        if (one == state) return word;
    return "";
}

std::optional<State> parse_letter_state(std::string_view text) {
    for (const auto& [state, word] : states)
        if (word == text) return state;
    return std::nullopt;
}

}  // namespace garita
