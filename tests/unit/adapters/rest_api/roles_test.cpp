// Who may do what: the table of the manual is the table of the code.

#include <filesystem>
#include <fstream>
#include <sstream>

#include <gtest/gtest.h>

#include "adapters/rest_api/caller.hpp"
#include "adapters/rest_api/ssh_caller.hpp"
#include "model/danger.hpp"
#include "model/rights.hpp"
#include "support/temporary_directory.hpp"

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
    EXPECT_EQ(of(Role::viewer),
              (std::set{Scope::cases_read, Scope::rules_read, Scope::status_read, Scope::access_read}));
    EXPECT_TRUE(of(Role::operator_).contains(Scope::decisions_write));
    EXPECT_TRUE(of(Role::operator_).contains(Scope::rules_write));
    EXPECT_TRUE(of(Role::operator_).contains(Scope::access_write));
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

TEST(SshCaller, AProcessOfNobodysBelongsToNoSession) {
    using Seen = CallersSession::Seen;
    for (const pid_t process : {0, -1, 1})
        EXPECT_EQ(ssh_session_of(process, Time{}).seen, Seen::none) << process;
    EXPECT_EQ(ssh_session_of(0x7ffffff0, Time{}).seen, Seen::hidden);
}

Ancestor ancestor(const char* name, Ancestor::Owner owner, std::uint64_t start_ticks) {
    return {{name, 1, start_ticks}, owner};
}

TEST(SshCaller, TheSessionHangsOnTheNearestSshdThatIsRoots) {
    using enum Ancestor::Owner;
    const std::vector<Ancestor> usual{ancestor("garita", other, 9), ancestor("bash", other, 8),
                                      ancestor("sshd", other, 7),   ancestor("sshd", root, 6),
                                      ancestor("sshd", root, 2),    ancestor("systemd", root, 1)};
    ASSERT_NE(sshd_above(usual), nullptr);
    EXPECT_EQ(sshd_above(usual)->line.start_ticks, 6U);
    auto by_sudo = usual;
    by_sudo.insert(by_sudo.begin() + 1, ancestor("sudo", root, 9));
    EXPECT_EQ(sshd_above(by_sudo)->line.start_ticks, 6U);
    const std::vector<Ancestor> of_root{ancestor("garita", root, 9), ancestor("bash", root, 8),
                                        ancestor("sshd-session", root, 7), ancestor("sshd", root, 2)};
    EXPECT_EQ(sshd_above(of_root)->line.start_ticks, 7U);
}

TEST(SshCaller, WhatAnOrdinaryUserCallsSshdIsNone) {
    using enum Ancestor::Owner;
    const std::vector<Ancestor> in_old_session{ancestor("garita", other, 99), ancestor("sshd", other, 98),
                                               ancestor("bash", other, 8),    ancestor("sshd", other, 7),
                                               ancestor("sshd", root, 6),     ancestor("systemd", root, 1)};
    ASSERT_NE(sshd_above(in_old_session), nullptr);
    EXPECT_EQ(sshd_above(in_old_session)->line.start_ticks, 6U) << "the real one, which is old";
    const std::vector<Ancestor> sudo_as_sshd{ancestor("garita", other, 99), ancestor("sshd", root, 98),
                                             ancestor("bash", other, 8), ancestor("login", root, 6)};
    EXPECT_EQ(sshd_above(sudo_as_sshd), nullptr);
    EXPECT_EQ(sshd_above({}), nullptr);
}

TEST(SshCaller, WhereAnAncestorCannotBeSeenNobodyCanTell) {
    using Seen = CallersSession::Seen;
    const support::TemporaryDirectory proc;
    const auto add = [&](const std::string& pid, const std::string& name, const std::string& parent) {
        std::filesystem::create_directories(proc / pid);
        std::ofstream(proc / pid + "/stat")
            << pid << " (" << name << ") S " << parent << " 1 1 0 -1 4 1 2 3 4 5 6 7 8 20 0 1 0 500 9 9";
        std::ofstream(proc / pid + "/status") << "Name:\t" << name << "\nUid:\t0\t0\t0\t0\n";
    };
    add("70", "garita", "60");
    EXPECT_EQ(ssh_session_of(70, Time{}, proc.path()).seen, Seen::hidden);
    add("60", "sshd", "1");
    EXPECT_EQ(ssh_session_of(70, Time{}, proc.path()).seen, Seen::session);
    std::ofstream(proc / "60/status") << "Name:\tsshd\nUid:\t1000\t0\t0\t0\n";
    EXPECT_EQ(ssh_session_of(70, Time{}, proc.path()).seen, Seen::none);
    std::filesystem::remove(proc / "60/status");
    EXPECT_EQ(ssh_session_of(70, Time{}, proc.path()).seen, Seen::hidden);
}

}  // namespace
}  // namespace garita::rest_api
