#include "store/kept_key.hpp"

#include <gtest/gtest.h>

#include "fakes/memory_store.hpp"

namespace garita::store {
namespace {

TEST(KeptKey, IsMadeOnceAndStays) {
    fakes::MemoryStore store;
    const auto first = kept_key(store, "letters");
    ASSERT_TRUE(first);
    EXPECT_EQ(first->size(), 64U);
    EXPECT_EQ(first->find_first_not_of("0123456789abcdef"), std::string::npos) << *first;
    EXPECT_EQ(kept_key(store, "letters").value_or(""), *first);
    EXPECT_NE(kept_key(store, "buttons").value_or(""), *first);
    fakes::MemoryStore other;
    EXPECT_NE(kept_key(other, "letters").value_or(""), *first) << "another hub";
}

TEST(KeptKey, WhatWasKeptInAnotherSpellingStays) {
    fakes::MemoryStore store;
    const std::string old = "q3Jk-0_xYvT9bq3Jk-0_xYvT9bq3Jk-0_xYvT9bq3Jk";
    ASSERT_TRUE(store.write([&](Transaction& transaction) -> Result<void> {
        transaction.set_value("buttons", old);
        return {};
    }));
    EXPECT_EQ(kept_key(store, "buttons").value_or(""), old);
}

}  // namespace
}  // namespace garita::store
