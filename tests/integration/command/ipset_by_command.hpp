#pragma once
// The real ipset program, told by command templates, in a network namespace of its own.

#include <filesystem>
#include <memory>
#include <stdexcept>

#include "adapters/command/command_backend.hpp"
#include "contract/class_backend/class_backend_contract.hpp"
#include "model/ready_classes.hpp"
#include "runtime/process/local_runner.hpp"
#include "support/net_namespace.hpp"
#include "support/ssh_server.hpp"

namespace garita::contract {

inline command::Settings ipset_of_marks() {
    command::Settings settings;
    const std::string program = "/usr/sbin/ipset";
    settings.names = {{"set", "marks"}};
    settings.prepare = {program, "-exist", "create", "{set}", "hash:ip", "skbinfo", "maxelem", "200000"};
    settings.add = {program, "-exist", "add", "{set}", "{ip}", "skbmark", "{value:hex}"};
    settings.remove = {program, "-exist", "del", "{set}", "{ip}"};
    settings.list = {program, "list", "{set}"};
    settings.listed = R"(^(?P<ip>\S+)  ?skbmark (?P<value>0x[0-9a-f]+))";
    settings.count = {program, "list", "-terse", "{set}"};
    settings.counted = R"(Number of entries: (\d+))";
    settings.clear = {program, "flush", "{set}"};
    settings.destroy = {program, "destroy", "{set}"};
    settings.fine = "The set with the given name does not exist";
    return settings;
}

inline command::Settings ipset_of_marks_in_batches() {
    auto settings = ipset_of_marks();
    settings.batch = {"/usr/sbin/ipset", "-exist", "restore"};
    settings.add_line = "add {set} {ip} skbmark {value:hex}";
    settings.remove_line = "del {set} {ip}";
    settings.line_number = R"(Error in line (\d+):)";
    settings.swap_before = {"create {set}-new hash:ip skbinfo maxelem 200000", "flush {set}-new"};
    settings.swap_line = "add {set}-new {ip} skbmark {value:hex}";
    settings.swap_behind = {"swap {set} {set}-new", "destroy {set}-new"};
    return settings;
}

/// Every call in the namespace: in a thread that entered it.
class IpsetByCommand final : public ClassDevice {
  public:
    enum class Where { here, by_ssh };

    static std::unique_ptr<ClassDevice> make(const command::Settings& settings, unsigned many,
                                             Where where = Where::here) {
        if (!std::filesystem::exists("/usr/sbin/ipset")) return nullptr;
        std::unique_ptr<IpsetByCommand> device(new IpsetByCommand(many));
        if (where == Where::by_ssh) {
            device->server_ = testing_support::SshServer::start();
            if (!device->server_) return nullptr;
        } else {
            device->space_ = testing_support::NetNamespace::make();
            if (!device->space_) return nullptr;
        }
        device->runner_.emplace(*device);
        auto made = command::CommandBackend::make(ready_class("ip_mark").value(), settings, *device->runner_);
        if (!made) throw std::runtime_error(made.error().text);
        device->backend_ = std::move(*made);
        return device;
    }

    enforce::ClassBackend& backend() override { return *backend_; }
    RuleKey key(unsigned number) override {
        const std::string address = "10." + std::to_string(1 + number / 65536) + "." +
                                    std::to_string(number / 256 % 256) + "." + std::to_string(number % 256);
        return rules_.read_params(address).value();
    }
    RuleValue value(unsigned number) override {
        return rules_.read_value(std::to_string(number + 1)).value();
    }
    [[nodiscard]] unsigned values() const override { return 5; }
    std::optional<RuleKey> refused_key() override { return rules_.read_params("2001:db8::1").value(); }
    bool foreign_add(const RuleKey& key, const RuleValue& value) override {
        return space().shell("ipset -exist add marks " + rules_.params_text(key) + " skbmark 0x" +
                             rules_.value_text(value));
    }
    bool foreign_erase(const RuleKey& key) override {
        return space().shell("ipset del marks " + rules_.params_text(key));
    }
    bool foreign_drop_structure() override { return space().shell("ipset destroy marks"); }
    [[nodiscard]] bool sees_drift() const override { return false; }  // one more and one less are as many
    [[nodiscard]] unsigned many() const override { return many_; }

    [[nodiscard]] const testing_support::NetNamespace& space() const {
        return server_ ? server_->space() : *space_;
    }

  private:
    explicit IpsetByCommand(unsigned many) : many_(many) {}

    class InNamespace final : public runtime::CommandRunner {
      public:
        explicit InNamespace(IpsetByCommand& device) : device_(device) {}
        Result<runtime::CommandEnd> run(const runtime::Command& command,
                                        const runtime::OutputSink& output) override {
            Result<runtime::CommandEnd> end = fail(ErrorCode::io, "not run");
            device_.space().run([&] {
                end = device_.server_ ? device_.server_->runner().run(command, output)
                                      : local_.run(command, output);
            });
            return end;
        }

      private:
        IpsetByCommand& device_;
        runtime::LocalRunner local_;
    };

    RuleClass rules_ = ready_class("ip_mark").value();
    unsigned many_;
    std::unique_ptr<testing_support::NetNamespace> space_;
    std::unique_ptr<testing_support::SshServer> server_;
    std::optional<InNamespace> runner_;
    std::unique_ptr<command::CommandBackend> backend_;
};

}  // namespace garita::contract
