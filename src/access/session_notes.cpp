#include "access/session_notes.hpp"

#include <utility>

#include "access/record.hpp"

namespace garita::access {

void SessionNotes::add(AccessLine::Kind kind, std::string_view text) {
    if (!request_ || bytes_ > most_bytes) return;
    bytes_ += text.size();
    if (bytes_ > most_bytes) {
        kind = AccessLine::Kind::note;
        text = "What follows is left out: it is too much.";
    }
    lines_.push_back({0, request_, clock_(), kind, place_, clean_lines(text, most_bytes)});
}

std::vector<AccessLine> SessionNotes::take() {
    bytes_ = 0;
    return std::exchange(lines_, {});
}

}  // namespace garita::access
