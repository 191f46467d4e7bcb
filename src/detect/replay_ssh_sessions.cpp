#include <algorithm>
#include <unordered_map>

#include "detect/replay.hpp"
#include "detect/replay_lines.hpp"
#include "detect/sshd_line.hpp"
#include "detect/syslog_line.hpp"

namespace garita::detect {
namespace {

class LoginTable {
  public:
    explicit LoginTable(LoginReport& report) : report_(report) {}

    void add(const SshdLogin& login, EventTime when) {
        ++report_.matched;
        key_.assign(login.user)
            .append(1, '\0')
            .append(login.method)
            .append(1, '\0')
            .append(login.fingerprint);
        key_.append(reinterpret_cast<const char*>(login.address.bytes().data()), login.address.size());
        const auto it = places_.find(key_);
        if (it != places_.end()) return extend(report_.logins[it->second], when);
        if (report_.logins.size() == LoginReport::most_logins) {
            ++report_.left_out;
            return;
        }
        places_.emplace(key_, report_.logins.size());
        report_.logins.push_back({std::string(login.user), login.address, std::string(login.method),
                                  std::string(login.fingerprint), 1, when, when});
    }

  private:
    static void extend(ReplayLogin& login, EventTime when) {
        ++login.count;
        login.first = std::min(login.first, when);
        login.last = std::max(login.last, when);
    }

    LoginReport& report_;
    std::unordered_map<std::string, std::size_t> places_;
    std::string key_;
};

}  // namespace

Result<LoginReport> replay_ssh_sessions(const std::vector<std::string>& files,
                                        const ReplaySshSessions& options, const ReplayProgress& progress) {
    LoginReport report;
    LoginTable table(report);
    SyslogStamps stamps(options.zone, options.now);
    const auto begin = [&](const ReplaySource& source) {
        const EventTime changed{std::chrono::seconds{source.changed_at()}};
        stamps.set_reference(source.changed_at() == 0 ? options.now : changed);
    };
    const auto take = [&](std::string_view line) {
        const auto fields = split_syslog_line(line);
        if (!fields) {
            ++report.unparsed;
            return;
        }
        if (!is_sshd(fields->program)) return;
        const auto login = parse_sshd_login(fields->message);
        if (!login) return;
        if (const auto when = stamps.read(fields->stamp))
            table.add(*login, *when);
        else
            ++report.unparsed;
    };
    const auto count = replay_lines(files, progress, begin, take);
    if (!count) return tl::unexpected<Error>(count.error());
    report.lines = count->lines;
    report.unparsed += count->overlong;
    std::stable_sort(report.logins.begin(), report.logins.end(),
                     [](const ReplayLogin& a, const ReplayLogin& b) { return a.first < b.first; });
    return report;
}

}  // namespace garita::detect
