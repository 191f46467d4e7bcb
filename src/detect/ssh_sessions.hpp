#pragma once
// Sees every SSH login to this host, from sshd's own words, and ties it to the live connection so that
// exactly this session can be closed.

#include <deque>
#include <memory>
#include <optional>
#include <string>
#include <vector>

#include "detect/detector.hpp"
#include "detect/process_table.hpp"
#include "detect/syslog_line.hpp"

namespace garita::detect {

struct SshSessionsSettings {
    /// Where no log of sshd is (a container without journal and syslog), its connections themselves are
    /// looked at once a second, until the first line shows that there is a log. Shorter sessions are missed.
    enum class Connections { ignored, watched_until_lines_come };
    Connections connections = Connections::watched_until_lines_come;
    LocalZone zone = system_zone();  ///< of stamps in auth.log
};

/// Alerts of kind "ssh_login"; the subject is "user@address:port".
/// Severity: warning for root and for a login by password, else info.
/// Facts: user, peer_port, method; where known key, host, pid, start_ticks, local_port;
/// `evidence`: "connection" (the session is open and was found), "journal" (written by sshd, as the kernel
/// says), "log" (a line with no session to it whose writer nobody vouches for: any local user can write one
/// into auth.log, and root's programs into the journal if they are gone before journald looks); `ended`:
/// "yes" when the session was over before it could be looked at.
class SshSessions final : public Detector {
  public:
    /// The table must outlive it.
    SshSessions(SshSessionsSettings settings, ProcessTable& table);

    [[nodiscard]] std::string_view name() const override { return "ssh_sessions"; }
    [[nodiscard]] std::string describe() const override;
    [[nodiscard]] std::vector<std::string> troubles(Time now) const override;
    void on_line(const LogLine& line, Time now, AlertSink& sink) override;
    Duration tick(Time now, AlertSink& sink) override;

    /// Sessions that were open before the start: listed, never alarmed.
    [[nodiscard]] const std::vector<SshSession>& open_at_start() const { return open_at_start_; }

  private:
    enum class Trust { kernel, text };  ///< whether the writer of the line is known to be sshd
    struct Login {
        Alert alert;
        std::int32_t pid = 0;
        Trust trust = Trust::text;
        IpAddress peer;
        std::uint16_t port = 0;
    };

    void tie(Login& login, const std::vector<SshSession>& sessions);
    void settle(Time now, AlertSink& sink);
    void look_at_connections(Time now, AlertSink& sink);
    [[nodiscard]] bool was_alarmed(const ProcessRef& process) const;
    void remember(const ProcessRef& process);

    SshSessionsSettings settings_;
    ProcessTable& table_;
    SyslogStamps stamps_;
    std::vector<Login> new_;
    std::vector<SshSession> open_at_start_;
    std::deque<ProcessRef> alarmed_;  // the last ones, whichever way they were seen
    std::optional<Time> looked_at_;
    bool lines_come_ = false;
    std::string trouble_;
};

}  // namespace garita::detect
