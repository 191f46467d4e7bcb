#include "runtime/secret/secret.hpp"

#include <concepts>
#include <cstdlib>
#include <filesystem>
#include <fstream>
#include <ostream>
#include <unistd.h>
#include <utility>

#include <fmt/format.h>
#include <gmock/gmock.h>
#include <sys/stat.h>

#include "runtime/secret/secret_source.hpp"

namespace garita::runtime {
namespace {

using testing::HasSubstr;
using testing::Not;

template <typename T>
concept printable = requires(std::ostream& out, const T& value) {
    out << value;
};
template <typename T>
concept comparable = requires(const T& a, const T& b) {
    a == b;
};
template <typename T>
concept comparable_with_text = requires(const T& a, const std::string& b) {
    a == b;
};

static_assert(printable<std::string> && !printable<Secret>);
static_assert(!comparable<Secret> && !comparable_with_text<Secret>);
static_assert(!std::convertible_to<Secret, std::string> && !std::convertible_to<Secret, std::string_view>);
static_assert(fmt::is_formattable<std::string>::value && !fmt::is_formattable<Secret>::value);

TEST(SecretValue, matches_itself_alone) {
    const Secret secret("correct horse");
    EXPECT_TRUE(secret.matches("correct horse"));
    for (const auto* wrong : {"", "correct hors", "correct horse ", "Correct horse"})
        EXPECT_FALSE(secret.matches(wrong)) << wrong;
    EXPECT_EQ(secret.size(), 13U);
    EXPECT_EQ(secret.reveal(), "correct horse");
}

TEST(SecretValue, an_empty_one_matches_nothing) {
    EXPECT_FALSE(Secret().matches(""));
    EXPECT_FALSE(Secret("").matches(""));
    EXPECT_TRUE(Secret("").empty());
    EXPECT_EQ(Secret().reveal(), "");
}

TEST(SecretValue, copies_outlive_the_original) {
    auto original = std::make_unique<Secret>("a-long-secret");
    const Secret copy = *original;
    original.reset();
    EXPECT_TRUE(copy.matches("a-long-secret"));
}

TEST(SecretValue, taking_a_text_wipes_it) {
    std::string text(100, 'x');
    text.resize(20);
    const char* memory = text.data();
    wipe(text);
    EXPECT_TRUE(text.empty());
    EXPECT_EQ(std::string(memory, 1), std::string(1, '\0'));
}

/// A folder with files, gone with the object.
class SecretSources : public testing::Test {
  protected:
    SecretSources() {
        std::string name = (std::filesystem::temp_directory_path() / "garita-XXXXXX").string();
        folder_ = ::mkdtemp(name.data());
    }
    ~SecretSources() override {
        std::filesystem::remove_all(folder_);
        ::unsetenv("CREDENTIALS_DIRECTORY");
        ::unsetenv("GARITA_TEST_SECRET");
    }
    std::string file(const std::string& text, mode_t mode = 0600) {
        const std::string path = folder_ / ("file" + std::to_string(++files_));
        std::ofstream(path, std::ios::binary) << text;
        EXPECT_EQ(::chmod(path.c_str(), mode), 0);
        return path;
    }
    static Result<Secret> from_file(const std::string& path) {
        return fetch_secret({SecretSource::Place::file, path, {}});
    }

    std::filesystem::path folder_;
    int files_ = 0;
};

TEST_F(SecretSources, a_file_loses_one_line_end) {
    EXPECT_TRUE(from_file(file("secret\n")).value().matches("secret"));
    EXPECT_TRUE(from_file(file("secret\r\n")).value().matches("secret"));
    EXPECT_TRUE(from_file(file("secret")).value().matches("secret"));
    EXPECT_TRUE(from_file(file("secret\n\n")).value().matches("secret\n"));
    EXPECT_TRUE(from_file(file(" s \n")).value().matches(" s "));
}

TEST_F(SecretSources, a_file_that_everybody_may_read_is_refused_with_the_cure) {
    for (const mode_t mode : {0604U, 0602U, 0644U}) {
        const std::string path = file("hunter2", mode);
        const auto secret = from_file(path);
        ASSERT_FALSE(secret) << mode;
        EXPECT_THAT(secret.error().text, HasSubstr("chmod o= " + path));
        EXPECT_THAT(secret.error().text, Not(HasSubstr("hunter2")));
    }
    EXPECT_TRUE(from_file(file("secret", 0640))) << "a group may share it";
}

TEST_F(SecretSources, what_is_no_sensible_file_is_refused) {
    EXPECT_THAT(from_file(folder_ / "absent").error().text, HasSubstr("cannot be opened: No such file"));
    EXPECT_THAT(from_file(folder_).error().text, HasSubstr("is not a regular file"));
    EXPECT_THAT(from_file("/dev/zero").error().text, HasSubstr("is not a regular file"));
    EXPECT_THAT(from_file(file("")).error().text, HasSubstr("is empty"));
    EXPECT_THAT(from_file(file("\n")).error().text, HasSubstr("is empty"));
    EXPECT_THAT(from_file(file(std::string(65537, 'x'))).error().text, HasSubstr("larger than 64 KiB"));
    EXPECT_TRUE(from_file(file(std::string(65536, 'x'))));
    const std::string pipe = folder_ / "pipe";
    ASSERT_EQ(::mkfifo(pipe.c_str(), 0600), 0);
    EXPECT_THAT(from_file(pipe).error().text, HasSubstr("is not a regular file")) << "and does not hang";
}

TEST_F(SecretSources, variables_and_credentials) {
    const SecretSource variable{SecretSource::Place::variable, "GARITA_TEST_SECRET", {}};
    EXPECT_THAT(fetch_secret(variable).error().text, HasSubstr("GARITA_TEST_SECRET is not set"));
    ::setenv("GARITA_TEST_SECRET", "from the environment", 1);
    EXPECT_TRUE(fetch_secret(variable).value().matches("from the environment"));

    const std::filesystem::path path = file("from the unit\n", 0400);
    const SecretSource credential{SecretSource::Place::credential, path.filename(), {}};
    EXPECT_THAT(fetch_secret(credential).error().text, HasSubstr("LoadCredential="));
    ::setenv("CREDENTIALS_DIRECTORY", folder_.c_str(), 1);
    EXPECT_TRUE(fetch_secret(credential).value().matches("from the unit"));
}

}  // namespace
}  // namespace garita::runtime
