#include "adapters/ios/interface_status.hpp"

#include "reading.hpp"

namespace garita::ios {
namespace {

std::string row_text(const InterfaceStatus& row) {
    return row.port.short_text() + "|" + row.name + "|" + row.status + "|" + row.shown_vlan + "|" +
           row.duplex + "|" + row.speed + "|" + row.type;
}

std::vector<std::string> rows_of(std::string_view text) {
    const auto rows = read_by(parse_interface_status, text);
    if (!rows) return {"ERROR " + rows.error().text};
    std::vector<std::string> out;
    for (const auto& row : *rows)
        out.push_back(row_text(row));
    return out;
}

using Texts = std::vector<std::string>;

TEST(InterfaceStatus, NamesOfAnyKindAndColumnsThatDoNotFit) {
    EXPECT_EQ(rows_of(R"(

Port      Name               Status       Vlan       Duplex  Speed Type
Gi1/0/1                      notconnect   1            auto   auto 10/100/1000BaseTX
Gi1/0/2   Printer, 2nd floor connected    8          a-full a-1000 10/100/1000BaseTX
Gi1/0/3   Uplink   of  hall  connected    trunk      a-full a-1000 1000BaseSX SFP
Gi1/0/10  Spare              disabled     routed       auto   auto Not Present
Gi1/0/11  x                  err-disabled 16         a-half   auto 10/100BaseTX
Gi1/0/12  Mirror             monitoring   unassigned     a-full   auto 10/100/1000BaseT
Gi1/0/13  Tested             notconnect: TD 1         a-full  a-100 10/100/1000BaseTX
Gi1/0/14  Tested             connected:     1         a-full  a-100 10/100/1000BaseTX
Te1/1/1                      connected    123,1234     full    10G SFP-10GBase-SR
Tw1/0/1   a                  connected    1          a-full a-2.5G 100/1000/2.5GBaseTX
Fa1/6   old                notconnect   1            auto    auto 10/100BaseTX
Po1       bundle             suspended    trunk      a-full a-1000
)"),
              (Texts{"Gi1/0/1||notconnect|1|auto|auto|10/100/1000BaseTX",
                     "Gi1/0/2|Printer, 2nd floor|connected|8|a-full|a-1000|10/100/1000BaseTX",
                     "Gi1/0/3|Uplink   of  hall|connected|trunk|a-full|a-1000|1000BaseSX SFP",
                     "Gi1/0/10|Spare|disabled|routed|auto|auto|Not Present",
                     "Gi1/0/11|x|err-disabled|16|a-half|auto|10/100BaseTX",
                     "Gi1/0/12|Mirror|monitoring|unassigned|a-full|auto|10/100/1000BaseT",
                     "Gi1/0/13|Tested|notconnect|1|a-full|a-100|10/100/1000BaseTX",
                     "Gi1/0/14|Tested|connected|1|a-full|a-100|10/100/1000BaseTX",
                     "Te1/1/1||connected|123,1234|full|10G|SFP-10GBase-SR",
                     "Tw1/0/1|a|connected|1|a-full|a-2.5G|100/1000/2.5GBaseTX",
                     "Fa1/6|old|notconnect|1|auto|auto|10/100BaseTX",
                     "Po1|bundle|suspended|trunk|a-full|a-1000|"}));
}

TEST(InterfaceStatus, WiderColumnsAndPrivateVlans) {
    EXPECT_EQ(rows_of(R"(
Port         Name               Status       Vlan       Duplex  Speed Type
Twe1/0/1     * Server *         connected    pvlan prom   full    10G SFP-10GBase-SR
Hu1/0/49                        notconnect   1            full   100G QSFP 100G SR4
)"),
              (Texts{"Twe1/0/1|* Server *|connected|pvlan prom|full|10G|SFP-10GBase-SR",
                     "Hu1/0/49||notconnect|1|full|100G|QSFP 100G SR4"}));
}

TEST(InterfaceStatus, ANameMayPretendToBeAStatus) {
    const auto rows = rows_of(R"(
Port      Name               Status       Vlan       Duplex  Speed Type
Gi1/0/1   connected          notconnect   1            auto   auto 10/100/1000BaseTX
Gi1/0/2   disabled 1         connected    8          a-full a-1000 10/100/1000BaseTX
Gi1/0/3 disabled 1 full 100  connected    8          a-full a-1000 10/100/1000BaseTX
)");
    EXPECT_EQ(rows, (Texts{"Gi1/0/1|connected|notconnect|1|auto|auto|10/100/1000BaseTX",
                           "Gi1/0/2|disabled 1|connected|8|a-full|a-1000|10/100/1000BaseTX",
                           "Gi1/0/3|disabled 1 full 100|connected|8|a-full|a-1000|10/100/1000BaseTX"}));
    EXPECT_NE(complaint(parse_interface_status, R"(
Port      Name               Status       Vlan       Duplex  Speed Type
Gi1/0/1 disabled 1 full 100 connected   8  full 100 T
)")
                  .find("several ways"),
              std::string::npos);
}

TEST(InterfaceStatus, ALineThatATerminalBrokeIsOneLine) {
    const std::string row =
        "Gi1/0/1   Server             connected    1          a-full a-1000 10/100/1000BaseTX SFP";
    ASSERT_GT(row.size(), 80U);
    EXPECT_EQ(rows_of("Port      Name               Status       Vlan       Duplex  Speed Type\n" +
                      row.substr(0, 80) + "\n" + row.substr(80) + "\n"),
              (Texts{"Gi1/0/1|Server|connected|1|a-full|a-1000|10/100/1000BaseTX SFP"}));
}

TEST(InterfaceStatus, WhatIsNotUnderstoodIsRefused) {
    constexpr auto* good = R"(
Port      Name               Status       Vlan       Duplex  Speed Type
Gi1/0/1   a                  connected    1          a-full a-1000 T
)";
    const auto with = [&](std::string_view what, std::string_view by) {
        return complaint(parse_interface_status, replaced(good, what, by));
    };
    EXPECT_EQ(complaint(parse_interface_status, good), "read");
    EXPECT_NE(with("connected", "konnected").find("line 2: "), std::string::npos);
    EXPECT_NE(with("Gi1/0/1", "1/0/1").find("line 2: "), std::string::npos);
    EXPECT_NE(with(" 1  ", " one").find("line 2: "), std::string::npos);
    EXPECT_NE(with("a-full", "a-fast").find("line 2: "), std::string::npos);
    EXPECT_NE(with("a-1000", "speedy").find("line 2: "), std::string::npos);
    EXPECT_NE(with("Status", "State").find("line 1: "), std::string::npos);
    EXPECT_NE(complaint(parse_interface_status, "Gi1/0/1   a  connected    1          a-full a-1000 T\n")
                  .find("head"),
              std::string::npos);
}

TEST(ErrDisabled, PortsAndReasons) {
    const auto rows = read_by(parse_err_disabled, R"(

Port      Name               Status       Reason               Err-disabled Vlans
Gi1/0/1   Desk 4             err-disabled psecure-violation
Gi1/0/2                      err-disabled bpduguard            10,20
Po3       err-disabled err   err-disabled channel-misconfig (STP)
)");
    ASSERT_TRUE(rows) << rows.error().text;
    ASSERT_EQ(rows->size(), 3U);
    EXPECT_EQ((*rows)[0].name, "Desk 4");
    EXPECT_EQ((*rows)[0].reason, "psecure-violation");
    EXPECT_EQ((*rows)[1].reason, "bpduguard");
    EXPECT_EQ((*rows)[1].vlans, "10,20");
    EXPECT_EQ((*rows)[2].reason, "channel-misconfig (STP)");
    EXPECT_EQ((*rows)[2].name, "err-disabled err");
}

TEST(ErrDisabled, NoneAndNotUnderstood) {
    const auto none =
        read_by(parse_err_disabled,
                "Port      Name               Status       Reason               Err-disabled Vlans\n");
    ASSERT_TRUE(none);
    EXPECT_TRUE(none->empty());
    EXPECT_NE(complaint(parse_err_disabled,
                        "Port  Name  Status  Reason\nGi1/0/1  a  connected  psecure-violation\n")
                  .find("line 2: "),
              std::string::npos);
    EXPECT_NE(complaint(parse_err_disabled, "Port  Name  Status  Vlan\n"), "read");
}

}  // namespace
}  // namespace garita::ios
