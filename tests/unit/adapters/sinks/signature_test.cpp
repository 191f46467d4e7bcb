#include "adapters/sinks/signature.hpp"

#include <gtest/gtest.h>

namespace garita::sinks {
namespace {

using runtime::Secret;

// the example of the Standard Webhooks' reference libraries
constexpr std::string_view published_secret = "whsec_MfKQ9r8GKYqrTwjUPD8ILPZIo2LaLaSw";
constexpr std::string_view published_id = "msg_p5jXN8AQM9LWM0D4loKWxJek";
constexpr std::int64_t published_time = 1614265330;
constexpr std::string_view published_body = R"({"test": 2432232314})";
constexpr std::string_view published_signature = "v1,g0hM9SsE+OTPJTGt/tmIKtSyZlE3uFJELVlNIOLJ1OE=";

TEST(Signature, IsThatOfThePublishedExample) {
    const auto key = signing_key(Secret(std::string(published_secret)));
    ASSERT_TRUE(key);
    EXPECT_EQ(signatures({*key}, published_id, published_time, published_body), published_signature);
}

TEST(Signature, TheOldSecretSignsBesideTheNewOne) {
    const auto key = signing_key(Secret(std::string(published_secret)));
    const Secret other(std::string("another secret of ours"));
    const auto alone = signatures({other}, published_id, published_time, published_body);
    EXPECT_EQ(signatures({*key, other}, published_id, published_time, published_body),
              std::string(published_signature) + ' ' + alone);
    EXPECT_NE(alone, published_signature);
}

TEST(Signature, ASecretWithoutTheMarkIsTheKeyItself) {
    EXPECT_EQ(signing_key(Secret(std::string("plain text")))->reveal(), "plain text");
}

TEST(Signature, WhatIsNoBase64IsRefused) {
    for (const std::string wrong :
         {"whsec_", "whsec_!!!", "whsec_MfKQ9r8GKYqrTwjUPD8ILPZIo2LaLaS", "whsec_TWFu "})
        EXPECT_FALSE(signing_key(Secret(std::string(wrong)))) << wrong;
}

}  // namespace
}  // namespace garita::sinks
