#include "adapters/nftables/element_writer.hpp"

#include <cerrno>
#include <functional>
#include <map>
#include <set>

#include <gtest/gtest.h>

namespace garita::nftables {
namespace {

using namespace std::chrono_literals;

IpNetwork net(std::string_view text) {
    return IpNetwork::parse(text).value();
}

/// A kernel that answers as it was told, one answer for each transaction; without an answer it accepts.
class ScriptedKernel final : public NftKernel {
  public:
    std::vector<std::vector<Refusal>> answers;
    std::size_t commits = 0;
    std::optional<Error> away;

    NftBatch begin(const std::string& table) override {
        return NftBatch(table, [this] { return ++sequence_; });
    }
    Result<std::vector<Refusal>> commit(NftBatch& batch) override {
        if (away) return tl::unexpected(*away);
        EXPECT_FALSE(batch.finish().empty());
        const std::size_t number = commits++;
        return number < answers.size() ? answers[number] : std::vector<Refusal>{};
    }
    Result<std::uint32_t> generation() override { return 1U; }
    Result<Structure> structure(const std::string&) override { return Structure{}; }
    Result<void> list(const std::string&, const Layer&, const std::function<void(const ElementSeen&)>&,
                      const std::function<void()>&) override {
        return {};
    }
    Result<std::vector<ElementSeen>> look_up(const std::string&, const Layer&,
                                             std::span<const IpNetwork>) override {
        return std::vector<ElementSeen>{};
    }

  private:
    std::uint32_t sequence_ = 0;
};

class ElementWriterTest : public ::testing::Test {
  protected:
    Result<void> write(const std::vector<Wanted>& wanted) {
        ElementWriter writer(kernel_, "garita", shadow_, [this] {
            ++resyncs_;
            shadow_.clear();
            return Result<void>{};
        });
        return writer.write(
            wanted, Moment(now_), [](NftBatch&) {}, outcome_);
    }
    static Refusal element(int error, std::optional<std::size_t> op) {
        return {error, op, Refusal::Part::elements, ""};
    }
    static Wanted add(std::string_view text) { return {net(text), enforce::BlockChange::add, never}; }
    static Wanted remove(std::string_view text) { return {net(text), enforce::BlockChange::remove, never}; }

    ScriptedKernel kernel_;
    Shadow shadow_;
    WriteOutcome outcome_;
    int resyncs_ = 0;
    Time now_ = from_micros(1'000'000'000);
};

TEST_F(ElementWriterTest, ARefusedElementIsNamedAndTheRestGoesIn) {
    kernel_.answers = {{element(EINVAL, 1)}};
    ASSERT_TRUE(write({add("192.0.2.1"), add("192.0.2.2"), add("192.0.2.3")}));
    ASSERT_EQ(outcome_.failed.size(), 1U);
    EXPECT_EQ(outcome_.failed[0].network, net("192.0.2.2"));
    EXPECT_EQ(outcome_.failed[0].error.code, ErrorCode::invalid);
    EXPECT_NE(outcome_.failed[0].error.text.find("192.0.2.2"), std::string::npos);
    EXPECT_EQ(outcome_.fresh, (std::vector{net("192.0.2.1"), net("192.0.2.3")}));
    EXPECT_FALSE(shadow_.holds(net("192.0.2.2"), now_));
    EXPECT_EQ(kernel_.commits, 2U);
}

TEST_F(ElementWriterTest, WithoutAPlaceEachElementIsSentByItself) {
    kernel_.answers = {{element(EINVAL, std::nullopt)}, {element(EINVAL, 0), element(EINVAL, 2)}};
    ASSERT_TRUE(write({add("192.0.2.1"), add("192.0.2.2"), add("192.0.2.3")}));
    EXPECT_EQ(outcome_.failed.size(), 2U);
    EXPECT_EQ(outcome_.fresh, std::vector{net("192.0.2.2")});
    EXPECT_EQ(kernel_.commits, 3U);
}

TEST_F(ElementWriterTest, WhatIsThereUnknownIsDeletedFirst) {
    kernel_.answers = {{element(EEXIST, 0)}};
    ASSERT_TRUE(write({add("192.0.2.1")}));
    EXPECT_TRUE(outcome_.failed.empty());
    EXPECT_TRUE(outcome_.fresh.empty()) << "it was blocked before";
    EXPECT_TRUE(shadow_.holds(net("192.0.2.1"), now_));
}

TEST_F(ElementWriterTest, WhatIsGoneUnknownIsNotMissed) {
    shadow_.set(net("192.0.2.1"), never);
    kernel_.answers = {{element(ENOENT, 0)}};
    ASSERT_TRUE(write({remove("192.0.2.1")}));
    EXPECT_TRUE(outcome_.failed.empty());
    EXPECT_FALSE(shadow_.holds(net("192.0.2.1"), now_));
}

TEST_F(ElementWriterTest, ExistsBehindARefusedDeletionMeansNothing) {
    for (const auto* text : {"192.0.2.1", "192.0.2.2"})
        shadow_.set(net(text), never);
    // deletions are 0 and 1, additions 2 and 3: the first deletion fails, so the second was left out
    kernel_.answers = {{element(ENOENT, 0), element(EEXIST, 3)}};
    ASSERT_TRUE(write({add("192.0.2.1"), add("192.0.2.2")}));
    EXPECT_TRUE(outcome_.failed.empty());
    EXPECT_EQ(outcome_.fresh, std::vector{net("192.0.2.1")});
}

TEST_F(ElementWriterTest, ManySurprisesLeadToANewLook) {
    std::vector<Wanted> wanted;
    for (int i = 1; i <= 50; ++i) {
        wanted.push_back(add("192.0.2." + std::to_string(i)));
        shadow_.set(wanted.back().network, never);
    }
    for (int i = 0; i < 9; ++i)
        kernel_.answers.push_back({element(ENOENT, 0)});
    ASSERT_TRUE(write(wanted));
    EXPECT_EQ(resyncs_, 1);
    EXPECT_EQ(outcome_.fresh.size(), 50U);
}

TEST_F(ElementWriterTest, AFullSetRefusesAllBehindItButNotOtherSets) {
    kernel_.answers = {{element(ENFILE, 1)}};
    ASSERT_TRUE(write({add("192.0.2.1"), add("192.0.2.2"), add("192.0.2.3"), add("2001:db8::1")}));
    ASSERT_EQ(outcome_.failed.size(), 2U);
    EXPECT_EQ(outcome_.failed[0].error.code, ErrorCode::full);
    EXPECT_EQ(outcome_.fresh, (std::vector{net("192.0.2.1"), net("2001:db8::1")}));
}

TEST_F(ElementWriterTest, AWholeRefusalIsAnErrorThatSaysWhatToDo) {
    const auto refused = [&](int error, Refusal::Part part) {
        kernel_.answers = {{Refusal{error, std::nullopt, part, ""}}};
        kernel_.commits = 0;
        const auto result = write({add("192.0.2.1")});
        EXPECT_FALSE(result);
        return result ? Error{} : result.error();
    };
    EXPECT_EQ(refused(EPERM, Refusal::Part::transaction).code, ErrorCode::forbidden);
    EXPECT_EQ(refused(ENOMEM, Refusal::Part::transaction).retry, Retry::later);
    EXPECT_EQ(refused(ENOENT, Refusal::Part::structure).code, ErrorCode::conflict);
    EXPECT_NE(refused(EEXIST, Refusal::Part::structure).text.find("nft delete table inet garita"),
              std::string::npos);
    EXPECT_FALSE(shadow_.holds(net("192.0.2.1"), now_));
    kernel_.away = Error{ErrorCode::io, "no answer", Retry::later};
    EXPECT_FALSE(write({add("192.0.2.1")}));
}

TEST_F(ElementWriterTest, AKernelThatRefusesForeverIsGivenUp) {
    kernel_.answers.assign(1000, {element(ENOENT, 0)});
    shadow_.set(net("192.0.2.1"), never);
    ElementWriter writer(kernel_, "garita", shadow_, [this] {
        shadow_.set(net("192.0.2.1"), never);
        return Result<void>{};
    });
    kernel_.answers.assign(1000, {element(EINVAL, std::nullopt)});
    const auto result = writer.write(
        {add("192.0.2.1")}, Moment(now_), [](NftBatch&) {}, outcome_);
    ASSERT_FALSE(result);
    EXPECT_EQ(result.error().code, ErrorCode::unavailable);
    EXPECT_LT(kernel_.commits, 100U);
}

TEST(NftBatchRefusals, FindTheElementByItsOffset) {
    std::uint32_t sequence = 100;
    NftBatch batch("garita", [&] { return ++sequence; });
    std::vector<ElementOp> ops;
    for (int i = 1; i <= 5; ++i)
        ops.push_back({net("192.0.2." + std::to_string(i)), enforce::BlockChange::remove, {}});
    for (int i = 1; i <= 5; ++i)
        ops.push_back({net("192.0.2." + std::to_string(i)), enforce::BlockChange::add, 5s});
    batch.change_elements(ops, 1000);  // begin 101, deletions 102, additions 103, end 104
    (void)batch.finish();
    ASSERT_EQ(sequence, 104U);
    const auto refusals = [&](std::vector<runtime::NetlinkAck> acks) { return batch.refusals(acks); };
    EXPECT_TRUE(refusals({{103, 0, 0, ""}}).empty());
    EXPECT_EQ(refusals({}).size(), 1U) << "silence is no consent";
    EXPECT_TRUE(refusals({{103, 0, 0, ""}, {77, EINVAL, 0, ""}}).empty()) << "an answer to somebody else";
    const auto whole = refusals({{101, EPERM, 0, ""}});
    ASSERT_EQ(whole.size(), 1U);
    EXPECT_EQ(whole[0].part, Refusal::Part::transaction);
    const auto table = refusals({{102, ENOENT, 20, ""}});
    ASSERT_EQ(table.size(), 1U);
    EXPECT_EQ(table[0].part, Refusal::Part::structure);
    // header 16 + 4, table 4 + 8, set 4 + 12, list 4: elements of 16 bytes from byte 52 on
    for (std::size_t i = 0; i < 5; ++i) {
        const auto found = refusals({{102, ENOENT, static_cast<std::uint32_t>(52 + 16 * i), "gone"}});
        ASSERT_EQ(found.size(), 1U);
        EXPECT_EQ(found[0].op, i);
        EXPECT_EQ(found[0].text, "gone");
    }
    const auto last = refusals({{103, EINVAL, 52 + 28 * 4 + 3, ""}});
    ASSERT_EQ(last.size(), 1U);
    EXPECT_EQ(last[0].op, 9U);
    const auto unknown = refusals({{103, EINVAL, 0, ""}});
    ASSERT_EQ(unknown.size(), 1U);
    EXPECT_EQ(unknown[0].part, Refusal::Part::elements);
    EXPECT_FALSE(unknown[0].op);
}

}  // namespace
}  // namespace garita::nftables
