#include "adapters/mail_proof/confirmation_code.hpp"

#include <set>

#include <gmock/gmock.h>
#include <gtest/gtest.h>

namespace garita::mail_proof {
namespace {

using namespace std::chrono_literals;
using testing::IsEmpty;
using testing::SizeIs;
using Verdict = CodeVerdict;

const Time now{std::chrono::seconds{1'795'386'600}};
const std::string request = "A-17";
const std::string ana = "ana@example.org";

struct Sent {
    FreshCode fresh = make_code(request, ana, now, 1h);
    std::string code{fresh.code.reveal()};
    Verdict answer(std::string_view text, Time at = now) {
        return try_code(fresh.kept, text, request, ana, at);
    }
};

TEST(ConfirmationCode, WorksOnce) {
    Sent sent;
    EXPECT_EQ(sent.answer("Yes.\n" + sent.code + "\n", now + 59min), Verdict::right);
    EXPECT_TRUE(sent.fresh.kept.used);
    EXPECT_EQ(sent.answer(sent.code), Verdict::used);
}

TEST(ConfirmationCode, IsReadAsPeopleWriteIt) {
    for (int i = 0; i < 50; ++i) {
        Sent sent;
        std::string other;
        for (const char c : sent.code) {
            if (c == '-') continue;
            other += static_cast<char>(c == '0' ? 'O' : c == '1' ? 'l' : ::toupper(c));
        }
        EXPECT_EQ(sent.answer("code:" + other + "."), Verdict::right) << other;
    }
}

TEST(ConfirmationCode, IsBoundToItsRequestAndPerson) {
    Sent sent;
    EXPECT_EQ(try_code(sent.fresh.kept, sent.code, "A-18", ana, now), Verdict::wrong);
    EXPECT_EQ(try_code(sent.fresh.kept, sent.code, request, "eva@example.org", now), Verdict::wrong);
    EXPECT_EQ(try_code(sent.fresh.kept, sent.code, request + " " + ana, "", now), Verdict::wrong);
    EXPECT_EQ(sent.answer(sent.code), Verdict::right);
}

TEST(ConfirmationCode, EndsWithItsTime) {
    Sent sent;
    EXPECT_EQ(sent.answer(sent.code, now + 1h), Verdict::expired);
    EXPECT_FALSE(sent.fresh.kept.used);
}

TEST(ConfirmationCode, CannotBeGuessed) {
    Sent sent;
    EXPECT_EQ(sent.answer("I approve"), Verdict::missing);
    EXPECT_EQ(sent.fresh.kept.wrong, 0);
    for (int i = 0; i < 5; ++i)
        EXPECT_EQ(sent.answer(Sent().code), Verdict::wrong);
    EXPECT_EQ(sent.answer(sent.code), Verdict::exhausted) << "even the right one comes too late";
}

TEST(ConfirmationCode, IsNotKeptItself) {
    std::set<std::string> codes;
    for (int i = 0; i < 100; ++i) {
        const Sent sent;
        EXPECT_EQ(sent.code.size(), 30U) << sent.code;
        EXPECT_EQ(sent.fresh.kept.digest.find(sent.code), std::string::npos);
        EXPECT_THAT(codes_in(sent.code), SizeIs(1));
        codes.insert(sent.code);
    }
    EXPECT_EQ(codes.size(), 100U);
}

TEST(ConfirmationCode, NothingElseIsOne) {
    for (const auto* text :
         {"", "approved", "aabb.ccdd.eeff", "550e8400-e29b-41d4-a716-446655440000",
          "0123456789abcdefghjkmnpqr", "0123456789abcdefghjkmnpqrst", "d41d8cd98f00b204e9800998ecf8427e"})
        EXPECT_THAT(codes_in(text), IsEmpty()) << text;
    EXPECT_THAT(codes_in(std::string(100'000, 'a')), IsEmpty());
}

}  // namespace
}  // namespace garita::mail_proof
