// Psec's files, with its own keys, as settings that `garita check` takes.

#include "programs/access/psec_import.hpp"

#include <filesystem>
#include <fstream>
#include <iterator>

#include <gmock/gmock.h>
#include <sys/stat.h>

#include "programs/access/access_check.hpp"
#include "runtime/config/document.hpp"
#include "support/temporary_directory.hpp"

namespace garita::programs {
namespace {

using testing::Contains;
using testing::ElementsAre;
using testing::HasSubstr;
using testing::IsEmpty;
using testing::Not;

const std::string conf = R"({
    "proj_dir": "/home/psec/", "log_dir": "/home/psec/",
    "mail_server": "mail.corp.example", "mailbox": "admin@corp.example",
    "mail_from": "psec@corp.example", "mail_pass": "mail-word",
    "db_user": "rsyslog", "db_pass": "base-word",
    "bad_ips": ["10.9.0.1", "10.9.0.2"],
    "infsec_emails": ["ivan.petrov@corp.example", "anna@corp.example", "ANNA@corp.example"]
})";
const std::string cisco =
    R"({"device_type": "cisco_ios", "host": "", "username": "psec", "password": "switch-word",
    "fast_cli": true, "global_delay_factor": 2.0})";
const std::string sql =
    R"({"device_type": "linux", "host": "10.0.0.5", "username": "log", "password": "ssh-word"})";

Result<ImportedAccess> import_all(const std::string& first = conf, const std::string& second = cisco,
                                  const std::string& third = sql) {
    return import_psec({{"conf.json", first}, {"cisco_params.json", second}, {"sql_params.json", third}},
                       "/etc/garita");
}

TEST(PsecImport, WhatItSaysIsFineOnceASwitchIsFilledIn) {
    const auto imported = import_all();
    ASSERT_TRUE(imported) << imported.error().text;
    const auto with_switch = [&](const std::string& one) {
        auto text = imported->text;
        const std::string place = "# FILL IN: sw1: {address: 192.0.2.10, host_keys: [\"SHA256:…\"]}";
        const auto at = text.find(place);
        EXPECT_NE(at, std::string::npos) << text;
        return "hub:\n" + text.replace(at, place.size(), one);
    };
    const auto empty =
        runtime::Document::parse("hub:\n" + imported->text, "hub.yml", runtime::Outside::ignore);
    EXPECT_THAT(empty.texts(runtime::Problem::Weight::error), ElementsAre(HasSubstr("there is no switch")));
    const auto filled = runtime::Document::parse(
        with_switch(
            "sw1: {address: 10.0.0.1, host_keys: [\"SHA256:mVPwvezndPv/ARoIadVY98vAC0g+P/5633yTC4d/wXE\"]}"),
        "hub.yml", runtime::Outside::ignore);
    EXPECT_THAT(filled.texts(runtime::Problem::Weight::error), IsEmpty());
    const auto bad = runtime::Document::parse(with_switch("sw1: {address: 10.9.0.1}"), "hub.yml",
                                              runtime::Outside::ignore);
    EXPECT_THAT(bad.texts(runtime::Problem::Weight::error), Contains(HasSubstr("is in access.excluded")));
}

TEST(PsecImport, EachKeyHasItsPlace) {
    const auto imported = import_all();
    ASSERT_TRUE(imported) << imported.error().text;
    for (const auto* part :
         {"ivan.petrov: {role: approver, mail: [\"ivan.petrov@corp.example\"]}",
          "anna: {role: approver, mail: [\"anna@corp.example\"]}",
          "admin: {role: operator, mail: [\"admin@corp.example\"]}", "notify: [\"admin@corp.example\"]",
          "server: \"mail.corp.example\"", "from: \"psec@corp.example\"", "user: \"rsyslog\"",
          "host: \"10.0.0.5\"", "user: \"psec\"", "excluded: [\"10.9.0.1\", \"10.9.0.2\"]"})
        EXPECT_THAT(imported->text, HasSubstr(part));
    EXPECT_EQ(imported->text.find("anna2"), std::string::npos) << "an address once";
}

TEST(PsecImport, PasswordsGoToFilesAlone) {
    const auto imported = import_all();
    ASSERT_TRUE(imported);
    std::string all = imported->text;
    for (const auto& note : imported->notes)
        all += note;
    for (const auto* word : {"mail-word", "base-word", "switch-word", "ssh-word"})
        EXPECT_THAT(all, Not(HasSubstr(word)));
    const support::TemporaryDirectory folder;
    ASSERT_TRUE(write_passwords(imported->passwords, folder.path().string()));
    const auto file = folder.path() / "switch.password";
    std::ifstream stream(file);
    EXPECT_EQ(std::string(std::istreambuf_iterator<char>(stream), {}), "switch-word");
    struct stat status {};
    ASSERT_EQ(::stat(file.c_str(), &status), 0);
    EXPECT_EQ(status.st_mode & 0777U, 0600U);
    const auto again = write_passwords(imported->passwords, folder.path().string());
    ASSERT_FALSE(again) << "nothing is written over";
    EXPECT_THAT(again.error().text, HasSubstr("there already"));
}

TEST(PsecImport, TheDefaultFilesAreEmptyAndSayWhatToFillIn) {
    const auto imported = import_all(
        R"({"proj_dir":"","log_dir":"","mail_server":"","mailbox":"","mail_from":"","mail_pass":"","db_user":"",
            "db_pass":"","bad_ips":[],"infsec_emails":[]})",
        R"({"device_type":"cisco_ios","host":"","username":"","password":"","secret":"enable-word","port":2222})",
        R"({"device_type":"linux","host":"","username":"","password":""})");
    ASSERT_TRUE(imported) << imported.error().text;
    EXPECT_THAT(imported->text, HasSubstr("server: \"\"  # FILL IN"));
    EXPECT_THAT(imported->text, HasSubstr("FILL IN: ana:"));
    EXPECT_THAT(imported->text, HasSubstr("enable_secret: {file: \"/etc/garita/switch.enable\"}"));
    EXPECT_THAT(imported->text, HasSubstr("port: 2222"));
    EXPECT_THAT(imported->text, Not(HasSubstr("enable-word")));
}

TEST(PsecImport, IsReadStrictly) {
    const auto error = [](const Result<ImportedAccess>& imported) {
        return imported ? std::string("nothing") : imported.error().text;
    };
    EXPECT_THAT(error(import_all("{")), HasSubstr("conf.json"));
    EXPECT_THAT(error(import_all("[]")), HasSubstr("an object"));
    EXPECT_THAT(error(import_all(R"({"mail_pass": ["my-word"]})")),
                testing::AllOf(HasSubstr("mail_pass"), Not(HasSubstr("my-word"))));
    EXPECT_THAT(error(import_all(R"({"bad_ips": "10.0.0.1"})")), HasSubstr("bad_ips"));
    EXPECT_THAT(
        error(import_all(R"({"bad_ips": ["10.0.0"], "infsec_emails": ["ivan"]})")),
        testing::AllOf(HasSubstr("\"10.0.0\" is no address"), HasSubstr("\"ivan\" is no mail address")));
    EXPECT_THAT(error(import_all(cisco)), HasSubstr("name conf.json first"));
    EXPECT_THAT(error(import_all(conf, sql, sql)), HasSubstr("one of this kind already"));
    EXPECT_THAT(error(import_all(conf, R"({"device_type":"juniper"})")), HasSubstr("\"juniper\""));
    EXPECT_THAT(error(import_psec({}, "/etc/garita")), HasSubstr("conf.json"));
    const auto unknown = import_all(R"({"mail_port": 110})");
    ASSERT_TRUE(unknown);
    EXPECT_THAT(unknown->notes, Contains(HasSubstr("\"mail_port\" means nothing to Psec")));
}

TEST(AccessCheck, PortsThatThereAreNotAreToldWithTheirPlace) {
    runtime::SwitchConfig one;
    one.name = "sw1";
    one.place = {"hub.yml", 7};
    one.never = {"Gi1/0/1-4", "Port-channel1"};
    EXPECT_TRUE(check_switches({one}));
    one.never = {"Zz1/0/1", "Gi1/0/4-1"};
    const auto checked = check_switches({one});
    ASSERT_FALSE(checked);
    EXPECT_THAT(checked.error().text,
                testing::AllOf(HasSubstr("hub.yml:7: switches.sw1.never: 'Zz1/0/1' is neither"),
                               HasSubstr("Gi1/0/4-1")));
}

}  // namespace
}  // namespace garita::programs
