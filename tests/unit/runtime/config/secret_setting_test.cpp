// Secrets as they stand in a file.

#include <cstdlib>
#include <filesystem>
#include <fstream>
#include <unistd.h>

#include <gmock/gmock.h>
#include <sys/stat.h>

#include "runtime/config/document.hpp"

namespace garita::runtime {
namespace {

using testing::ElementsAre;
using testing::HasSubstr;
using testing::IsEmpty;
using testing::Not;

Document with_code(const std::string& code) {
    return Document::parse("hub:\nagents:\n  web1: {code: " + code + "}\n", "f.yml", Outside::look);
}

std::vector<std::string> errors(const std::string& code) {
    return with_code(code).texts(Problem::Weight::error);
}

TEST(SecretSetting, is_text_or_one_place) {
    EXPECT_THAT(errors("a-long-code"), IsEmpty());
    EXPECT_THAT(errors("[a]"), ElementsAre(HasSubstr("f.yml:3:16: agents.web1.code: a list stands here")));
    EXPECT_THAT(errors("{}"), ElementsAre(HasSubstr("one key says where the secret is")));
    EXPECT_THAT(errors("{file: /x, env: X}"), ElementsAre(HasSubstr("one key says where the secret is")));
    EXPECT_THAT(errors("{fiel: /x}"),
                ElementsAre(testing::AllOf(HasSubstr("'fiel' is not a place of secrets"),
                                           HasSubstr("did you mean 'file'?"))));
    EXPECT_THAT(errors("{file: x}"), ElementsAre(HasSubstr("'x' is not an absolute path")));
    EXPECT_THAT(errors("{env: 'A B'}"), ElementsAre(HasSubstr("'A B' is not a name")));
    EXPECT_THAT(errors("{credential: ../x}"), ElementsAre(HasSubstr("'../x' is not a name")));
    EXPECT_THAT(errors("{env: [x]}"), ElementsAre(HasSubstr("'env' wants one name")));
}

TEST(SecretSetting, is_never_shown) {
    EXPECT_THAT(errors("hunter2"),
                ElementsAre(testing::AllOf(HasSubstr("the secret is too short"), Not(HasSubstr("hunter2")))));
}

TEST(SecretSetting, what_only_the_service_sees_is_a_warning) {
    const auto variable = with_code("{env: GARITA_NOT_SET_ANYWHERE}");
    EXPECT_TRUE(variable.fine());
    EXPECT_THAT(variable.texts(Problem::Weight::warning),
                ElementsAre(HasSubstr("GARITA_NOT_SET_ANYWHERE is not set")));
    const auto credential = with_code("{credential: web1}");
    EXPECT_TRUE(credential.fine());
    EXPECT_THAT(credential.texts(Problem::Weight::warning),
                ElementsAre(HasSubstr("LoadCredential=web1:PATH")));
}

TEST(SecretSetting, a_file_that_is_not_there_or_open_to_all_is_a_mistake) {
    EXPECT_THAT(errors("{file: /nowhere/code}"),
                ElementsAre(HasSubstr("/nowhere/code cannot be opened: No such file")));
    std::string path = (std::filesystem::temp_directory_path() / "garita-secret-XXXXXX").string();
    ::close(::mkstemp(path.data()));
    std::ofstream(path) << "a-long-code\n";
    ASSERT_EQ(::chmod(path.c_str(), 0644), 0);
    EXPECT_THAT(errors("{file: " + path + "}"), ElementsAre(HasSubstr("chmod o= " + path)));
    ASSERT_EQ(::chmod(path.c_str(), 0600), 0);
    EXPECT_THAT(errors("{file: " + path + "}"), IsEmpty());
    std::ofstream(path) << "short\n";
    EXPECT_THAT(errors("{file: " + path + "}"), ElementsAre(HasSubstr("is too short")));
    std::filesystem::remove(path);
}

}  // namespace
}  // namespace garita::runtime
