#pragma once
// The tests of the contract; included once by each test program that instantiates them.

#include "contract/class_backend/class_backend_contract.hpp"

namespace garita::contract {

using enforce::Drift;

GTEST_ALLOW_UNINSTANTIATED_PARAMETERIZED_TEST(ClassBackendContract);

TEST_P(ClassBackendContract, IsEmptyAtFirst) {
    expect_there({});
    expect_drift(Drift::none, 0);
    EXPECT_GE(backend().batch_size(), 1U);
}

TEST_P(ClassBackendContract, HoldsWhatWasApplied) {
    bring({{key(1), value(0)}, {key(2), value(1)}, {key(300), value(2)}});
    expect_there(model_);
    expect_drift(Drift::none, 3);
}

TEST_P(ClassBackendContract, ApplyingAgainEndsInTheSame) {
    const Changes changes{{key(1), std::nullopt, value(0)},
                          {key(2), std::nullopt, value(1)},
                          {key(3), std::nullopt, std::nullopt}};
    const Entries should{{key(1), value(0)}, {key(2), value(1)}};
    for (int time = 0; time < 3; ++time) {
        carry_out(changes);
        expect_there(should);
    }
    // and after a part of it
    carry_out({{key(1), value(0), std::nullopt}});
    carry_out(changes);
    expect_there(should);
}

TEST_P(ClassBackendContract, NothingToDoIsFine) {
    carry_out({});
    bring({{key(1), value(0)}});
    carry_out({});
    expect_there(model_);
}

TEST_P(ClassBackendContract, TakesAwayAndDoesNotMindWhatIsMissing) {
    bring({{key(1), value(0)}, {key(2), value(0)}, {key(3), value(0)}});
    bring({{key(1), std::nullopt}, {key(3), std::nullopt}});
    expect_there(model_);
    // believed to be there, and is not; not believed, and is not
    carry_out({{key(1), value(0), std::nullopt}, {key(77), std::nullopt, std::nullopt}});
    expect_there(model_);
    // one missing among many must not keep the others
    Changes changes;
    for (unsigned i = 0; i < 200; ++i)
        changes.push_back({key(1000 + i), std::nullopt, value(0)});
    carry_out(changes);
    for (auto& change : changes) {
        change.before = value(0);
        change.after.reset();
    }
    carry_out({changes[50], changes[90]});
    carry_out(changes);
    expect_there(model_);
}

TEST_P(ClassBackendContract, ChangesAValue) {
    if (device().values() < 2) GTEST_SKIP() << "its entries have no value";
    bring({{key(1), value(0)}, {key(2), value(0)}});
    bring({{key(1), value(1)}});
    expect_there(model_);
    bring({{key(1), value(0)}, {key(2), value(1)}});
    expect_there(model_);
}

TEST_P(ClassBackendContract, AWrongBeliefDoesNotHarm) {
    bring({{key(1), value(0)}, {key(2), value(0)}, {key(3), value(0)}, {key(4), value(0)}});
    carry_out({{key(1), std::nullopt, value(1)},      // is there, perhaps with another value
               {key(2), value(1), value(0)},          // may have another value than believed
               {key(3), std::nullopt, std::nullopt},  // is there
               {key(5), value(0), value(1)},          // is not there
               {key(6), value(1), std::nullopt}});    // is not there
    model_[key(1)] = value(1);
    model_.erase(key(3));
    model_[key(5)] = value(1);
    expect_there(model_);
}

TEST_P(ClassBackendContract, RefusesOneAndCarriesOutTheOthers) {
    const auto bad = device().refused_key();
    if (!bad) GTEST_SKIP() << "there is nothing that it refuses";
    bring({{key(9), value(0)}});
    const Changes changes{{key(1), std::nullopt, value(0)},
                          {*bad, std::nullopt, value(0)},
                          {key(2), std::nullopt, value(0)},
                          {key(9), value(0), std::nullopt}};
    for (int time = 0; time < 2; ++time) {
        const auto failed = backend().apply(changes);
        ASSERT_TRUE(failed) << failed.error().text;
        ASSERT_EQ(failed->size(), 1U);
        EXPECT_EQ(failed->front().change, 1U);
        EXPECT_FALSE(failed->front().error.text.empty());
        expect_there({{key(1), value(0)}, {key(2), value(0)}});
    }
}

TEST_P(ClassBackendContract, RebuildReplacesEverything) {
    bring({{key(1), value(0)}, {key(2), value(0)}, {key(3), value(1)}});
    EXPECT_TRUE(rebuild({{key(2), value(1)}, {key(3), value(1)}, {key(4), value(0)}}).empty());
    expect_there(model_);
    expect_drift(Drift::none, model_.size());
    bring({{key(2), std::nullopt}, {key(5), value(0)}});
    expect_there(model_);
    EXPECT_TRUE(rebuild(Entries(model_)).empty());
    expect_there(model_);
    EXPECT_TRUE(rebuild({}).empty());
    expect_there({});
}

TEST_P(ClassBackendContract, RebuildTellsWhatWasRefusedByItsPlace) {
    const auto bad = device().refused_key();
    if (!bad) GTEST_SKIP() << "there is nothing that it refuses";
    const Entries all{{key(1), value(0)}, {*bad, value(0)}, {key(2), value(0)}};
    const auto failed = rebuild(all);
    ASSERT_EQ(failed.size(), 1U);
    EXPECT_EQ(failed.front().change, static_cast<std::size_t>(std::distance(all.begin(), all.find(*bad))));
    expect_there({{key(1), value(0)}, {key(2), value(0)}});
}

TEST_P(ClassBackendContract, RebuildMakesTheStructure) {
    ASSERT_TRUE(backend().remove_all());
    EXPECT_TRUE(rebuild({{key(1), value(0)}}).empty());
    expect_there(model_);
}

TEST_P(ClassBackendContract, PreparingAgainKeepsEverything) {
    bring({{key(1), value(0)}, {key(2), value(1)}});
    for (int time = 0; time < 2; ++time) {
        ASSERT_TRUE(backend().prepare());
        expect_there(model_);
    }
    bring({{key(1), std::nullopt}});
    expect_there(model_);
}

TEST_P(ClassBackendContract, SeesWhatOthersDidToItsEntries) {
    bring({{key(1), value(0)}, {key(2), value(0)}});
    expect_drift(Drift::none, 2);
    if (!device().foreign_add(key(7), value(1))) GTEST_SKIP() << "nobody else can change it here";
    ASSERT_TRUE(device().foreign_erase(key(2)));
    if (device().sees_drift()) expect_drift(Drift::possible, 2);
    model_.erase(key(2));
    model_[key(7)] = value(1);
    expect_there(model_);
    expect_drift(Drift::none, 2);  // once looked at, it is known
    bring({{key(2), value(0)}, {key(7), std::nullopt}});
    expect_there(model_);
}

TEST_P(ClassBackendContract, WritesRightlyAlthoughItDidNotLookAtWhatOthersDid) {
    bring({{key(1), value(0)}, {key(2), value(0)}, {key(3), value(0)}});
    if (!device().foreign_add(key(7), value(1))) GTEST_SKIP() << "nobody else can change it here";
    ASSERT_TRUE(device().foreign_erase(key(1)));
    ASSERT_TRUE(device().foreign_erase(key(2)));
    bring({{key(1), value(1)}, {key(2), std::nullopt}, {key(3), std::nullopt}, {key(7), value(0)}});
    expect_there(model_);
}

TEST_P(ClassBackendContract, RepairsItsStructure) {
    bring({{key(1), value(0)}});
    if (!device().foreign_drop_structure()) GTEST_SKIP() << "nobody else can change it here";
    if (device().sees_drift()) expect_drift(Drift::structure, 1);
    model_.clear();
    ASSERT_TRUE(backend().prepare());
    expect_there({});
    bring({{key(1), value(0)}});
    expect_there(model_);
    expect_drift(Drift::none, 1);
}

TEST_P(ClassBackendContract, RemovesAll) {
    bring({{key(1), value(0)}, {key(2), value(1)}});
    ASSERT_TRUE(backend().remove_all());
    ASSERT_TRUE(backend().remove_all());
    model_.clear();
    ASSERT_TRUE(backend().prepare());
    expect_there({});
    bring({{key(2), value(0)}});
    expect_there(model_);
}

TEST_P(ClassBackendContract, ReadingInPartsGivesTheSame) {
    std::vector<std::pair<RuleKey, std::optional<RuleValue>>> wanted;
    for (unsigned i = 0; i < 300; ++i)
        wanted.emplace_back(key(i * 7), value(i));
    bring(wanted);
    Entries all;
    for (std::size_t part = 0; part < backend().parts(); ++part) {
        const auto read = backend().read_part(part, [&](const RuleKey& key, const RuleValue& value) {
            EXPECT_EQ(backend().part_of(key), part);
            all.emplace(key, value);
        });
        ASSERT_TRUE(read) << read.error().text;
    }
    EXPECT_TRUE(all == model_);
}

TEST_P(ClassBackendContract, ALongRandomHistoryEndsAsAMapWould) {
    std::mt19937 random(20261122);
    const auto pick = [&](unsigned below) { return static_cast<unsigned>(random() % below); };
    const unsigned rounds = device().many() >= 10'000 ? 60 : 8;
    for (unsigned round = 0; round < rounds; ++round) {
        std::map<RuleKey, std::optional<RuleValue>> wanted;
        for (unsigned i = pick(40); i > 0; --i)
            wanted[key(pick(60))] = pick(3) == 0 ? std::nullopt : std::optional(value(pick(5)));
        if (pick(20) == 0) {
            Entries all;
            for (const auto& [key, want] : wanted)
                if (want) all.emplace(key, *want);
            EXPECT_TRUE(rebuild(all).empty());
        } else {
            bring({wanted.begin(), wanted.end()});
        }
        if (HasFatalFailure()) return;
        if (round % 6 == 5) expect_there(model_);
        if (HasFatalFailure()) return;
    }
}

TEST_P(ClassBackendContract, MoreThanOneBatch) {
    std::vector<std::pair<RuleKey, std::optional<RuleValue>>> wanted;
    for (unsigned i = 0; i < device().many(); ++i)
        wanted.emplace_back(key(i), value(i));
    bring(wanted);
    expect_there(model_);
    for (unsigned i = 0; i < device().many(); ++i)
        wanted[i].second = i % 3 == 0 ? std::nullopt : std::optional(value(i + 1));
    bring(wanted);
    expect_there(model_);
}

}  // namespace garita::contract
