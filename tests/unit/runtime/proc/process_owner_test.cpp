#include "runtime/proc/process_owner.hpp"

#include <gtest/gtest.h>

namespace garita::runtime {
namespace {

TEST(OwnerOfAProcess, IsWhatTheKernelSays) {
    const auto owner =
        parse_process_owner("Name:\tsshd\nUmask:\t0022\nUid:\t1000\t0\t7\t0\nGid:\t0\t0\t0\t0\n");
    EXPECT_EQ(owner, (ProcessOwner{1000, 0, 7}));
}

TEST(OwnerOfAProcess, IsRootOnlyWithNoOtherIdentityLeft) {
    EXPECT_TRUE((ProcessOwner{0, 0, 0}.wholly_root()));
    for (const auto& lent : {ProcessOwner{1000, 0, 0}, ProcessOwner{0, 1000, 0}, ProcessOwner{0, 0, 1000}})
        EXPECT_FALSE(lent.wholly_root());
}

TEST(OwnerOfAProcess, IsNotReadFromItsName) {
    // the kernel writes a line's end within a name as two characters
    const auto owner = parse_process_owner("Name:\tx\\nUid:\t0\t0\nUid:\t5\t5\t5\t5\n");
    EXPECT_EQ(owner, (ProcessOwner{5, 5, 5}));
}

TEST(OwnerOfAProcess, IsNothingWhereTheTextIsAnother) {
    for (const auto* text : {"", "Uid:\t0\t0\t0", "\nUid:", "\nUid:\t0\t0\n", "\nUid:\t0\t-1\t0\n",
                             "\nUid:\t0x\t0\t0\n", "\nUid:\t0\t99999999999\t0\n", "\nUid: a b c\n"})
        EXPECT_EQ(parse_process_owner(text), std::nullopt) << text;
}

}  // namespace
}  // namespace garita::runtime
