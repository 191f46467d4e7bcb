#include <gtest/gtest.h>

#include "model/action.hpp"
#include "model/case.hpp"
#include "model/danger.hpp"
#include "model/person.hpp"
#include "model/time.hpp"

namespace garita {
namespace {

using namespace std::chrono_literals;

TEST(Words, EveryNameIsReadBack) {
    for (const auto value : {Severity::info, Severity::warning, Severity::critical})
        EXPECT_EQ(parse_severity(to_text(value)), value);
    for (const auto value : {Role::viewer, Role::operator_, Role::approver, Role::administrator})
        EXPECT_EQ(parse_role(to_text(value)), value);
    for (const auto value :
         {CaseState::open, CaseState::decided, CaseState::closed, CaseState::expired, CaseState::observed})
        EXPECT_EQ(parse_case_state(to_text(value)), value);
    for (const auto value :
         {Response::allow, Response::nothing, Response::close_connection, Response::block, Response::reboot,
          Response::power_off, Response::resume, Response::keep_observing, Response::undo, Response::accept,
          Response::mute, Response::keep, Response::confirm})
        EXPECT_EQ(parse_response(to_text(value)), value);
    for (const auto value : {ActionState::pending, ActionState::done, ActionState::failed})
        EXPECT_EQ(parse_action_state(to_text(value)), value);
    EXPECT_FALSE(parse_response("Block"));
    EXPECT_FALSE(parse_role(""));
}

TEST(Words, DangerousAnswersNeedAnApprover) {
    const auto needed = [](Response response, std::string_view network) {
        return role_needed(response, danger_of(response, IpNetwork::parse(network), WideBounds{}));
    };
    EXPECT_EQ(needed(Response::reboot, "192.0.2.1"), Role::approver);
    EXPECT_EQ(needed(Response::power_off, "192.0.2.1"), Role::approver);
    EXPECT_EQ(needed(Response::block, "192.0.2.1"), Role::operator_);
    EXPECT_EQ(needed(Response::block, "192.0.2.0/24"), Role::operator_);
    EXPECT_EQ(needed(Response::block, "192.0.2.0/23"), Role::approver);
    EXPECT_EQ(needed(Response::block, "2001:db8::/56"), Role::operator_);
    EXPECT_EQ(needed(Response::block, "2001:db8::/55"), Role::approver);
    EXPECT_EQ(needed(Response::allow, "10.0.0.0/8"), Role::operator_);
    EXPECT_EQ(needed(Response::keep_observing, ""), Role::operator_);
    EXPECT_EQ(needed(Response::resume, ""), Role::approver);
    EXPECT_EQ(needed(Response::undo, ""), Role::approver);
}

TEST(Time, IsWrittenInUtcWithMicroseconds) {
    EXPECT_EQ(to_iso8601(from_micros(0)), "1970-01-01T00:00:00.000000Z");
    EXPECT_EQ(to_iso8601(from_micros(1709164799123456)), "2024-02-28T23:59:59.123456Z");
    EXPECT_EQ(to_iso8601(from_micros(-1)), "1969-12-31T23:59:59.999999Z");
}

TEST(Time, SpansAreWrittenAsPeopleDo) {
    EXPECT_EQ(format_span(0s), "0s");
    EXPECT_EQ(format_span(90s), "1m30s");
    EXPECT_EQ(format_span(24h), "1d");
    EXPECT_EQ(format_span(25h + 61s), "1d1h1m1s");
}

}  // namespace
}  // namespace garita
