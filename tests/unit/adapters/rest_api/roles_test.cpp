// Who may do what: the table of the manual is the table of the code.

#include <fstream>
#include <sstream>

#include <gtest/gtest.h>

#include "adapters/rest_api/caller.hpp"
#include "adapters/rest_api/ssh_caller.hpp"
#include "model/danger.hpp"
#include "model/rights.hpp"

namespace garita::rest_api {
namespace {

TEST(Roles, TheManualSaysWhatTheTableSays) {
    std::ifstream file(std::string(GARITA_SOURCE_DIR) + "/docs/security.md");
    std::stringstream manual;
    manual << file.rdbuf();
    const std::string text = manual.str();
    for (const auto& row : rights()) {
        const std::string line =
            "| " + std::string(row.words) + " | " + std::string(to_text(row.role)) + " |";
        EXPECT_NE(text.find(line), std::string::npos) << "docs/security.md lacks: " << line;
    }
}

TEST(Roles, EachMayDoWhatTheOnesBeforeItMay) {
    const auto of = [](Role role) { return scopes_of(role); };
    EXPECT_EQ(of(Role::viewer), (std::set{Scope::cases_read, Scope::rules_read, Scope::status_read}));
    EXPECT_TRUE(of(Role::operator_).contains(Scope::decisions_write));
    EXPECT_TRUE(of(Role::operator_).contains(Scope::rules_write));
    EXPECT_FALSE(of(Role::operator_).contains(Scope::audit_read));
    EXPECT_TRUE(of(Role::approver).contains(Scope::audit_read));
    EXPECT_FALSE(of(Role::approver).contains(Scope::alerts_write));
    EXPECT_TRUE(of(Role::administrator).contains(Scope::alerts_write));
    for (const auto response : {Response::resume, Response::undo, Response::confirm})
        EXPECT_EQ(role_needed(response, std::nullopt), Role::approver) << to_text(response);
}

TEST(SshCaller, ReadsTheLineOfAProcessWhateverItsName) {
    const auto read = parse_process_line(
        "4711 (a) b (sshd) S 99 4711 4711 0 -1 4194560 1 2 3 4 5 6 7 8 20 0 1 0 123456 9 9 9");
    ASSERT_TRUE(read);
    EXPECT_EQ(read->name, "a) b (sshd");
    EXPECT_EQ(read->parent, 99);
    EXPECT_EQ(read->start_ticks, 123456U);
    for (const auto* broken : {"", "4711", "4711 (sshd", "4711 (sshd) S",
                               "4711 (sshd) S x 1 1 0 -1 4 1 2 3 4 5 6 7 8 20 0 1 0 5", ")("})
        EXPECT_FALSE(parse_process_line(broken)) << broken;
}

TEST(SshCaller, AProcessThatIsNotThereBelongsToNoSession) {
    EXPECT_FALSE(ssh_session_began(0, Time{}));
    EXPECT_FALSE(ssh_session_began(-1, Time{}));
    EXPECT_FALSE(ssh_session_began(1, Time{}));
}

}  // namespace
}  // namespace garita::rest_api
