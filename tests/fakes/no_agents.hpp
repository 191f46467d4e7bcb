#pragma once
// A hub without agents that could be let in.

#include "decide/agent_admission.hpp"

namespace garita::fakes {

struct NoAgents final : decide::AgentAdmission {
    Result<decide::EnrolmentOffer> offer(const std::string&, Duration, const Actor&, Time) override {
        return fail(ErrorCode::unavailable, "no agents here");
    }
    Result<void> revoke(const std::string&, const Actor&, Time) override {
        return fail(ErrorCode::unavailable, "no agents here");
    }
    Result<std::vector<decide::AgentStanding>> standings(Time) override {
        return std::vector<decide::AgentStanding>{};
    }
};

}  // namespace garita::fakes
