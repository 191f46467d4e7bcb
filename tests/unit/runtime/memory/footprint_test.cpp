#include "runtime/memory/footprint.hpp"

#include <fstream>
#include <sstream>
#include <string>

#include <gtest/gtest.h>

namespace garita::runtime {
namespace {

TEST(CleanFileMappings, AreThoseOfFilesThatNobodyWrote) {
    std::istringstream smaps(
        "1000-3000 r-xp 00000000 08:01 42 /usr/lib/a b.so\nRss: 8 kB\nAnonymous:             0 kB\nVmFlags: "
        "rd ex\n"
        "3000-4000 r--p 00002000 08:01 42 /usr/lib/a.so\nRss: 4 kB\nAnonymous:             4 kB\n"
        "4000-5000 rw-p 00003000 08:01 42 /usr/lib/a.so\nAnonymous:             0 kB\n"
        "5000-6000 r--s 00000000 08:01 43 /var/data\nAnonymous:             0 kB\n"
        "6000-7000 r-xp 00000000 00:00 0 [vdso]\nAnonymous:             0 kB\n"
        "7000-6000 r-xp 00000000 08:01 42 /usr/lib/a.so\nAnonymous:             0 kB\n"
        "nonsense\nAnonymous:             0 kB\n"
        "8000-9000 r--p 00000000 08:01 44 /usr/lib/b.so\nAnonymous:             0 kB\n");
    EXPECT_EQ(clean_file_mappings(smaps), (std::vector<Mapping>{{0x1000, 0x3000}, {0x8000, 0x9000}}));
}

std::size_t resident_kb() {
    std::ifstream status("/proc/self/status");
    for (std::string line; std::getline(status, line);) {
        if (line.starts_with("VmRSS:")) return std::stoul(line.substr(6));
    }
    return 0;
}

TEST(GiveBackCleanPages, MakesTheProgramSmallerAndLeavesItWorking) {
    const auto before = resident_kb();
    EXPECT_GT(give_back_clean_pages(), 100'000U);
    EXPECT_LT(resident_kb(), before);
    std::ostringstream still_there;
    still_there << 1.5 << " and " << std::hex << 255;
    EXPECT_EQ(still_there.str(), "1.5 and ff");
}

}  // namespace
}  // namespace garita::runtime
