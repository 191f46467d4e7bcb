#include "programs/access/psec_import.hpp"

#include <algorithm>
#include <array>
#include <optional>
#include <set>

#include "model/ip.hpp"
#include "model/mail_identity.hpp"
#include "runtime/config/values.hpp"
#include "runtime/json/reader.hpp"
#include "runtime/json/text.hpp"

namespace garita::programs {
namespace json = runtime::json;
namespace {

constexpr std::size_t most = 10'000;
constexpr std::array<std::string_view, 10> keys_of_conf = {
    "proj_dir",  "log_dir", "mail_server", "mailbox", "mail_from",
    "mail_pass", "db_user", "db_pass",     "bad_ips", "infsec_emails"};
constexpr std::array<std::string_view, 8> keys_of_params = {
    "device_type", "host", "username", "password", "secret", "port", "fast_cli", "global_delay_factor"};

struct Conf {
    std::string mail_server, mailbox, mail_from, mail_pass, db_user, db_pass;
    std::vector<std::string> bad_ips, infsec_emails;
};
struct Params {
    std::string type, host, username, password, secret;
    std::int64_t port = 0;  ///< 0: not said
};

/// As YAML reads it back.
std::string in_quotes(std::string_view text) {
    std::string out = "\"";
    for (const char c : text) {
        if (c == '"' || c == '\\') out += '\\';
        out += static_cast<unsigned char>(c) < 0x20 || c == 0x7f ? '?' : c;
    }
    return out + '"';
}

template <std::size_t N>
void note_unknown(const boost::json::value& document, const std::string& file,
                  const std::array<std::string_view, N>& known, std::vector<std::string>& notes) {
    for (const auto& member : document.as_object())
        if (std::find(known.begin(), known.end(), std::string_view(member.key())) == known.end())
            notes.push_back(file + ": " + in_quotes(member.key()) +
                            " means nothing to Psec, and is left out");
}

Result<boost::json::value> object_of(const NamedText& file) {
    auto document = json::parse(file.text, file.name, std::size_t{1} << 20U);
    if (!document) return tl::unexpected(document.error());
    if (!document->is_object()) return fail(ErrorCode::invalid, file.name + ": an object {…} belongs here");
    return document;
}

Result<Conf> read_conf(const boost::json::value& document, const std::string& file) {
    json::Reader in(document, file + ": ", json::Unknown::ignore);
    Conf conf;
    const auto line = [&](std::string_view key) { return in.text_or(key, json::line_rule, ""); };
    conf.mail_server = line("mail_server");
    conf.mailbox = line("mailbox");
    conf.mail_from = line("mail_from");
    conf.mail_pass = line("mail_pass");
    conf.db_user = line("db_user");
    conf.db_pass = line("db_pass");
    conf.bad_ips = in.texts("bad_ips", json::line_rule, most);
    conf.infsec_emails = in.texts("infsec_emails", json::line_rule, most);
    return in.finish(std::move(conf));
}

Result<Params> read_params(const boost::json::value& document, const std::string& file) {
    json::Reader in(document, file + ": ", json::Unknown::ignore);
    Params params;
    const auto line = [&](std::string_view key) { return in.text_or(key, json::line_rule, ""); };
    params.type = in.text("device_type", json::line_rule);
    params.host = line("host");
    params.username = line("username");
    params.password = line("password");
    params.secret = line("secret");
    params.port = in.integer_or("port", 1, 65535, 0);
    return in.finish(std::move(params));
}

class Import {
  public:
    Import(const Conf& conf, const std::optional<Params>& cisco, const std::optional<Params>& sql,
           std::string_view folder)
        : conf_(conf), cisco_(cisco), sql_(sql), folder_(folder) {}

    Result<ImportedAccess> run(std::vector<std::string> notes) {
        made_.notes = std::move(notes);
        made_.text =
            "# From Psec's files. FILL IN marks what Psec did not know; `garita check` tells the rest.\n";
        people();
        mail();
        access();
        database();
        hours();
        login();
        inventory();
        if (!problems_.empty()) return fail(ErrorCode::invalid, problems_);
        return std::move(made_);
    }

  private:
    void complain(const std::string& what) { problems_ += (problems_.empty() ? "" : "\n") + what; }
    void line(std::string_view text) { (made_.text += text) += '\n'; }
    void single(std::string_view indent, std::string_view key, const std::string& value) {
        line(std::string(indent) + std::string(key) + ": " +
             (value.empty() ? std::string("\"\"  # FILL IN") : in_quotes(value)));
    }
    void password(std::string_view indent, std::string_view key, const std::string& file,
                  const std::string& value) {
        line(std::string(indent) + std::string(key) +
             ": {file: " + in_quotes(std::string(folder_) + '/' + file) + '}');
        const bool known = std::any_of(made_.passwords.begin(), made_.passwords.end(),
                                       [&](const auto& one) { return one.file == file; });
        if (!known) made_.passwords.push_back({file, runtime::Secret(value)});
    }
    std::optional<std::string> address(std::string_view key, const std::string& written) {
        if (written.empty()) return std::nullopt;
        auto spelled = parse_mail_address(written);
        if (!spelled)
            complain("conf.json: " + std::string(key) + ": " + in_quotes(written) + " is no mail address");
        return spelled;
    }

    void person(const std::string& mail, std::string_view role, std::string_view otherwise) {
        std::string name = mail.substr(0, mail.find('@'));
        if (!runtime::is_name(name)) name = otherwise;
        for (int n = 2; !names_.insert(name).second; ++n)
            name = std::string(otherwise) + std::to_string(n);
        line("  " + name + ": {role: " + std::string(role) + ", mail: [" + in_quotes(mail) + "]}");
    }
    void people() {
        line("people:");
        std::set<std::string> seen;
        for (const auto& written : conf_.infsec_emails)
            if (const auto mail = address("infsec_emails", written); mail && seen.insert(*mail).second)
                person(*mail, "approver", "approver");
        const auto admin = address("mailbox", conf_.mailbox);
        if (admin && seen.insert(*admin).second) person(*admin, "operator", "operator");
        if (seen.empty()) line("  # FILL IN: ana: {role: approver, mail: [ana@example.org]}");
    }
    void mail() {
        line("mail:");
        single("  ", "server", conf_.mail_server);
        line("  security: starttls  # Psec sent in the clear; `tls` for port 465");
        const auto from = address("mail_from", conf_.mail_from);
        single("  ", "from", from.value_or(""));
        single("  ", "user", conf_.mail_from);
        password("  ", "password", "mailbox.password", conf_.mail_pass);
    }
    void access() {
        line("access:");
        const auto admin = parse_mail_address(conf_.mailbox);
        line("  notify: [" + (admin ? in_quotes(*admin) : std::string()) + "]");
        line("  mailbox:");
        single("    ", "server", conf_.mail_server);
        line("    protocol: pop3     # `imap` tells of a letter at once");
        line("    security: tls      # Psec's POP3 was in the clear");
        single("    ", "user", conf_.mail_from);
        password("    ", "password", "mailbox.password", conf_.mail_pass);
        line("    after: remove      # as Psec did");
        line(
            "  # Psec believed any From line; now the sender's domain has to sign (DKIM), and a code comes "
            "back.");
        line("  proof: {dkim: yes, code: yes}");
        line("  # Events at once, by `logging host` on the switches; the database alone does too.");
        line("  syslog: {listen: [\"udp 0.0.0.0:5514\"]}");
    }
    void database() {
        if (!sql_ && conf_.db_user.empty()) return;
        line("  databases:");
        line("    loghost:");
        line("      kind: mariadb");
        single("      ", "host", sql_ ? sql_->host : std::string());
        line("      database: Syslog");
        single("      ", "user", conf_.db_user);
        password("      ", "password", "loghost.password", conf_.db_pass);
        made_.notes.emplace_back(
            "databases: Psec ran mysql on the log server over SSH; Garita asks the database itself, so that "
            "this user has to be allowed from the hub, by TLS: GRANT SELECT ON Syslog.SystemEvents");
        if (sql_ && !sql_->password.empty())
            made_.notes.emplace_back("sql_params.json: the SSH password is left out, nothing needs it");
    }
    void hours() {
        line("  # Psec gave up at 18:00 of the same day, every day.");
        line("  hours: {work: [mon-fri 08:00-18:00], holidays: []}");
        line("  deadline: 10h");
    }
    void login() {
        line("  login:");
        line("    driver: ios");
        single("    ", "user", cisco_ ? cisco_->username : std::string());
        password("    ", "password", "switch.password", cisco_ ? cisco_->password : std::string());
        if (cisco_ && cisco_->port != 0) line("    port: " + std::to_string(cisco_->port));
        if (cisco_ && !cisco_->secret.empty())
            password("    ", "enable_secret", "switch.enable", cisco_->secret);
        if (cisco_ && !cisco_->host.empty())
            made_.notes.push_back("cisco_params.json: host " + in_quotes(cisco_->host) +
                                  " is left out: Psec put another in for each request");
    }
    void inventory() {
        line(
            "  # Psec logged in to whatever address a log line named. Here each switch is listed, with the "
            "key");
        line("  # that `ssh-keyscan ADDRESS | ssh-keygen -lf -` prints.");
        line("  switches:");
        line("    # FILL IN: sw1: {address: 192.0.2.10, host_keys: [\"SHA256:…\"]}");
        std::string excluded;
        for (const auto& written : conf_.bad_ips) {
            const auto network = IpNetwork::parse(written);
            if (!network) complain("conf.json: bad_ips: " + in_quotes(written) + " is no address");
            if (network) excluded += (excluded.empty() ? "" : ", ") + in_quotes(network->text());
        }
        line("  excluded: [" + excluded + "]");
    }

    const Conf& conf_;
    const std::optional<Params>& cisco_;
    const std::optional<Params>& sql_;
    std::string_view folder_;
    ImportedAccess made_;
    std::set<std::string> names_;
    std::string problems_;
};

}  // namespace

Result<ImportedAccess> import_psec(const std::vector<NamedText>& files, std::string_view folder) {
    std::optional<Conf> conf;
    std::optional<Params> cisco;
    std::optional<Params> sql;
    std::vector<std::string> notes;
    for (const auto& file : files) {
        const auto document = object_of(file);
        if (!document) return tl::unexpected(document.error());
        if (!conf) {
            if (document->as_object().contains("device_type"))
                return fail(ErrorCode::invalid, file.name + ": name conf.json first");
            auto read = read_conf(*document, file.name);
            if (!read) return tl::unexpected(read.error());
            conf = std::move(*read);
            note_unknown(*document, file.name, keys_of_conf, notes);
            continue;
        }
        auto read = read_params(*document, file.name);
        if (!read) return tl::unexpected(read.error());
        const bool of_switch = read->type.starts_with("cisco_");
        if (!of_switch && read->type != "linux")
            return fail(ErrorCode::invalid, file.name + ": device_type " + in_quotes(read->type) +
                                                " is neither Psec's switches nor its log server");
        auto& place = of_switch ? cisco : sql;
        if (place) return fail(ErrorCode::invalid, file.name + ": there is one of this kind already");
        place = std::move(*read);
        note_unknown(*document, file.name, keys_of_params, notes);
    }
    if (!conf) return fail(ErrorCode::invalid, "name Psec's conf.json");
    return Import(*conf, cisco, sql, folder).run(std::move(notes));
}

}  // namespace garita::programs
