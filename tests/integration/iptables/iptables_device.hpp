#pragma once
// A chain of the real iptables, of either variant, in a network namespace of its own.

#include <filesystem>
#include <memory>
#include <stdexcept>
#include <string>

#include "adapters/iptables/iptables_backend.hpp"
#include "contract/class_backend/class_backend_contract.hpp"
#include "model/ready_classes.hpp"
#include "runtime/process/local_runner.hpp"
#include "support/net_namespace.hpp"

namespace garita::contract {

/// Runs programs in a namespace, whichever thread asks.
class RunnerIn final : public runtime::CommandRunner {
  public:
    explicit RunnerIn(const testing_support::NetNamespace& space) : space_(space) {}
    Result<runtime::CommandEnd> run(const runtime::Command& command,
                                    const runtime::OutputSink& output) override {
        Result<runtime::CommandEnd> end = fail(ErrorCode::io, "not run");
        space_.run([&] { end = local_.run(command, output); });
        return end;
    }

  private:
    const testing_support::NetNamespace& space_;
    runtime::LocalRunner local_;
};

class IptablesDevice final : public ClassDevice {
  public:
    static std::unique_ptr<IptablesDevice> make(const std::string& program, const RuleClass& rules) {
        if (!std::filesystem::exists("/usr/sbin/" + program)) return nullptr;
        auto space = testing_support::NetNamespace::make();
        if (!space) return nullptr;
        std::unique_ptr<IptablesDevice> device(new IptablesDevice(program, rules, std::move(space)));
        iptables::Settings settings;
        settings.chain = "garita_x";
        settings.table = device->table();
        settings.program = "/usr/sbin/" + program;
        device->runner_.emplace(*device->space_);
        auto made = iptables::IptablesBackend::make(rules, settings, *device->runner_);
        if (!made) throw std::runtime_error(made.error().text);
        device->backend_ = std::move(*made);
        return device;
    }

    iptables::IptablesBackend& backend() override { return *backend_; }
    RuleKey key(unsigned number) override {
        const auto low = std::to_string(number / 256 % 256) + "." + std::to_string(number % 256);
        const bool networks = rules_.params()[0].type == ParamType::network;
        const std::string text = number % 2 == 1
                                     ? "2001:db8:" + std::to_string(number % 1000) + ":" +
                                           std::to_string(number / 1000) + "::" + (networks ? "/64" : "")
                                     : "10." + std::to_string(1 + number / 65536) + "." + low;
        return rules_.read_params(text).value();
    }
    RuleValue value(unsigned number) override {
        const auto type = rules_.value().type;
        if (type == ParamType::word) return rules_.read_value("open").value();
        if (type == ParamType::mac)
            return rules_.read_value("02:00:00:00:00:0" + std::to_string(number)).value();
        return rules_.read_value(std::to_string(number)).value();
    }
    [[nodiscard]] unsigned values() const override { return rules_.value().type == ParamType::word ? 1 : 5; }
    std::optional<RuleKey> refused_key() override {
        if (rules_.params()[0].type != ParamType::network) return std::nullopt;
        return rules_.read_params("0.0.0.0/0").value();
    }
    bool foreign_add(const RuleKey& key, const RuleValue& value) override {
        return foreign("-A", key, value);
    }
    bool foreign_erase(const RuleKey& key) override { return foreign("-D", key, value(0)); }
    bool foreign_drop_structure() override {
        for (const unsigned family : {4U, 6U}) {
            const auto program = name(family) + " -w -t " + table();
            if (!shell(program + " -F && " + program + " -X garita_x")) return false;
        }
        return true;
    }
    [[nodiscard]] unsigned many() const override { return 600; }

    [[nodiscard]] bool shell(const std::string& command) const { return space_->shell(command); }
    [[nodiscard]] std::string table() const {
        return rules_.value().type == ParamType::mark ? "mangle" : "filter";
    }
    /// The program for a family.
    [[nodiscard]] std::string name(unsigned family) const {
        return family == 4 ? program_ : "ip6" + program_.substr(2);
    }
    [[nodiscard]] const RuleClass& rules() const { return rules_; }

  private:
    IptablesDevice(std::string program, RuleClass rules, std::unique_ptr<testing_support::NetNamespace> space)
        : program_(std::move(program)), rules_(std::move(rules)), space_(std::move(space)) {}

    [[nodiscard]] bool foreign(const std::string& verb, const RuleKey& key, const RuleValue& value) const {
        const auto type = rules_.value().type;
        const std::string target = type == ParamType::word ? " -j ACCEPT"
                                   : type == ParamType::mac
                                       ? " -m mac ! --mac-source " + rules_.value_text(value) + " -j DROP"
                                       : " -j MARK --set-mark " + rules_.value_text(value);
        return shell(name(key.bytes()[0]) + " -w -t " + table() + " " + verb + " garita_x -s " +
                     rules_.params_text(key) + target);
    }

    std::string program_;
    RuleClass rules_;
    std::unique_ptr<testing_support::NetNamespace> space_;
    std::optional<RunnerIn> runner_;
    std::unique_ptr<iptables::IptablesBackend> backend_;
};

}  // namespace garita::contract
