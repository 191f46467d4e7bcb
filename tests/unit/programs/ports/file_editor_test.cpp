// Accepted ports written into a file that others own as well.

#include "programs/ports/file_editor.hpp"

#include <filesystem>
#include <fstream>
#include <iterator>
#include <unistd.h>

#include <gmock/gmock.h>
#include <sys/stat.h>

namespace garita::programs {
namespace {

using testing::HasSubstr;

constexpr std::string_view before = "# ours\nhosts:\n  a.example.org: {must: \"22,80\"}  # shop\n";
constexpr std::string_view after = "# ours\nhosts:\n  a.example.org: {must: \"22\"}  # shop\n";

using Files = std::map<std::string, std::string>;

class Editing : public ::testing::Test {
  protected:
    Editing() {
        std::string pattern = (std::filesystem::temp_directory_path() / "garita-editor-XXXXXX").string();
        folder = ::mkdtemp(pattern.data());
        file = folder / "ports.yml";
        write(file, before);
        scan::WantedPorts wanted;
        wanted.place = {file.string(), 3};
        subject = {"a.example.org", std::nullopt, std::make_shared<const scan::WantedPorts>(wanted), {}};
    }
    ~Editing() override { std::filesystem::remove_all(folder); }
    static void write(const std::filesystem::path& where, std::string_view text) {
        std::ofstream(where, std::ios::trunc) << text;
    }
    [[nodiscard]] std::string content() const {
        std::ifstream stream(file);
        return {std::istreambuf_iterator<char>(stream), {}};
    }
    [[nodiscard]] std::size_t files() const {
        using std::filesystem::directory_iterator;
        return static_cast<std::size_t>(std::distance(directory_iterator(folder), directory_iterator()));
    }
    static SpecificationChange must(const PortSet& ports) { return {ports, {}, {}, {}}; }
    std::filesystem::path folder;
    std::filesystem::path file;
    scan::Subject subject;
    const PortSet ssh = PortSet::of(22, 22);
};

TEST_F(Editing, ChangesTheValueAndKeepsCommentsAndMode) {
    ::chmod(file.c_str(), 0640);
    FileEditor editor(Files{{file.string(), std::string(before)}});
    EXPECT_EQ(editor.write(subject, must(ssh)).value(), file.string() + ":3");
    EXPECT_EQ(content(), after);
    struct stat status {};
    ASSERT_EQ(::stat(file.c_str(), &status), 0);
    EXPECT_EQ(status.st_mode & 07777U, 0640U);
    EXPECT_EQ(files(), 1U) << "nothing is left beside it";
    EXPECT_TRUE(editor.write(subject, must(ssh))) << "once more does no harm";
    EXPECT_TRUE(editor.write(subject, must(PortSet::of(1, 2)))) << "its own change is no other's";
}

TEST_F(Editing, LeavesAFileAloneThatAnotherHasChanged) {
    FileEditor editor(Files{{file.string(), std::string(before)}});
    const std::string theirs = std::string(before) + "# theirs\n";
    write(file, theirs);
    const auto refused = editor.write(subject, must(ssh));
    ASSERT_FALSE(refused);
    EXPECT_THAT(refused.error().text, HasSubstr("has been changed since it was read"));
    EXPECT_EQ(content(), theirs);
}

TEST_F(Editing, WhatIsWrittenAlreadyIsDone) {
    FileEditor editor(Files{{file.string(), std::string(before)}});
    write(file, after);
    EXPECT_TRUE(editor.write(subject, must(ssh))) << "a death came between the file and the store";
}

TEST_F(Editing, FollowsNoLinkAndTouchesNoOtherFile) {
    const auto real = folder / "real.yml";
    std::filesystem::rename(file, real);
    std::filesystem::create_symlink(real, file);
    FileEditor editor(Files{{file.string(), std::string(before)}});
    const auto refused = editor.write(subject, must(ssh));
    ASSERT_FALSE(refused);
    EXPECT_THAT(refused.error().text, HasSubstr("is a link"));
    EXPECT_TRUE(std::filesystem::is_symlink(file));
    EXPECT_EQ(content(), before);
    FileEditor stranger(Files{});
    EXPECT_THAT(stranger.write(subject, must(ssh)).error().text, HasSubstr("not of ports.specification"));
}

}  // namespace
}  // namespace garita::programs
