// The specification of open ports: read, refused with its place, changed in place, imported.

#include <filesystem>
#include <fstream>
#include <unistd.h>

#include <gmock/gmock.h>

#include "runtime/config/hub_config.hpp"
#include "runtime/config/portspec_import.hpp"

namespace garita::runtime {
namespace {

using testing::ElementsAre;
using testing::HasSubstr;
using testing::SizeIs;

PortSet ports(std::string_view text) {
    return PortSet::parse(text).value();
}

class Ports : public ::testing::Test {
  protected:
    Ports() {
        std::string pattern = (std::filesystem::temp_directory_path() / "garita-ports-XXXXXX").string();
        folder = ::mkdtemp(pattern.data());
    }
    ~Ports() override { std::filesystem::remove_all(folder); }
    std::filesystem::path write(const std::string& name, const std::string& text) {
        std::ofstream(folder / name) << text;
        return folder / name;
    }
    Result<HubConfig> load(const std::string& section) {
        return load_hub_config(write("hub.yml", "hub:\nports:\n" + section));
    }
    std::string error(const std::string& section) {
        const auto loaded = load(section);
        return loaded ? "" : loaded.error().text;
    }
    std::filesystem::path folder;
};

TEST_F(Ports, AreReadFromTheHubsFile) {
    const auto hub = load(R"(  interval: 10m
  scanports: all
  ipv6: yes
  rate: 2000
  maintenance: ["sun 02:00-04:00"]
  groups:
    web: {must: [80, 443], may: "8080-8090"}
  hosts:
    WWW.example.org: {groups: [web], must: 22}
    "2001:db8::1":
      must: []
      udp: {must: "53", may: [123]}
    192.0.2.0/24: {must: "22", except: [192.0.2.1], ipv6: no, scanports: 1-100}
)");
    ASSERT_TRUE(hub) << hub.error().text;
    ASSERT_TRUE(hub->ports);
    const auto& config = *hub->ports;
    EXPECT_EQ(config.interval, std::chrono::minutes{10});
    EXPECT_EQ(config.rate, 2000);
    const auto& written = config.written;
    EXPECT_EQ(written.scanports.size(), 65535U);
    EXPECT_TRUE(written.ipv6);
    EXPECT_THAT(written.maintenance, SizeIs(1));
    EXPECT_EQ(written.groups.at("web").must, ports("80,443"));
    EXPECT_EQ(written.groups.at("web").may, ports("8080-8090"));
    ASSERT_THAT(written.hosts, SizeIs(3));
    EXPECT_EQ(written.hosts[0].first, "www.example.org");
    EXPECT_EQ(written.hosts[0].second.must, ports("22"));
    EXPECT_THAT(written.hosts[0].second.groups, ElementsAre("web"));
    EXPECT_EQ(written.hosts[0].second.place.line, 11U);
    EXPECT_EQ(written.hosts[1].second.must, PortSet{});
    EXPECT_EQ(written.hosts[1].second.udp_must, ports("53"));
    EXPECT_EQ(written.hosts[1].second.udp_may, ports("123"));
    EXPECT_THAT(written.hosts[2].second.except, SizeIs(1));
    EXPECT_EQ(written.hosts[2].second.ipv6, false);
    EXPECT_EQ(written.hosts[2].second.scanports, ports("1-100"));
}

TEST_F(Ports, WithoutTheSectionNothingIsWatched) {
    const auto hub = load_hub_config(write("hub.yml", "hub:\n"));
    ASSERT_TRUE(hub) << hub.error().text;
    EXPECT_FALSE(hub->ports);
}

TEST_F(Ports, FilesOfAFolderAddUpAndSayWhatHoldsForTheirHosts) {
    std::filesystem::create_directory(folder / "ports.d");
    write("ports.d/20-db.yml", "scanports: 1-50\nhosts:\n  db.example.org: {must: \"5432\"}\n");
    write("ports.d/10-web.yaml", "groups:\n  web: {must: 80}\nhosts:\n  www.example.org: {groups: [web]}\n");
    write("ports.d/.hidden.yml", "nonsense\n");
    write("ports.d/readme.txt", "nonsense\n");
    const auto hub = load("  specification: " + (folder / "ports.d").string() + "\n");
    ASSERT_TRUE(hub) << hub.error().text;
    const auto& written = hub->ports->written;
    ASSERT_THAT(written.hosts, SizeIs(2));
    EXPECT_EQ(written.hosts[0].first, "www.example.org");
    EXPECT_EQ(written.hosts[0].second.scanports, std::nullopt);
    EXPECT_EQ(written.hosts[1].second.scanports, ports("1-50"));
    EXPECT_EQ(written.hosts[1].second.place.text(), (folder / "ports.d/20-db.yml").string() + ":3");
    EXPECT_THAT(hub->ports->files, SizeIs(2));
}

TEST_F(Ports, WhatIsWrongIsNamedWithItsPlace) {
    EXPECT_THAT(error("  hosts:\n    www.example.org: {must: \"80,http\"}\n"),
                HasSubstr("hub.yml:4:29: ports.hosts.www.example.org.must: 'http' is no port"));
    EXPECT_THAT(error("  hosts:\n    www.example.org: {must: [80, 90-80]}\n"), HasSubstr("runs backwards"));
    EXPECT_THAT(error("  hosts:\n    192.0.2.300: {must: 80}\n"),
                HasSubstr("hub.yml:4:5: ports.hosts: '192.0.2.300' is no host"));
    EXPECT_THAT(error("  hosts:\n    a: {must: 80}\n    A.: {must: 80}\n"),
                HasSubstr("hub.yml:5: host a is already at "));
    EXPECT_THAT(error("  maintenance: [\"sunday 2:00\"]\n"),
                HasSubstr("allowed: days and hours such as sun"));
    EXPECT_THAT(error("  hosts:\n    a: {must: 80, except: [192.0.2.1]}\n"), HasSubstr("is no network"));
    EXPECT_THAT(error("  hosts:\n    a: {msut: 80}\n"), HasSubstr("did you mean 'must'?"));
    EXPECT_THAT(error("  interval: 0s\n"), HasSubstr("out of range"));
    EXPECT_THAT(error("  specification: /nonexistent/ports.yml\n"),
                HasSubstr("/nonexistent/ports.yml: cannot be read"));
    const auto file = write("ports.yml", "hosts:\n  a: {must: 80}\ninterval: 1h\nmust: 5\n");
    const auto wrong = error("  specification: " + file.string() + "\n");
    EXPECT_THAT(wrong, HasSubstr("ports.yml:3:1: interval: stands in the hub's own file"));
    EXPECT_THAT(wrong, HasSubstr("ports.yml:4:1: 'must' is not a setting"));
}

Result<std::string> with_must(std::string_view text, std::string_view host, const PortSet& must) {
    return with_change(text, host, {must, {}, {}, {}});
}

TEST(WithChange, ChangesTheOneValueAndNothingElse) {
    const std::string text =
        "# our hosts\n"
        "groups: {web: {must: 80}}\n"
        "hosts:\n"
        "  www.example.org:   # the shop\n"
        "    must: \"22,80\"   # ssh, http\n"
        "    may: 8080\n"
        "  a.example.org: {may: 1, must: [22, 80], groups: [web]}\n"
        "  b.example.org: {must: 22}\n"
        "  c.example.org:\n    must:\n    - 22\n"
        "  d.example.org: {groups: [web]}\n";
    const auto changed = [&](const std::string& host, const std::string& must) {
        return with_must(text, host, ports(must));
    };
    const auto replaced = [&](const std::string& before, const std::string& after) {
        auto copy = text;
        return copy.replace(copy.find(before), before.size(), after);
    };
    EXPECT_EQ(changed("www.example.org", "22,443").value(),
              replaced("\"22,80\"   # ssh", "\"22,443\"   # ssh"));
    EXPECT_EQ(changed("a.example.org", "22").value(), replaced("[22, 80]", "\"22\""));
    EXPECT_EQ(changed("a.example.org", "").value(), replaced("[22, 80]", "[]"));
    EXPECT_EQ(changed("b.example.org", "22-25").value(), replaced("{must: 22}", "{must: \"22-25\"}"));
    EXPECT_FALSE(changed("c.example.org", "25"));
    EXPECT_FALSE(changed("d.example.org", "25"));
    EXPECT_FALSE(changed("e.example.org", "25"));
    EXPECT_EQ(with_must("ports:\n  hosts:\n    a: {must: '80'}\n", "a", ports("81")).value(),
              "ports:\n  hosts:\n    a: {must: \"81\"}\n");
}

TEST(WithChange, WritesUdpBannersAndCertificates) {
    const std::string text =
        "hosts:\n"
        "  \"192.0.2.0/24\": {must: 22, udp: {may: 1, must: [53, 123]}}  # здесь\n"
        "  a.example.org:  # ä\n"
        "    must: 22,443\n"
        "    services:\n"
        "      22: {banner: SSH-2.0-OpenSSH*}   # ours\n"
        "      443:\n"
        "        certificate:\n"
        "          issuer: \"*R11*\" # the issuer\n"
        "      8443: {certificate: {names: [a], sha256: '" +
        std::string(64, 'a') +
        "'}}\n"
        "      9443: {certificate: {valid_days: 3}}\n";
    const auto changed = [&](const std::string& host, const SpecificationChange& change,
                             const std::string& before, const std::string& after) {
        auto copy = text;
        copy.replace(copy.find(before), before.size(), after);
        const auto made = with_change(text, host, change);
        ASSERT_TRUE(made) << made.error().text;
        EXPECT_EQ(*made, copy);
    };
    const auto digest = std::string(64, 'b');
    changed("192.0.2.0/24", {{}, ports("53"), {}, {}}, "[53, 123]", "\"53\"");
    changed("192.0.2.0/24", {ports("22-23"), {}, {}, {}}, "must: 22,", "must: \"22-23\",");
    changed("a.example.org", {{}, {}, {{22, "SSH \"x\\y"}}, {}}, "SSH-2.0-OpenSSH*", "\"SSH \\\"x\\\\y\"");
    changed("a.example.org", {{}, {}, {}, {{443, digest}}},
            "issuer:", "sha256: \"" + digest + "\"\n          issuer:");
    changed("a.example.org", {{}, {}, {}, {{8443, digest}}}, "'" + std::string(64, 'a') + "'",
            "\"" + digest + "\"");
    changed("a.example.org", {{}, {}, {}, {{9443, digest}}}, "{valid_days",
            "{sha256: \"" + digest + "\", valid_days");
    EXPECT_FALSE(with_change(text, "a.example.org", {{}, ports("53"), {}, {}}));
    EXPECT_FALSE(with_change(text, "a.example.org", {{}, {}, {{443, "x"}}, {}}));
    EXPECT_FALSE(with_change(text, "192.0.2.0/24", {{}, {}, {}, {{443, digest}}}));
    EXPECT_FALSE(with_change(text, "a.example.org", {ports("22"), ports("53"), {}, {}})) << "all or nothing";
}

TEST_F(Ports, ServicesAreReadAndWhatIsWrongOfThemIsNamed) {
    const auto hub = load(R"(  groups:
    web: {must: 443, services: {443: {certificate: {names: [WWW.example.org], issuer: "*R11*"}}}}
  hosts:
    a: {groups: [web], must: 22, services: {22: {banner: "SSH-2.0-*"}}}
    b: {must: 443, services: {443: {certificate: {sha256: ")" +
                          std::string(64, 'A') + R"(", valid_days: 3}}}}
)");
    ASSERT_TRUE(hub) << hub.error().text;
    const auto& written = hub->ports->written;
    const auto& web = written.groups.at("web").services.at(443).certificate.value();
    EXPECT_THAT(web.names, ElementsAre("www.example.org"));
    EXPECT_EQ(web.issuer, "*R11*");
    EXPECT_EQ(web.valid_days, 14);
    EXPECT_EQ(written.hosts[0].second.services.at(22).banner, "SSH-2.0-*");
    EXPECT_EQ(written.hosts[1].second.services.at(443).certificate->sha256, std::string(64, 'a'));
    EXPECT_EQ(written.hosts[1].second.services.at(443).certificate->valid_days, 3);
    const auto wrong = [&](const std::string& services) {
        return error("  hosts:\n    a: {must: 22, services: " + services + "}\n");
    };
    EXPECT_THAT(wrong("{ssh: {banner: x}}"), HasSubstr("'ssh' is no port"));
    EXPECT_THAT(wrong("{022: {banner: x}}"), HasSubstr("'022' is no port"));
    EXPECT_THAT(wrong("{22: {}}"), HasSubstr("services.22: either `banner` or `certificate`"));
    EXPECT_THAT(wrong("{22: {banner: x, certificate: {valid_days: 1}}}"), HasSubstr("either `banner`"));
    EXPECT_THAT(wrong("{22: {certificate: {sha256: abc}}}"), HasSubstr("64 hexadecimal digits"));
}

constexpr std::string_view portspec = R"(interval: 86400
ipv6: true
parallelscans: 10
hosts:
  www.example.org: [443, 80]
  closed.example.org:
  empty.example.org: []
  192.0.2.7: [22]
scanports: [21, 22, 80, 443, 443]
sendemail: true
smtpserver: mail.example.org
smtpport: 587
smtpusername: portspec
smtppassword: secret-word
alertemail: [ana@example.org]
fromemail: portspec@example.org
colour: blue
)";

TEST(ImportPortSpec, TakesEveryKeyOrSaysWhereItGoes) {
    const auto imported = import_portspec(portspec, "conf.yml");
    ASSERT_TRUE(imported) << imported.error().text;
    EXPECT_EQ(
        imported->text,
        "ports:\n  interval: 1d\n  ipv6: yes\n  parallel_hosts: 10\n  scanports: \"21-22,80,443\"\n"
        "  hosts:\n    \"www.example.org\": {must: \"80,443\"}\n    \"closed.example.org\": {must: []}\n"
        "    \"empty.example.org\": {must: []}\n    \"192.0.2.7\": {must: \"22\"}\n"
        "mail:\n  server: \"mail.example.org\"\n  port: \"587\"\n  user: \"portspec\"\n"
        "  password: {file: /etc/garita/mail.password}\n  from: \"portspec@example.org\"\n  to:\n"
        "    - {address: \"ana@example.org\", kinds: [ports_drift, ports_unknown]}\n");
    std::string notes;
    for (const auto& note : imported->notes)
        notes += note + "\n";
    for (const auto* key :
         {"conf.yml:2: ipv6", "conf.yml:3: parallelscans", "conf.yml:9: scanports: 443 is named",
          "conf.yml:10: sendemail", "smtpserver", "smtpport", "smtpusername", "conf.yml:14: smtppassword",
          "alertemail", "fromemail", "conf.yml:17: 'colour'"})
        EXPECT_THAT(notes, HasSubstr(key));
    EXPECT_THAT(notes, testing::Not(HasSubstr("secret-word")));
    WrittenSpecification into;
    std::string under = imported->text.substr(0, imported->text.find("mail:\n"));
    for (const auto* cut : {"ports:\n  interval: 1d\n", "  parallel_hosts: 10\n"})
        under.erase(under.find(cut), std::string_view(cut).size());
    const auto read = read_specification(under, "new.yml", into);
    ASSERT_TRUE(read) << read.error().text;
    EXPECT_THAT(into.hosts, SizeIs(4));
}

TEST(ImportPortSpec, NamesWhatIsWrong) {
    const auto error = [](std::string_view text) {
        const auto imported = import_portspec(text, "conf.yml");
        return imported ? std::string() : imported.error().text;
    };
    EXPECT_THAT(error("interval: -5\nhosts: {a: [80]}\nscanports: [80]\n"),
                HasSubstr("conf.yml:1: interval '-5' is no number of seconds"));
    EXPECT_THAT(error("interval: 60\nscanports: [80]\n"), HasSubstr("`hosts` is missing"));
    EXPECT_THAT(error("interval: 60\nhosts: {a: [80]}\n"), HasSubstr("`scanports` is missing"));
    EXPECT_THAT(error("interval: 60\nhosts: {a: [x]}\nscanports: [80]\n"),
                HasSubstr("conf.yml:2: host a: 'x' is no port"));
    EXPECT_THAT(error("interval: 60\nhosts: {\"a b\": [80]}\nscanports: [80]\n"),
                HasSubstr("is neither a name nor an address"));
    EXPECT_THAT(error("- 1\n"), HasSubstr("this is no conf.yml"));
    EXPECT_NE(error("{"), "");
}

}  // namespace
}  // namespace garita::runtime
