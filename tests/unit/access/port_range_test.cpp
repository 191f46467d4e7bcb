#include "access/port_range.hpp"

#include <gmock/gmock.h>

namespace garita::access {
namespace {

using testing::ElementsAre;

std::vector<std::string> texts(std::string_view range) {
    std::vector<std::string> all;
    const auto ports = parse_port_range(range);
    if (!ports) return {"?"};
    for (const auto& port : *ports)
        all.push_back(port.short_text());
    return all;
}

TEST(PortRange, OnePortOrSomeInARow) {
    EXPECT_THAT(texts("Gi1/0/24"), ElementsAre("Gi1/0/24"));
    EXPECT_THAT(texts("TenGigabitEthernet1/1/1-4"), ElementsAre("Te1/1/1", "Te1/1/2", "Te1/1/3", "Te1/1/4"));
    EXPECT_THAT(texts("Fa0/9 - 10"), ElementsAre("Fa0/9", "Fa0/10"));
    EXPECT_THAT(texts("Port-channel3"), ElementsAre("Po3"));
    EXPECT_THAT(texts("Gi1/0/7-7"), ElementsAre("Gi1/0/7"));
}

TEST(PortRange, NothingIsGuessed) {
    for (const auto* wrong : {"", "24", "Gi1/0/4-2", "Gi1/0/1-2000", "Gi1/0/1-4-6", "Gi1/0/1-Gi1/0/4",
                              "Xx1/0/1", "Gi1/0/1-", "-4", "Gi1/0/1-99999999999", "Gi-4"})
        EXPECT_THAT(texts(wrong), ElementsAre("?")) << wrong;
}

}  // namespace
}  // namespace garita::access
