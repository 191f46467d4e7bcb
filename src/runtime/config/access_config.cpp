#include "runtime/config/access_config.hpp"

#include <algorithm>

#include "model/mail_identity.hpp"
#include "runtime/config/build.hpp"
#include "runtime/config/switch_config.hpp"
#include "runtime/config/values.hpp"

namespace garita::runtime {

namespace {

AccessMailboxConfig build_mailbox(const Section& section, SecretFetcher& secrets) {
    using Mailbox = AccessMailboxConfig;
    Mailbox mailbox;
    const std::string security = section.text("security");
    mailbox.protocol = section.text("protocol") == "pop3" ? Mailbox::Protocol::pop3 : Mailbox::Protocol::imap;
    mailbox.security = security == "starttls" ? Mailbox::Security::starttls
                       : security == "none"   ? Mailbox::Security::none
                                              : Mailbox::Security::tls;
    mailbox.server = section.text("server");
    mailbox.port = static_cast<std::uint16_t>(
        section.integer_if_given("port").value_or(usual_mailbox_port(mailbox.protocol, mailbox.security)));
    mailbox.user = section.text("user");
    mailbox.password = secrets.fetch(section, "password");
    mailbox.ca = section.text("ca");
    mailbox.pin = parse_pin(section.text("pin")).value_or("");
    mailbox.folder = section.text("folder");
    mailbox.after = section.text("after") == "remove" ? Mailbox::After::remove : Mailbox::After::mark;
    mailbox.every = section.span("every");
    mailbox.timeout = section.span("timeout");
    return mailbox;
}

AccessProofConfig build_proof(const Section& section) {
    AccessProofConfig proof;
    proof.dkim = section.yes("dkim");
    proof.code = section.yes("code");
    proof.code_life = section.span("code_life");
    proof.keys_file = section.text("keys_file");
    proof.parents = section.texts("parents");
    proof.authentication_results = section.text("authentication_results");
    for (const auto& file : section.texts("openpgp_keys"))
        proof.openpgp_keys.emplace_back(file);
    proof.oldest = section.span("oldest");
    return proof;
}

AccessSyslogConfig build_syslog(const Section& section) {
    AccessSyslogConfig syslog;
    for (const auto& text : section.texts("listen"))
        if (const auto listen = parse_listen(text)) syslog.listen.push_back(*listen);
    syslog.relays = section.networks("relays");
    syslog.certificate = section.text("certificate");
    syslog.key = section.text("key");
    return syslog;
}

AccessDatabaseConfig build_database(const std::string& name, const Section& section, SecretFetcher& secrets) {
    using Database = AccessDatabaseConfig;
    Database database;
    database.name = name;
    database.kind =
        section.text("kind") == "postgresql" ? Database::Kind::postgresql : Database::Kind::mariadb;
    database.host = section.text("host");
    database.port = static_cast<std::uint16_t>(section.integer_if_given("port").value_or(0));
    database.database = section.text("database");
    database.user = section.text("user");
    database.password = secrets.fetch(section, "password");
    database.tls = section.text("tls") == "off" ? Database::Tls::off : Database::Tls::verified;
    database.ca = section.text("ca");
    database.every = section.span("every");
    database.overlap = section.span("overlap");
    database.look_back = static_cast<std::uint64_t>(section.integer("look_back"));
    return database;
}

using Spans = std::vector<AccessHoursConfig::Span>;

/// The parts of each day that lie in one of the windows.
std::array<Spans, 7> days_of(const std::vector<WeeklyWindow>& windows) {
    constexpr unsigned day_length = 1440;
    std::array<std::array<bool, day_length>, 7> at_work{};
    for (const auto& window : windows)
        for (unsigned minute = 0; minute < minutes_of_week; ++minute)
            if (window.contains(minute)) at_work.at(minute / day_length).at(minute % day_length) = true;
    std::array<Spans, 7> days;
    for (std::size_t day = 0; day < days.size(); ++day)
        for (unsigned minute = 0; minute < day_length; ++minute) {
            if (!at_work.at(day).at(minute)) continue;
            auto& spans = days.at(day);
            const bool goes_on = !spans.empty() && spans.back().to == std::chrono::minutes{minute};
            if (!goes_on) spans.push_back({std::chrono::minutes{minute}, std::chrono::minutes{minute}});
            spans.back().to = std::chrono::minutes{minute + 1};
        }
    return days;
}

AccessHoursConfig build_hours(const Section& section) {
    AccessHoursConfig hours;
    hours.time_zone = section.text("time_zone");
    std::vector<WeeklyWindow> windows;
    for (const auto& text : section.texts("work")) {
        const auto some = parse_weekly_windows(text).value_or(std::vector<WeeklyWindow>{});
        windows.insert(windows.end(), some.begin(), some.end());
    }
    if (!windows.empty()) hours.days = days_of(windows);
    for (const auto& text : section.texts("holidays"))
        for (const auto day : parse_holidays(text).value_or(std::vector<std::chrono::year_month_day>{}))
            hours.holidays.insert(day);
    return hours;
}

std::vector<std::string> addresses(const std::vector<std::string>& written) {
    std::vector<std::string> spelled;
    for (const auto& text : written)
        if (auto address = parse_mail_address(text)) spelled.push_back(std::move(*address));
    return spelled;
}

}  // namespace

Result<AccessConfig> build_access(const Section& section, const std::string& file) {
    AccessConfig config;
    SecretFetcher secrets;
    config.notify = addresses(section.texts("notify"));
    if (section.given("mailbox")) config.mailbox = build_mailbox(section.section("mailbox"), secrets);
    config.proof = build_proof(section.section("proof"));
    config.syslog = build_syslog(section.section("syslog"));
    section.each_named("databases", [&](const std::string& name, const Section& database) {
        config.databases.push_back(build_database(name, database, secrets));
    });
    config.hours = build_hours(section.section("hours"));
    config.deadline = section.span("deadline");
    config.dry_run = section.yes("dry_run");
    config.keep = section.span("keep");
    config.most_open = section.integer("most_open");
    config.inventory = section.text("inventory");
    config.excluded = section.networks("excluded");
    std::string problems;
    for (const auto& problem : secrets.problems())
        problems += (problems.empty() ? "" : "\n") + problem.text(file);
    if (!problems.empty()) return fail(ErrorCode::invalid, problems);
    auto inventory = read_inventory(section, file, FetchSecrets::yes);
    if (!inventory) return tl::unexpected(inventory.error());
    config.switches = std::move(inventory->switches);
    config.files = std::move(inventory->files);
    return config;
}

}  // namespace garita::runtime
