#include "programs/hub_access/access_setup.hpp"

#include "access/port_range.hpp"
#include "adapters/zoneinfo/local_clock.hpp"

namespace garita::programs {
void hide_access_secrets(const runtime::AccessConfig& config, const runtime::Log& log) {
    if (config.mailbox) log.redact(config.mailbox->password);
    for (const auto& one : config.databases)
        log.redact(one.password);
    for (const auto& one : config.switches) {
        log.redact(one.password);
        log.redact(one.enable_secret);
    }
}

access::Inventory inventory_of(const runtime::AccessConfig& config) {
    std::vector<access::ListedSwitch> switches;
    for (const auto& one : config.switches)
        switches.push_back({one.name, one.address, one.aliases});
    return access::Inventory(switches, config.excluded, config.syslog.relays);
}

access::SwitchLogin login_of(const runtime::SwitchConfig& config) {
    using From = runtime::SwitchConfig;
    using To = access::SwitchLogin;
    To login;
    login.name = config.name;
    login.host = config.address.text();
    login.port = config.port;
    login.transport = config.transport == From::Transport::ssh ? To::Transport::ssh : To::Transport::telnet;
    login.user = config.user;
    login.password = config.password.reveal();
    login.key_file = config.key_file;
    login.enable_secret = config.enable_secret.reveal();
    login.host_keys = config.host_keys;
    login.algorithms =
        config.algorithms == From::Algorithms::modern ? To::Algorithms::modern : To::Algorithms::legacy;
    login.connect_within = config.connect_within;
    login.answer_within = config.answer_within;
    login.save_within = config.save_within;
    return login;
}

Result<access::SwitchRoomSettings> room_of(const runtime::AccessConfig& access,
                                           const runtime::SwitchConfig& config) {
    access::SwitchRoomSettings settings;
    settings.login = login_of(config);
    for (const auto& written : config.never) {
        const auto ports = access::parse_port_range(written);
        if (!ports)
            return fail(ports.error().code,
                        "access.switches." + config.name + ".never: " + ports.error().text);
        settings.never.insert(settings.never.end(), ports->begin(), ports->end());
    }
    if (access.dry_run || config.dry_run) settings.dry_run = access::DryRun::yes;
    return settings;
}

std::vector<syslog::Listen> listen_of(const runtime::AccessSyslogConfig& config,
                                      const runtime::tls::KeyPaths& hub_keys) {
    using From = runtime::AccessListenConfig::Transport;
    using To = syslog::Listen::Transport;
    std::vector<syslog::Listen> all;
    for (const auto& one : config.listen) {
        syslog::Listen listen;
        listen.transport = one.transport == From::udp   ? To::udp
                           : one.transport == From::tcp ? To::tcp
                                                        : To::tls;
        listen.address = one.address;
        listen.port = one.port;
        if (listen.transport == To::tls)
            listen.files = config.certificate.empty()
                               ? hub_keys
                               : runtime::tls::KeyPaths{config.certificate, config.key};
        all.push_back(std::move(listen));
    }
    return all;
}

rsyslog_db::Settings database_of(const runtime::AccessDatabaseConfig& config) {
    rsyslog_db::Settings settings;
    settings.host = config.host;
    settings.port = config.port;
    settings.database = config.database;
    settings.user = config.user;
    settings.password = config.password;
    settings.tls = config.tls == runtime::AccessDatabaseConfig::Tls::off
                       ? rsyslog_db::Settings::Tls::off
                       : rsyslog_db::Settings::Tls::verified;
    settings.authority = config.ca;
    return settings;
}

std::unique_ptr<rsyslog_db::Table> table_of(const runtime::AccessDatabaseConfig& config) {
    return config.kind == runtime::AccessDatabaseConfig::Kind::mariadb
               ? rsyslog_db::make_mariadb(database_of(config))
               : rsyslog_db::make_postgresql(database_of(config));
}

DatabasePoll::Settings poll_of(const runtime::AccessDatabaseConfig& config) {
    DatabasePoll::Settings settings;
    settings.name = config.name;
    settings.table = config.host + ' ' + std::to_string(config.port) + ' ' + config.database;
    settings.every = config.every;
    settings.overlap = config.overlap;
    settings.look_back = config.look_back;
    return settings;
}

Result<access::WorkingHours> hours_of(const runtime::HubConfig& config, const runtime::AccessConfig& access) {
    const auto& zone = access.hours.time_zone.empty() ? config.time_zone : access.hours.time_zone;
    const auto clock = zoneinfo::find_clock(zone);
    if (!clock) return tl::unexpected(clock.error());
    access::WorkingHours hours;
    hours.clock = *clock;
    for (std::size_t day = 0; day < hours.days.size(); ++day) {
        hours.days[day].clear();
        for (const auto& span : access.hours.days[day])
            hours.days[day].push_back({span.from, span.to});
    }
    hours.holidays = access.hours.holidays;
    return hours;
}

access::DeskSettings desk_settings(const runtime::AccessConfig& access, const access::WorkingHours& hours) {
    access::DeskSettings settings;
    for (const auto& one : access.switches)
        settings.switches.push_back(one.name);
    settings.hours = hours;
    settings.deadline = access.deadline;
    settings.code_life = access.proof.code_life;
    settings.dry_run = access.dry_run ? access::DryRun::yes : access::DryRun::no;
    settings.most_open = static_cast<std::size_t>(access.most_open);
    return settings;
}

access::Addressees addressees_of(const runtime::HubConfig& config, const runtime::AccessConfig& access,
                                 const access::WorkingHours& hours) {
    access::Addressees to;
    to.notify = access.notify;
    to.language = config.language;
    to.people = config.people;
    to.clock = hours.clock;
    return to;
}

access_archive::Archive::Settings archive_of(const runtime::HubConfig& config,
                                             const access::WorkingHours& hours) {
    access_archive::Archive::Settings archive;
    archive.folder = config.state / "access-archive";
    archive.keep = config.access->keep;
    archive.clock = hours.clock;
    return archive;
}

}  // namespace garita::programs
