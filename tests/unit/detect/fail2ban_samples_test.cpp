// fail2ban's own samples of sshd's log as an oracle: Debian's package fail2ban installs them. Each sample
// says whether it is a failure and whose. Not every failure is one for us (host names instead of addresses,
// SSH 1, other systems' syslog), but an address of ours that is not theirs would be a false accusation.

#include <fstream>
#include <optional>
#include <string>

#include <gtest/gtest.h>

#include "detect/sshd_line.hpp"
#include "detect/syslog_line.hpp"

namespace garita::detect {
namespace {

constexpr const char* samples = "/usr/lib/python3/dist-packages/fail2ban/tests/files/logs/sshd";

/// The text of a member of the small JSON objects in the comments; their strings hold no escapes where we
/// look.
std::optional<std::string> member(const std::string& json, const std::string& name) {
    const auto at = json.find("\"" + name + "\"");
    if (at == std::string::npos) return std::nullopt;
    auto begin = json.find_first_not_of(" :", at + name.size() + 2);
    if (begin == std::string::npos) return std::nullopt;
    const bool quoted = json[begin] == '"';
    if (quoted) ++begin;
    return json.substr(begin, json.find_first_of(quoted ? "\"" : " ,}", begin) - begin);
}

TEST(SshdFailure, AgreesWithTheSamplesOfFail2ban) {
    std::ifstream file(samples);
    if (!file) GTEST_SKIP() << "the package fail2ban with its samples is not installed: " << samples;
    std::string line;
    std::string wanted;
    int agreed = 0;
    while (std::getline(file, line)) {
        if (line.find("filterOptions") != std::string::npos && line.find("[{}") == std::string::npos) break;
        if (line.rfind("# failJSON:", 0) == 0) wanted = line;
        if (line.empty() || line[0] == '#' || wanted.empty()) continue;
        const auto fields = split_syslog_line(line);
        const auto failure = fields ? parse_sshd_failure(fields->message) : std::nullopt;
        const auto host = IpAddress::parse(member(wanted, "host").value_or(""));
        if (member(wanted, "match") == "true") {
            EXPECT_EQ(failure && host ? failure->address.text() : "", failure && host ? host->text() : "")
                << line;
            agreed += failure && host ? 1 : 0;
        } else if (failure) {
            EXPECT_NE(failure->kind, SshdFailureKind::attempt) << line;
        }
        wanted.clear();
    }
    EXPECT_GE(agreed, 30);
}

}  // namespace
}  // namespace garita::detect
