#include "adapters/decision_links/form.hpp"

#include <gtest/gtest.h>

namespace garita::decision_links {
namespace {

TEST(DecisionForm, IsWhatTheButtonsSend) {
    const auto form = read_form("comment=seen+it%2C+%C3%A9&response=block");
    ASSERT_TRUE(form);
    EXPECT_EQ(form->response, Response::block);
    EXPECT_EQ(form->comment, "seen it, é");
    EXPECT_EQ(form->code, "");
    EXPECT_EQ(read_form("response=reboot&comment=&code=123456")->code, "123456");
    EXPECT_EQ(read_form("response=allow&comment=a%0D%0Ab%1b")->comment, "a  b ") << "one clean line";
}

TEST(DecisionForm, WhatNoButtonSendsIsRefused) {
    const std::string many(400, 'x');
    for (const std::string& body :
         {std::string(), std::string("comment=x"), std::string("response="), std::string("response=explode"),
          std::string("response=block&response=allow"), std::string("response=block&case=13"),
          std::string("response=confirm"), std::string("response=block&comment=%zz"),
          "response=block&comment=" + many, "response=block&code=" + many,
          std::string("{\"response\":\"block\"}")})
        EXPECT_FALSE(read_form(body)) << body;
}

}  // namespace
}  // namespace garita::decision_links
