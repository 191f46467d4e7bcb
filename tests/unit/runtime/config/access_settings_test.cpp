// What may stand under `access`, and what it becomes.

#include <filesystem>
#include <fstream>
#include <iterator>
#include <unistd.h>

#include <gmock/gmock.h>

#include "runtime/config/access_config.hpp"
#include "runtime/config/document.hpp"
#include "runtime/config/hub_config.hpp"
#include "runtime/config/switch_config.hpp"

namespace garita::runtime {
namespace {

using testing::AllOf;
using testing::ElementsAre;
using testing::HasSubstr;
using testing::IsEmpty;
using testing::Not;
using testing::SizeIs;

const std::string key = "SHA256:mVPwvezndPv/ARoIadVY98vAC0g+P/5633yTC4d/wXE";
const std::string other_key = "SHA256:47DEQpj8HBSa+/TImW+5JCeuQeRkm5NMpJWZG3hSuFU";

const std::string people = "people: {ana: {role: approver, mail: [ana@example.org]}}\n";
const std::string mail = "mail: {server: mail.example.org, from: garita@example.org}\n";
const std::string mailbox = "  mailbox: {server: imap.example.org, user: garita, password: secret-word}\n";
const std::string syslog_part = "  syslog: {listen: [\"udp 0.0.0.0:5514\"]}\n";
const std::string login = "  login: {user: garita, password: secret-word}\n";
const std::string sw1 = "    sw1: {address: 192.0.2.1, host_keys: [\"" + key + "\"]}\n";

/// A file that is fine, with these lines instead of the usual ones or beside them.
struct Written {
    std::string people = garita::runtime::people;
    std::string mail = garita::runtime::mail;
    std::string mailbox = garita::runtime::mailbox;
    std::string syslog = syslog_part;
    std::string login = garita::runtime::login;
    std::string switches = sw1;
    std::string rest{};

    [[nodiscard]] std::string text() const {
        return "hub:\n" + people + mail + "access:\n" + mailbox + syslog + login + rest + "  switches:\n" +
               switches;
    }
    [[nodiscard]] std::vector<std::string> problems(Problem::Weight weight) const {
        auto all = Document::parse(text(), "f.yml", Outside::ignore).texts(weight);
        // that nobody gets letters about cases is not what these tests are about
        std::erase_if(all, [](const std::string& line) { return line.find("no recipient") != line.npos; });
        return all;
    }
    [[nodiscard]] std::vector<std::string> errors() const { return problems(Problem::Weight::error); }
    [[nodiscard]] std::vector<std::string> warnings() const { return problems(Problem::Weight::warning); }
};

/// A folder of its own, gone afterwards.
class Folder {
  public:
    Folder() {
        std::string name = (std::filesystem::temp_directory_path() / "garita-XXXXXX").string();
        path_ = ::mkdtemp(name.data());
    }
    ~Folder() { std::filesystem::remove_all(path_); }
    Folder(const Folder&) = delete;
    Folder& operator=(const Folder&) = delete;
    [[nodiscard]] std::string write(const std::string& name, const std::string& text) const {
        std::ofstream(path_ / name) << text;
        return (path_ / name).string();
    }
    [[nodiscard]] std::string path() const { return path_.string(); }

  private:
    std::filesystem::path path_;
};

TEST(AccessSettings, TheLeastIsFine) {
    EXPECT_THAT(Written{}.errors(), IsEmpty());
    EXPECT_THAT(Written{}.warnings(), IsEmpty());
    Written without_mail;
    without_mail.mailbox = without_mail.mail = "";
    EXPECT_THAT(without_mail.errors(), IsEmpty()) << "approved by the command line";
}

TEST(AccessSettings, TheExampleIsFine) {
    std::ifstream file(std::string(GARITA_SOURCE_DIR) + "/examples/access.yml");
    const std::string text(std::istreambuf_iterator<char>(file), {});
    const auto example = Document::parse(text, "access.yml", Outside::ignore);
    EXPECT_THAT(example.texts(Problem::Weight::error), IsEmpty());
    EXPECT_EQ(example.root().find("access")->find("switches")->entries.size(), 2U);
}

TEST(AccessSettings, LettersNeedAWayOut) {
    EXPECT_THAT(
        Written{.mail = ""}.errors(),
        ElementsAre(AllOf(HasSubstr("f.yml:4:"), HasSubstr("access.mailbox: letters have to go out"))));
    EXPECT_THAT((Written{.mail = "", .mailbox = "  notify: [noc@example.org]\n"}.errors()),
                ElementsAre(HasSubstr("access.notify: letters have to go out")));
    EXPECT_THAT(Written{.rest = "  notify: [Garita@Example.org]\n"}.errors(),
                ElementsAre(HasSubstr("is the hub's own address")));
    EXPECT_THAT(Written{.people = "people: {ana: {role: approver, mail: [garita@example.org]}}\n"}.errors(),
                ElementsAre(AllOf(HasSubstr("people.ana.mail"), HasSubstr("is the hub's own address"))));
}

TEST(AccessSettings, SomebodyMustBeAbleToApproveByMail) {
    for (const auto* nobody : {"", "people: {ana: {role: approver}}\n",
                               "people: {ana: {role: operator, mail: [a@example.org]}}\n"})
        EXPECT_THAT(Written{.people = nobody}.errors(),
                    ElementsAre(HasSubstr("nobody could approve by mail")))
            << nobody;
}

TEST(AccessSettings, AMailboxInTheClearOnlyWhereItIsSaidTwice) {
    const auto with = [](const std::string& more) {
        return Written{.mailbox = "  mailbox: {server: imap.example.org, user: g, password: secret-word, " +
                                  more + "}\n"};
    };
    EXPECT_THAT(with("security: none").errors(), ElementsAre(HasSubstr("say `insecure: yes` too")));
    EXPECT_THAT(with("security: none, insecure: yes").errors(), IsEmpty());
    EXPECT_THAT(with("security: none, insecure: yes").warnings(),
                ElementsAre(HasSubstr("the password is readable on the way")));
    EXPECT_THAT(with("insecure: yes").warnings(), ElementsAre(HasSubstr("has no effect")));
    EXPECT_THAT(with("port: 143").errors(), ElementsAre(HasSubstr("security: starttls")));
    EXPECT_THAT(with("security: starttls, port: 995").errors(), ElementsAre(HasSubstr("security: tls")));
    EXPECT_THAT(with("protocol: pop3, folder: Junk").warnings(),
                testing::UnorderedElementsAre(HasSubstr("pop3 has one folder"), HasSubstr("cannot mark")));
    EXPECT_THAT(with("protocol: pop3, after: remove").warnings(), IsEmpty());
    EXPECT_THAT(Written{.mailbox = "  mailbox: {server: 'a:993', user: g, password: secret-word}\n"}.errors(),
                ElementsAre(HasSubstr("the port stands in `port`")));
}

TEST(AccessSettings, SomeProofIsNeeded) {
    const std::string none = "  proof: {dkim: no, code: no}\n";
    EXPECT_THAT(Written{.rest = none}.errors(), ElementsAre(HasSubstr("no letter would ever be believed")));
    const std::string with_key =
        "people: {ana: {role: approver, mail: [ana@example.org], keys: [\"smime:" + std::string(64, 'a') +
        "\"]}}\n";
    EXPECT_THAT((Written{.people = with_key, .rest = none}.errors()), IsEmpty());
    EXPECT_THAT(
        Written{.rest = "  proof: {dkim: no, code: no, authentication_results: mx.example.org}\n"}.errors(),
        IsEmpty());
    EXPECT_THAT(Written{.rest = "  proof: {dkim: no}\n"}.warnings(),
                ElementsAre(HasSubstr("forges a From line")));
    EXPECT_THAT(Written{.rest = "  proof: {code: no}\n"}.warnings(),
                ElementsAre(HasSubstr("can approve in that name")));
    const std::string openpgp =
        "people: {ana: {role: approver, mail: [ana@example.org], keys: [\"openpgp:" + std::string(40, 'a') +
        "\"]}}\n";
    EXPECT_THAT(Written{.people = openpgp}.warnings(), ElementsAre(HasSubstr("no file has the key of ana")));
    EXPECT_THAT((Written{.mailbox = "", .rest = "  proof: {dkim: yes}\n"}.warnings()),
                ElementsAre(HasSubstr("there is no `mailbox`")));
}

TEST(AccessSettings, SomethingHasToTellOfDevices) {
    EXPECT_THAT(Written{.syslog = ""}.errors(), ElementsAre(HasSubstr("each request would wait in vain")));
    const std::string database =
        "  databases: {log1: {kind: mariadb, host: db.example.org, user: g, password: secret-word}}\n";
    EXPECT_THAT((Written{.syslog = "", .rest = database}.errors()), IsEmpty());
    EXPECT_THAT((Written{.syslog = "", .rest = database}.warnings()), IsEmpty());
}

TEST(AccessSettings, WhereSyslogIsListenedFor) {
    const auto with = [](const std::string& text) { return Written{.syslog = "  syslog: " + text + "\n"}; };
    EXPECT_THAT(with("{listen: [\"udp 0.0.0.0:514\", \"tcp 0.0.0.0:514\", \"tls [::]:6514\"]}").errors(),
                IsEmpty());
    for (const auto* wrong : {"udp", "udp 0.0.0.0", "sctp 0.0.0.0:514", "udp localhost:514", "0.0.0.0:514"})
        EXPECT_THAT(with("{listen: [\"" + std::string(wrong) + "\"]}").errors(),
                    ElementsAre(HasSubstr("access.syslog.listen[0]")))
            << wrong;
    EXPECT_THAT(with("{listen: [\"tcp 0.0.0.0:601\", \"tls 0.0.0.0:601\"]}").errors(),
                ElementsAre(HasSubstr("is taken by the one before")));
    EXPECT_THAT(with("{listen: [\"tls 0.0.0.0:601\"], key: /etc/key.pem}").errors(),
                ElementsAre(HasSubstr("`certificate` and `key` go together")));
}

TEST(AccessSettings, DatabasesInTheClearAreWarnedOf) {
    const auto with = [](const std::string& more) {
        return Written{.rest = "  databases: {log1: {kind: postgresql, user: g, " + more + "}}\n"};
    };
    EXPECT_THAT(with("host: db.example.org, tls: off").warnings(),
                ElementsAre(HasSubstr("readable on the way")));
    EXPECT_THAT(with("host: /run/postgresql").warnings(), IsEmpty());
    EXPECT_THAT(with("host: 'db:5432'").errors(), ElementsAre(HasSubstr("the port stands in `port`")));
    EXPECT_THAT(with("host: db, tls: off, ca: /etc/ca.pem").errors(),
                ElementsAre(HasSubstr("tls: verified")));
    EXPECT_THAT(Written{.rest = "  databases: {log1: {kind: oracle, host: a, user: g}}\n"}.errors(),
                ElementsAre(HasSubstr("mariadb or postgresql")));
}

TEST(AccessSettings, SshNeedsAKeyThatTheSwitchMayShow) {
    EXPECT_THAT(Written{.switches = "    sw1: {address: 192.0.2.1}\n"}.errors(),
                ElementsAre(AllOf(HasSubstr("f.yml:9:"), HasSubstr("access.switches.sw1"),
                                  HasSubstr("`ssh-keyscan 192.0.2.1 | ssh-keygen -lf -`"))));
    EXPECT_THAT(Written{.switches = "    sw1: {address: 192.0.2.1, port: 2222}\n"}.errors(),
                ElementsAre(HasSubstr("`ssh-keyscan -p 2222 192.0.2.1 | ssh-keygen -lf -`")));
    EXPECT_THAT(Written{.switches = "    sw1: {address: 192.0.2.1, host_keys: [\"MD5:aa:bb\"]}\n"}.errors(),
                ElementsAre(HasSubstr("SHA256: and 43 characters")));
}

TEST(AccessSettings, TelnetOnlyWhereItIsSaidTwice) {
    const auto with = [](const std::string& more) {
        return Written{.switches = "    sw1: {address: 192.0.2.1, transport: telnet" + more + "}\n"};
    };
    EXPECT_THAT(with("").errors(), ElementsAre(HasSubstr("`insecure: yes`")));
    EXPECT_THAT(with(", insecure: yes").errors(), IsEmpty());
    EXPECT_THAT(with(", insecure: yes").warnings(), ElementsAre(HasSubstr("passwords are readable")));
    EXPECT_THAT(with(", insecure: yes, key_file: /etc/key").errors(),
                ElementsAre(HasSubstr("telnet knows no keys")));
    EXPECT_THAT((Written{.login = "  login: {user: g, password: secret-word, transport: telnet}\n",
                         .switches = "    sw1: {address: 192.0.2.1}\n"}
                     .errors()),
                ElementsAre(HasSubstr("access.switches.sw1")));
}

TEST(AccessSettings, EachSwitchIsLoggedInToBySomebody) {
    EXPECT_THAT(Written{.login = ""}.errors(),
                ElementsAre(HasSubstr("nobody to log in as"), HasSubstr("nothing to log in with")));
    EXPECT_THAT((Written{.login = "  login: {user: garita, key_file: /etc/key}\n"}.errors()), IsEmpty());
}

TEST(AccessSettings, AddressesAndNamesBelongToOneSwitch) {
    const auto with = [](const std::string& more) {
        return Written{.switches = sw1 + "    sw2: {" + more + ", host_keys: [\"" + other_key + "\"]}\n"};
    };
    EXPECT_THAT(with("address: 192.0.2.2").errors(), IsEmpty());
    EXPECT_THAT(with("address: 192.0.2.1").errors(),
                ElementsAre(AllOf(HasSubstr("f.yml:10:"), HasSubstr("'192.0.2.1' already belongs to sw1"))));
    EXPECT_THAT(with("address: 192.0.2.2, aliases: [192.0.2.1]").errors(),
                ElementsAre(HasSubstr("access.switches.sw2.aliases: '192.0.2.1' already belongs to sw1")));
    EXPECT_THAT(with("address: 192.0.2.2, aliases: [192.0.2.2, core.example.org]").errors(), IsEmpty());
    EXPECT_THAT(
        (Written{.switches = "    sw1: {address: 192.0.2.1, aliases: [Core.example.org.], host_keys: [\"" +
                             key +
                             "\"]}\n    sw2: {address: 192.0.2.2, aliases: [core.EXAMPLE.org], "
                             "host_keys: [\"" +
                             key + "\"]}\n"}
             .errors()),
        ElementsAre(HasSubstr("'core.example.org' already belongs to sw1")));
    EXPECT_THAT(with("address: switch.example.org").errors(), ElementsAre(HasSubstr("address such as")));
    EXPECT_THAT(
        with("address: 192.0.2.2, never: [Gi1/0/24, Te1/1/1-4, \"Fa0/1 - 8\", Port-channel3]").errors(),
        IsEmpty());
    EXPECT_THAT(with("address: 192.0.2.2, never: [\"24\"]").errors(),
                ElementsAre(HasSubstr("access.switches.sw2.never[0]")));
}

TEST(AccessSettings, NobodyIsInTheInventoryAndExcluded) {
    EXPECT_THAT(Written{.rest = "  excluded: [192.0.2.0/24]\n"}.errors(),
                ElementsAre(HasSubstr("192.0.2.1 is in access.excluded (192.0.2.0/24)")));
    EXPECT_THAT(Written{.rest = "  excluded: [198.51.100.0/24]\n"}.errors(), IsEmpty());
    EXPECT_THAT((Written{.switches = ""}.errors()), ElementsAre(HasSubstr("there is no switch")));
}

TEST(AccessSettings, Holidays) {
    const auto date = [](int year, unsigned month, unsigned day) {
        return std::chrono::year{year} / std::chrono::month{month} / std::chrono::day{day};
    };
    EXPECT_THAT(parse_holidays("2026-12-25").value(), ElementsAre(date(2026, 12, 25)));
    EXPECT_THAT(parse_holidays("2026-12-31..2027-01-02").value(),
                ElementsAre(date(2026, 12, 31), date(2027, 1, 1), date(2027, 1, 2)));
    EXPECT_THAT(parse_holidays("12-25").value(), SizeIs(80));
    EXPECT_THAT(parse_holidays("02-29").value(), SizeIs(20));
    for (const auto* wrong : {"", "2026-02-29", "2026-13-01", "25.12.2026", "2027-01-02..2026-12-31",
                              "2026-01-01..2099-01-01", "12-32", "2026-1-1"})
        EXPECT_FALSE(parse_holidays(wrong)) << wrong;
}

TEST(AccessSettings, AreReadAsTheyStand) {
    const Folder folder;
    const Written written{
        .mailbox =
            "  mailbox: {server: imap.example.org, protocol: pop3, security: starttls, user: g, password: "
            "secret-word, after: remove, every: 30s}\n",
        .syslog = "  syslog: {listen: [\"udp 0.0.0.0:5514\", \"tls [::1]:6514\"], relays: [192.0.2.5]}\n",
        .switches = "    sw1: {address: 192.0.2.1, aliases: [SW1.example.org], host_keys: [\"" + key +
                    "=\"], never: [Te1/1/1-4], algorithms: legacy, password: own-word, dry_run: yes}\n"
                    "    sw2: {address: 192.0.2.2, transport: telnet, insecure: yes, answer_within: 5s}\n",
        .rest =
            "  notify: [NOC@example.org]\n"
            "  proof: {code_life: 2h, parents: [example.org], oldest: 1h}\n"
            "  databases: {log1: {kind: postgresql, host: db, user: g, every: 2s}}\n"
            "  hours: {time_zone: Europe/Madrid, work: [mon-fri 09:00-13:00, mon 12:00-18:00, sat "
            "22:00-02:00], holidays: [2026-12-25]}\n"
            "  deadline: 4h\n  excluded: [198.51.100.0/24]\n"};
    const auto hub = load_hub_config(folder.write("hub.yml", written.text()));
    ASSERT_TRUE(hub) << hub.error().text;
    ASSERT_TRUE(hub->access && hub->access->mailbox);
    const auto& access = *hub->access;
    EXPECT_THAT(access.notify, ElementsAre("noc@example.org"));
    EXPECT_EQ(access.mailbox->port, 110);
    EXPECT_EQ(access.mailbox->after, AccessMailboxConfig::After::remove);
    EXPECT_TRUE(access.mailbox->password.matches("secret-word"));
    EXPECT_EQ(access.mailbox->every, std::chrono::seconds(30));
    EXPECT_EQ(access.proof.code_life, std::chrono::hours(2));
    EXPECT_THAT(access.proof.parents, ElementsAre("example.org"));
    EXPECT_THAT(
        access.syslog.listen,
        ElementsAre(
            AccessListenConfig{AccessListenConfig::Transport::udp, IpAddress::parse("0.0.0.0").value(), 5514},
            AccessListenConfig{AccessListenConfig::Transport::tls, IpAddress::parse("::1").value(), 6514}));
    EXPECT_THAT(access.syslog.relays, ElementsAre(IpNetwork::parse("192.0.2.5").value()));
    ASSERT_THAT(access.databases, SizeIs(1));
    EXPECT_EQ(access.databases[0].kind, AccessDatabaseConfig::Kind::postgresql);
    EXPECT_EQ(access.databases[0].tls, AccessDatabaseConfig::Tls::verified);
    EXPECT_EQ(access.databases[0].every, std::chrono::seconds(2));
    EXPECT_EQ(access.deadline, std::chrono::hours(4));
    EXPECT_EQ(access.hours.time_zone, "Europe/Madrid");
    EXPECT_THAT(access.hours.holidays, SizeIs(1));
    ASSERT_THAT(access.switches, SizeIs(2));
    const auto& first = access.switches[0];
    EXPECT_EQ(first.name, "sw1");
    EXPECT_THAT(first.aliases, ElementsAre("sw1.example.org"));
    EXPECT_THAT(first.host_keys, ElementsAre(key));
    EXPECT_THAT(first.never, ElementsAre("Te1/1/1-4"));
    EXPECT_EQ(first.algorithms, SwitchConfig::Algorithms::legacy);
    EXPECT_EQ(first.user, "garita");
    EXPECT_TRUE(first.password.matches("own-word"));
    EXPECT_TRUE(first.dry_run);
    const auto& second = access.switches[1];
    EXPECT_EQ(second.port, 23);
    EXPECT_EQ(second.transport, SwitchConfig::Transport::telnet);
    EXPECT_TRUE(second.password.matches("secret-word"));
    EXPECT_EQ(second.answer_within, std::chrono::seconds(5));
    EXPECT_FALSE(second.dry_run);
}

TEST(AccessSettings, HoursAddUpAndReachOverMidnight) {
    const Folder folder;
    const Written written{.rest =
                              "  hours: {work: [mon-fri 09:00-13:00, mon 12:00-18:00, sun 22:00-02:00]}\n"};
    const auto hub = load_hub_config(folder.write("hub.yml", written.text()));
    ASSERT_TRUE(hub) << hub.error().text;
    using std::chrono::hours;
    using Span = AccessHoursConfig::Span;
    const auto& days = hub->access->hours.days;
    EXPECT_THAT(days[0], ElementsAre(Span{hours(0), hours(2)}, Span{hours(9), hours(18)}));
    EXPECT_THAT(days[1], ElementsAre(Span{hours(9), hours(13)}));
    EXPECT_THAT(days[5], IsEmpty());
    EXPECT_THAT(days[6], ElementsAre(Span{hours(22), hours(24)}));
}

TEST(AccessSettings, DefaultsAreThoseOfTheStructs) {
    const Folder folder;
    const auto hub = load_hub_config(folder.write("hub.yml", Written{}.text()));
    ASSERT_TRUE(hub) << hub.error().text;
    const auto& access = *hub->access;
    const AccessConfig plain;
    const AccessMailboxConfig box;
    const SwitchConfig one;
    EXPECT_EQ(access.deadline, plain.deadline);
    EXPECT_EQ(access.keep, plain.keep);
    EXPECT_EQ(access.most_open, plain.most_open);
    EXPECT_EQ(access.dry_run, plain.dry_run);
    EXPECT_EQ(access.proof.dkim, plain.proof.dkim);
    EXPECT_EQ(access.proof.code, plain.proof.code);
    EXPECT_EQ(access.proof.code_life, plain.proof.code_life);
    EXPECT_EQ(access.proof.oldest, plain.proof.oldest);
    EXPECT_EQ(access.hours.days, plain.hours.days);
    EXPECT_EQ(access.mailbox->port, box.port);
    EXPECT_EQ(access.mailbox->every, box.every);
    EXPECT_EQ(access.mailbox->timeout, box.timeout);
    EXPECT_EQ(access.mailbox->folder, box.folder);
    EXPECT_EQ(access.mailbox->after, box.after);
    EXPECT_EQ(access.switches[0].driver, one.driver);
    EXPECT_EQ(access.switches[0].port, one.port);
    EXPECT_EQ(access.switches[0].connect_within, one.connect_within);
    EXPECT_EQ(access.switches[0].answer_within, one.answer_within);
    EXPECT_EQ(access.switches[0].save_within, one.save_within);
}

class Inventory : public testing::Test {
  protected:
    Result<HubConfig> load(const std::string& more = "") {
        Written written;
        written.rest = "  inventory: " + folder_.path() + "/switches\n" + more;
        return load_hub_config(folder_.write("hub.yml", written.text()));
    }
    void file(const std::string& name, const std::string& text) {
        std::filesystem::create_directory(folder_.path() + "/switches");
        static_cast<void>(folder_.write("switches/" + name, text));
    }
    Folder folder_;
};

TEST_F(Inventory, FilesAddSwitchesWithALoginOfTheirOwn) {
    file("a.yml",
         "login: {user: branch, password: branch-word, algorithms: legacy}\nswitches:\n  sw2: {address: "
         "192.0.2.2, host_keys: [\"" +
             key + "\"]}\n");
    file("b.yml", "switches:\n  sw3: {address: 192.0.2.3, host_keys: [\"" + key + "\"]}\n");
    file("notes.txt", "no YAML: [");
    const auto hub = load();
    ASSERT_TRUE(hub) << hub.error().text;
    ASSERT_THAT(hub->access->switches, SizeIs(3));
    const auto& two = hub->access->switches[1];
    EXPECT_EQ(two.user, "branch");
    EXPECT_TRUE(two.password.matches("branch-word"));
    EXPECT_EQ(two.algorithms, SwitchConfig::Algorithms::legacy);
    EXPECT_EQ(two.place.text(), folder_.path() + "/switches/a.yml:3");
    const auto& three = hub->access->switches[2];
    EXPECT_EQ(three.user, "garita");
    EXPECT_TRUE(three.password.matches("secret-word"));
    EXPECT_EQ(three.algorithms, SwitchConfig::Algorithms::modern);
    EXPECT_THAT(hub->access->files, SizeIs(2));
}

TEST_F(Inventory, WhatIsWrongSaysInWhichFileAndLine) {
    file("a.yml", "switches:\n  sw2: {address: 192.0.2.1, host_keys: [\"" + key + "\"]}\n");
    auto hub = load();
    ASSERT_FALSE(hub);
    EXPECT_THAT(
        hub.error().text,
        AllOf(HasSubstr("a.yml:2:"), HasSubstr("'192.0.2.1' already belongs to sw1"), HasSubstr("hub.yml:")));
    file("a.yml", "switches:\n  sw1: {address: 192.0.2.9, host_keys: [\"" + key + "\"]}\n");
    hub = load();
    ASSERT_FALSE(hub);
    EXPECT_THAT(hub.error().text, HasSubstr("a switch of this name is already at"));
    file("a.yml", "switches:\n  sw2: {adress: 192.0.2.9}\n");
    hub = load();
    ASSERT_FALSE(hub);
    EXPECT_THAT(hub.error().text, AllOf(HasSubstr("a.yml:2:"), HasSubstr("did you mean 'address'?")));
    file("a.yml", "notify: [noc@example.org]\n");
    hub = load();
    ASSERT_FALSE(hub);
    EXPECT_THAT(hub.error().text, HasSubstr("stands in the hub's own file, under `access`"));
    file("a.yml", "switches:\n  sw2: {address: 192.0.2.9, password: {file: /nowhere/at-all}, host_keys: [\"" +
                      key + "\"]}\n");
    hub = load();
    ASSERT_FALSE(hub);
    EXPECT_THAT(hub.error().text, AllOf(HasSubstr("a.yml:2:"), HasSubstr("/nowhere/at-all")));
    file("a.yml", "switches:\n  sw2: {address: 192.0.2.9}\n");
    hub = load();
    ASSERT_FALSE(hub);
    EXPECT_THAT(hub.error().text, HasSubstr("ssh-keyscan 192.0.2.9"));
}

TEST_F(Inventory, IsCheckedWithoutSecrets) {
    file("a.yml", "switches:\n  sw2: {address: 192.0.2.1, host_keys: [\"" + key + "\"]}\n");
    Written written;
    written.rest = "  inventory: " + folder_.path() + "/switches\n";
    const auto document = Document::parse(written.text(), "f.yml", Outside::ignore);
    ASSERT_TRUE(document.fine());
    const Section root(&document.root(), shape_of(FileKind::hub));
    const auto checked = read_inventory(root.section("access"), "f.yml", FetchSecrets::no);
    ASSERT_FALSE(checked);
    EXPECT_THAT(checked.error().text, HasSubstr("already belongs to sw1"));
}

}  // namespace
}  // namespace garita::runtime
