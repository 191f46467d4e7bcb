#include "model/access_request.hpp"

#include <gtest/gtest.h>

#include "model/queued_letter.hpp"

namespace garita {
namespace {

using State = AccessState;

constexpr auto all_states = {State::confirming, State::waiting, State::working, State::done,
                             State::failed,     State::killed,  State::expired};

TEST(AccessRequest, NamesOfStatesAreReadBack) {
    for (const auto state : all_states) {
        EXPECT_FALSE(to_text(state).empty());
        EXPECT_EQ(parse_access_state(to_text(state)), state);
    }
    EXPECT_FALSE(parse_access_state(""));
    EXPECT_FALSE(parse_access_state("Waiting"));
}

TEST(AccessRequest, IsOpenUntilItEnds) {
    for (const auto state : {State::confirming, State::waiting, State::working})
        EXPECT_TRUE(is_open(state)) << to_text(state);
    for (const auto state : {State::done, State::failed, State::killed, State::expired})
        EXPECT_FALSE(is_open(state)) << to_text(state);
}

TEST(AccessRequest, KindsOfLinesAreReadBack) {
    using Kind = AccessLine::Kind;
    for (const auto kind : {Kind::note, Kind::letter, Kind::event, Kind::sent, Kind::answered}) {
        EXPECT_FALSE(to_text(kind).empty());
        EXPECT_EQ(parse_access_line_kind(to_text(kind)), kind);
    }
    EXPECT_FALSE(parse_access_line_kind("notes"));
}

TEST(AccessRequest, IsTrackedAsPeopleTypeIt) {
    AccessRequest request;
    request.id = AccessId{17};
    EXPECT_EQ(request.tracking(), "A17");
    for (const auto* text : {"A17", "a17", "17"})
        EXPECT_EQ(parse_tracking(text), AccessId{17}) << text;
    EXPECT_EQ(parse_tracking("9223372036854775807"), AccessId{9223372036854775807});
    for (const auto* text : {"", "A", "A0", "0", "017", "AA17", "B17", "A17 ", " A17", "A-17", "-17", "+17",
                             "A17x", "1.7", "9223372036854775808"})
        EXPECT_FALSE(parse_tracking(text)) << "'" << text << "'";
}

TEST(QueuedLetter, NamesOfStatesAreReadBack) {
    using Letter = QueuedLetter::State;
    for (const auto state : {Letter::waiting, Letter::sending, Letter::sent, Letter::given_up}) {
        EXPECT_FALSE(to_text(state).empty());
        EXPECT_EQ(parse_letter_state(to_text(state)), state);
    }
    EXPECT_FALSE(parse_letter_state("given up"));
}

}  // namespace
}  // namespace garita
