// The disk of these tests loses what it may, and nothing else.

#include "unit/adapters/sqlite_power/losing_disk.hpp"

#include <fcntl.h>
#include <fstream>
#include <iterator>
#include <set>
#include <unistd.h>

#include <gtest/gtest.h>

#include "support/temporary_directory.hpp"

namespace garita::testing_support {
namespace {

class LosingDiskTest : public testing::Test {
  protected:
    LosingDiskTest() : fd_(::open((directory_ / "file").c_str(), O_RDWR | O_CREAT | O_CLOEXEC, 0600)) {}
    ~LosingDiskTest() override { ::close(fd_); }

    void write(std::uint64_t at, const std::string& bytes) {
        ASSERT_EQ(::pwrite64(fd_, bytes.data(), bytes.size(), static_cast<off64_t>(at)),
                  static_cast<ssize_t>(bytes.size()));
    }
    /// What may be left of the file, over many cuts.
    std::set<std::string> left() {
        std::set<std::string> all;
        std::mt19937 random(7);
        for (int i = 0; i < 200; ++i) {
            const support::TemporaryDirectory after;
            leave_after_cut(disk_.contents(), after.path(), random);
            std::ifstream file(after / "file", std::ios::binary);
            all.insert({std::istreambuf_iterator<char>(file), {}});
        }
        return all;
    }

    support::TemporaryDirectory directory_;
    LosingDisk disk_{directory_.path()};
    int fd_;
};

TEST_F(LosingDiskTest, KeepsWhatWasSynced) {
    write(0, "kept");
    ASSERT_EQ(::fdatasync(fd_), 0);
    EXPECT_EQ(left(), std::set<std::string>{"kept"});
}

TEST_F(LosingDiskTest, KeepsWhatItLikesOfTheRest) {
    write(0, "kept");
    ASSERT_EQ(::fsync(fd_), 0);
    write(0, "new!");
    write(4, "more");
    const std::set<std::string> possible{"kept", "new!", "keptmore", "new!more"};
    EXPECT_EQ(left(), possible) << "each write for itself, in any combination";
}

TEST_F(LosingDiskTest, TearsAWriteBetweenSectors) {
    const std::string old(1024, 'a');
    const std::string young(1024, 'b');
    write(0, old);
    ASSERT_EQ(::fdatasync(fd_), 0);
    write(0, young);
    const auto half = [](char first, char second) {
        return std::string(512, first) + std::string(512, second);
    };
    EXPECT_EQ(left(), (std::set<std::string>{old, young, half('a', 'b'), half('b', 'a')}));
}

TEST_F(LosingDiskTest, ForgetsATruncationToo) {
    write(0, "long");
    ASSERT_EQ(::fdatasync(fd_), 0);
    ASSERT_EQ(::ftruncate64(fd_, 2), 0);
    EXPECT_EQ(left(), (std::set<std::string>{"long", "lo"}));
}

}  // namespace
}  // namespace garita::testing_support
