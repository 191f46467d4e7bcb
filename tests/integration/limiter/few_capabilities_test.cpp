// The limiter without one of the capabilities that it needs.

#include "integration/limiter/few_capabilities.hpp"

#include <gmock/gmock.h>

namespace garita::contract {
namespace {

using testing_support::OnlyCapabilities;

TEST(LimiterWithoutACapability, NamesIt) {
    const auto device = LimiterDevice::make("shaping_in");
    if (!device) GTEST_SKIP() << "needs root to make network namespaces and mount bpffs";
    const auto error_with = [&](std::initializer_list<unsigned> few) {
        const OnlyCapabilities only(few);
        const auto made = device->backend().prepare();
        return made ? std::string() : made.error().text;
    };
    EXPECT_THAT(error_with({CAP_NET_ADMIN}), ::testing::HasSubstr("it needs CAP_BPF, which"));
    EXPECT_THAT(error_with({CAP_BPF}), ::testing::HasSubstr("it needs CAP_NET_ADMIN, which"));
    EXPECT_THAT(error_with({}), ::testing::HasSubstr("it needs CAP_BPF and CAP_NET_ADMIN, which"));
    EXPECT_EQ(error_with({CAP_NET_ADMIN, CAP_BPF}), "");
}

}  // namespace
}  // namespace garita::contract
