// The strict fake is only worth something if clients that we did not write work with it.
#include <gtest/gtest.h>

#include "peer.hpp"

namespace garita::telegram {
namespace {

int prove(const char* script) {
    Peer server("strict/server.js");
    testing_support::ChildProcess proof(
        {"node", std::string(GARITA_SOURCE_DIR "/tests/fakes/telegram/") + script, server.base()});
    return proof.ended_within(std::chrono::minutes(1)).value_or(-1);
}

TEST(StrictFake, ServesGrammy) {
    EXPECT_EQ(prove("prove_grammy.js"), 0);
}

TEST(StrictFake, ServesTelegraf) {
    EXPECT_EQ(prove("prove_telegraf.js"), 0);
}

}  // namespace
}  // namespace garita::telegram
