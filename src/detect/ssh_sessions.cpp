#include "detect/ssh_sessions.hpp"

#include <algorithm>
#include <tuple>

#include "detect/sshd_line.hpp"

namespace garita::detect {
namespace {

constexpr Duration look_interval = std::chrono::seconds(1);
constexpr std::size_t alarmed_kept = 1024;
constexpr std::size_t named_in_description = 5;

std::string endpoint(const IpAddress& address, std::uint16_t port) {
    const auto text = address.text();
    return (address.is_v4() ? text : "[" + text + "]") + ":" + std::to_string(port);
}

Severity severity_of(std::string_view user, std::string_view method) {
    const bool by_password = method.starts_with("password") || method.starts_with("keyboard-interactive");
    return user == "root" || by_password ? Severity::warning : Severity::info;
}

Alert alert_about(const IpAddress& peer, std::uint16_t port, std::string_view user) {
    Alert alert;
    alert.kind = "ssh_login";
    const auto clean_user = clean_fact(user, 64);
    alert.subject = clean_user + "@" + endpoint(peer, port);
    alert.address = IpNetwork(peer);
    alert.facts["user"] = clean_user;
    alert.facts["peer_port"] = std::to_string(port);
    return alert;
}

std::string evidence_of(const SshSession& session) {
    return session.server == SshServer::hosts_own ? "connection" : "process";
}

void add_process(Facts& facts, const ProcessRef& process) {
    facts["pid"] = std::to_string(process.pid);
    facts["start_ticks"] = std::to_string(process.start_ticks);
}

}  // namespace

SshSessions::SshSessions(SshSessionsSettings settings, ProcessTable& table)
    : settings_(std::move(settings)), table_(table), stamps_(settings_.zone, EventTime{}) {}

std::string SshSessions::describe() const {
    std::string text = "every SSH login to this host";
    if (open_at_start_.empty()) return text;
    text += "; open before the start, and not alarmed: ";
    for (std::size_t i = 0; i < std::min(open_at_start_.size(), named_in_description); ++i) {
        const auto& session = open_at_start_[i];
        text += (i == 0 ? "" : ", ") + clean_fact(session.user, 64) + "@" +
                endpoint(session.peer, session.peer_port);
    }
    if (open_at_start_.size() > named_in_description)
        text += " and " + std::to_string(open_at_start_.size() - named_in_description) + " more";
    return text;
}

std::vector<std::string> SshSessions::troubles(Time) const {
    std::vector<std::string> troubles;
    if (!trouble_.empty()) troubles.push_back(trouble_);
    if (settings_.connections != SshSessionsSettings::Connections::ignored && !lines_come_ && looked_at_)
        troubles.push_back(
            "no line of sshd's log has come yet; logins are seen by looking at connections once a second, "
            "and "
            "shorter sessions are missed: see that sshd logs to the journal or to auth.log");
    return troubles;
}

void SshSessions::on_line(const LogLine& line, Time now, AlertSink& sink) {
    lines_come_ = true;
    auto message = line.text;
    Login login;
    login.pid = line.pid;
    login.trust = line.writer == Writer::proven ? Trust::kernel : Trust::text;
    auto at = line.at.value_or(now);
    auto host = line.host;
    if (!line.at) {
        const auto fields = split_syslog_line(line.text);
        if (!fields || !is_sshd(fields->program)) return;
        message = fields->message;
        host = fields->host;
        stamps_.set_reference(std::chrono::floor<std::chrono::seconds>(now));
        if (const auto stamp = stamps_.read(fields->stamp)) at = std::min(Time(*stamp), now);
    }
    const auto accepted = parse_sshd_login(message);
    if (!accepted) return;
    login.peer = accepted->address;
    login.port = accepted->port;
    login.alert = alert_about(accepted->address, accepted->port, accepted->user);
    login.alert.uid = alert_uid(login.alert.kind, line);
    login.alert.severity = severity_of(accepted->user, accepted->method);
    login.alert.at = at;
    login.alert.facts["method"] = clean_fact(accepted->method, 64);
    if (!accepted->fingerprint.empty())
        login.alert.facts["key"] =
            clean_fact(std::string(accepted->key_type) + " " + std::string(accepted->fingerprint), 128);
    if (!host.empty()) login.alert.facts["host"] = clean_fact(host, 128);
    new_.push_back(std::move(login));
    if (new_.size() >= alarmed_kept) settle(now, sink);  // a storm of logins must not pile up
}

void SshSessions::tie(Login& login, const std::vector<SshSession>& sessions) {
    auto& facts = login.alert.facts;
    const auto session = std::find_if(sessions.begin(), sessions.end(), [&](const SshSession& open) {
        return open.peer == login.peer && open.peer_port == login.port;
    });
    // a line of a text file may be forged to name somebody else's session
    const bool same_user =
        session != sessions.end() &&
        (login.trust == Trust::kernel || session->user.empty() || session->user == facts["user"]);
    if (same_user) {
        add_process(facts, session->process);
        facts["local_port"] = std::to_string(session->local_port);
        facts["evidence"] = evidence_of(*session);
        return;
    }
    facts["evidence"] = login.trust == Trust::kernel ? "journal" : "log";
    // the id in a text line could be that of any process; the journal's is the writer's
    const auto process =
        login.trust == Trust::kernel && login.pid > 0 ? table_.process(login.pid) : std::nullopt;
    if (process && process->command.starts_with("sshd"))
        add_process(facts, *process);
    else
        facts["ended"] = "yes";
}

void SshSessions::settle(Time, AlertSink& sink) {
    if (new_.empty()) return;
    const auto sessions = table_.list_ssh_sessions();
    trouble_ = sessions ? "" : "logins cannot be tied to their sessions: " + sessions.error().text;
    for (auto& login : new_) {
        tie(login, sessions ? *sessions : std::vector<SshSession>());
        const auto& facts = login.alert.facts;
        if (const auto pid = facts.find("pid"); pid != facts.end()) {
            const ProcessRef process{std::stoi(pid->second), std::stoull(facts.at("start_ticks")), {}};
            if (was_alarmed(process)) continue;
            remember(process);
        }
        sink.add(std::move(login.alert));
    }
    new_.clear();
}

bool SshSessions::was_alarmed(const ProcessRef& process) const {
    return std::any_of(alarmed_.begin(), alarmed_.end(), [&](const ProcessRef& known) {
        return known.pid == process.pid && known.start_ticks == process.start_ticks;
    });
}

void SshSessions::remember(const ProcessRef& process) {
    if (alarmed_.size() == alarmed_kept) alarmed_.pop_front();
    alarmed_.push_back({process.pid, process.start_ticks, {}});
}

void SshSessions::look_at_connections(Time now, AlertSink& sink) {
    const auto sessions = table_.watch_ssh_sessions();
    const bool first = !looked_at_;
    looked_at_ = now;
    trouble_ = sessions ? "" : "SSH sessions cannot be listed: " + sessions.error().text;
    if (!sessions) return;
    for (const auto& session : *sessions) {
        if (session.user.empty() || was_alarmed(session.process)) continue;
        remember(session.process);
        if (first) {
            open_at_start_.push_back(session);
            continue;
        }
        auto alert = alert_about(session.peer, session.peer_port, session.user);
        alert.uid = alert_uid(alert.kind, std::to_string(session.process.pid) + "-" +
                                              std::to_string(session.process.start_ticks) + "-" +
                                              std::to_string(to_micros(now)));
        alert.severity = severity_of(session.user, "");
        alert.at = now;
        add_process(alert.facts, session.process);
        alert.facts["local_port"] = std::to_string(session.local_port);
        alert.facts["evidence"] = evidence_of(session);
        sink.add(std::move(alert));
    }
}

Duration SshSessions::tick(Time now, AlertSink& sink) {
    settle(now, sink);
    const bool watching = settings_.connections != SshSessionsSettings::Connections::ignored && !lines_come_;
    if (!looked_at_ || (watching && (now < *looked_at_ || now - *looked_at_ >= look_interval)))
        look_at_connections(now, sink);
    return watching ? std::max(Duration(0), look_interval - (now - *looked_at_)) : no_tick_wanted;
}

}  // namespace garita::detect
