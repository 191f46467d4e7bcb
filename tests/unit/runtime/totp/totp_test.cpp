#include "runtime/totp/totp.hpp"

#include <gtest/gtest.h>

namespace garita::runtime {
namespace {

/// "12345678901234567890", the key of the RFCs' tables.
constexpr std::string_view rfc_key = "GEZDGNBVGY3TQOJQGEZDGNBVGY3TQOJQ";

Time at_second(std::int64_t second) {
    return from_micros(second * 1'000'000);
}

TEST(Totp, GivesTheCodesOfRfc4226) {
    const auto key = TotpKey::from_base32(rfc_key).value();
    const std::vector<std::string> codes = {"755224", "287082", "359152", "969429", "338314",
                                            "254676", "287922", "162583", "399871", "520489"};
    for (std::size_t step = 0; step < codes.size(); ++step)
        EXPECT_EQ(key.code(static_cast<std::int64_t>(step)), codes[step]) << step;
}

TEST(Totp, GivesTheCodesOfRfc6238) {  // its appendix B, the last six digits
    const auto key = TotpKey::from_base32(rfc_key).value();
    const std::vector<std::pair<std::int64_t, std::string>> rows = {
        {59, "287082"},         {1111111109, "081804"}, {1111111111, "050471"},
        {1234567890, "005924"}, {2000000000, "279037"}, {20000000000, "353130"}};
    for (const auto& [second, code] : rows) {
        EXPECT_EQ(key.code(second / 30), code);
        EXPECT_EQ(key.step_of(code, at_second(second)), second / 30);
    }
}

TEST(Totp, NeighbouringStepsCountAndNoOthers) {
    const auto key = TotpKey::from_base32(rfc_key).value();
    const auto code = key.code(1000);
    EXPECT_EQ(key.step_of(code, at_second(999 * 30)), 1000);
    EXPECT_EQ(key.step_of(code, at_second(1001 * 30 + 29)), 1000);
    EXPECT_FALSE(key.step_of(code, at_second(998 * 30 + 29)));
    EXPECT_FALSE(key.step_of(code, at_second(1002 * 30)));
    for (const auto* wrong : {"", "28708", "2870822", "abcdef", "000000"})
        EXPECT_FALSE(key.step_of(wrong, at_second(59))) << wrong;
}

TEST(Totp, ReadsKeysAsPeopleTypeThem) {
    const auto key = TotpKey::from_base32(rfc_key).value();
    const auto typed = TotpKey::from_base32("gezd gnbv gy3t qojq-gezd gnbv gy3t qojq====");
    ASSERT_TRUE(typed);
    EXPECT_EQ(typed->code(7), key.code(7));
    for (const auto* bad :
         {"", "GEZDGNBV", "GEZDGNBVGY3TQOJQGEZDGNBVGY3TQOJ1", "GEZDGNBVGY3TQOJQGEZDGNBVGY3TQOJ8"})
        EXPECT_FALSE(TotpKey::from_base32(bad)) << bad;
    EXPECT_FALSE(TotpKey::from_base32(std::string(2000, 'A')));
}

TEST(Totp, AFreshSecretIsAKeyAndNoTwoAreAlike) {
    const auto one = make_totp_secret();
    const auto two = make_totp_secret();
    EXPECT_EQ(one.size(), 32U);
    EXPECT_TRUE(TotpKey::from_base32(one.reveal()));
    EXPECT_FALSE(one.matches(two.reveal()));
    EXPECT_EQ(otpauth_uri("ana", one),
              "otpauth://totp/Garita:ana?secret=" + std::string(one.reveal()) + "&issuer=Garita");
}

}  // namespace
}  // namespace garita::runtime
