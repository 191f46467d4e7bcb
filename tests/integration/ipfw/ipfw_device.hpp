#pragma once
// The emulator of ipfw in a directory of its own, here or behind a real sshd.

#include <filesystem>
#include <fstream>
#include <memory>
#include <stdexcept>
#include <string>
#include <vector>

#include "adapters/ipfw/ipfw_backend.hpp"
#include "contract/class_backend/class_backend_contract.hpp"
#include "model/ready_classes.hpp"
#include "runtime/process/local_runner.hpp"
#include "support/ssh_server.hpp"

namespace garita::contract {

class IpfwDevice final : public ClassDevice {
  public:
    enum class Where { here, by_ssh };
    struct Kind {
        std::string rules = "inet_access";
        std::string generation = "new";
        Where where = Where::here;
        std::uint32_t capacity = 0;
    };

    static std::unique_ptr<IpfwDevice> make(const Kind& kind) {
        if (!std::filesystem::exists("/usr/bin/python3")) return nullptr;
        std::unique_ptr<IpfwDevice> device(new IpfwDevice(kind));
        if (kind.where == Where::by_ssh) {
            device->server_ = testing_support::SshServer::start();
            if (!device->server_) return nullptr;
        }
        std::filesystem::copy_file(GARITA_SOURCE_DIR "/tests/ipfw_emulator/ipfw.py", device->program());
        std::ofstream(device->directory_ / "generation") << kind.generation;
        ipfw::Settings settings;
        settings.table = "garita_" + kind.rules;
        settings.program = device->program();
        settings.capacity = kind.capacity;
        device->runner_.emplace(*device);
        auto made = ipfw::IpfwBackend::make(ready_class(kind.rules).value(), settings, *device->runner_);
        if (!made) throw std::runtime_error(made.error().text);
        device->backend_ = std::move(*made);
        return device;
    }

    enforce::ClassBackend& backend() override { return *backend_; }
    RuleKey key(unsigned number) override {
        const auto bytes = std::to_string(number / 256 % 256) + "." + std::to_string(number % 256);
        if (number % 2 == 1) return rules_.read_params("2001:db8::" + std::to_string(number)).value();
        return rules_.read_params("10." + std::to_string(1 + number / 65536) + "." + bytes).value();
    }
    RuleValue value(unsigned number) override {
        if (values() == 1) return rules_.read_value("open").value();
        if (kind_.rules == "shaping_in")
            return rules_.read_value(std::to_string(number + 1) + "500kbit").value();
        return rules_.read_value(std::to_string(number + 1)).value();
    }
    [[nodiscard]] unsigned values() const override { return kind_.rules == "inet_access" ? 1 : 5; }
    bool foreign_add(const RuleKey& key, const RuleValue& value) override {
        // a pipe of somebody else's has no rate that Garita knows: take one of its own
        const auto number = kind_.rules == "shaping_in" ? "20900"
                            : values() == 1             ? "0"
                                                        : rules_.value_text(value);
        if (kind_.rules == "shaping_in" && !call({"pipe", "20900", "config", "bw", "2500Kbit/s"}))
            return false;
        return call({"-q", "table", table(), "add", rules_.params_text(key), number});
    }
    bool foreign_erase(const RuleKey& key) override {
        return call({"-q", "table", table(), "delete", rules_.params_text(key)});
    }
    bool foreign_drop_structure() override { return call({"-q", "table", table(), "destroy"}); }
    [[nodiscard]] bool sees_drift() const override { return false; }  // one more and one less are as many
    [[nodiscard]] unsigned many() const override { return 9'000; }

    [[nodiscard]] std::string table() const { return "garita_" + kind_.rules; }
    [[nodiscard]] std::string program() const { return directory_ / "ipfw"; }
    [[nodiscard]] bool call(std::vector<std::string> words) const {
        words.insert(words.begin(), program());
        runtime::LocalRunner runner;
        const auto end = runner.run({std::move(words)});
        return end && end->exited_with(0);
    }
    /// What the emulator was called with, without the name of the program.
    [[nodiscard]] std::vector<std::string> calls() const {
        std::vector<std::string> all;
        std::ifstream file(directory_ / "calls");
        for (std::string line; std::getline(file, line);)
            all.push_back(line);
        return all;
    }
    [[nodiscard]] const RuleClass& rules() const { return rules_; }
    /// What a call reaches from now on: nothing.
    void take_away() const { std::filesystem::remove(program()); }

  private:
    explicit IpfwDevice(Kind kind) : kind_(std::move(kind)), rules_(ready_class(kind_.rules).value()) {}

    class Runner final : public runtime::CommandRunner {
      public:
        explicit Runner(IpfwDevice& device) : device_(device) {}
        Result<runtime::CommandEnd> run(const runtime::Command& command,
                                        const runtime::OutputSink& output) override {
            if (!device_.server_) return local_.run(command, output);
            Result<runtime::CommandEnd> end = fail(ErrorCode::io, "not run");
            device_.server_->space().run([&] { end = device_.server_->runner().run(command, output); });
            return end;
        }

      private:
        IpfwDevice& device_;
        runtime::LocalRunner local_;
    };

    Kind kind_;
    RuleClass rules_;
    support::TemporaryDirectory directory_;
    std::unique_ptr<testing_support::SshServer> server_;
    std::optional<Runner> runner_;
    std::unique_ptr<ipfw::IpfwBackend> backend_;
};

}  // namespace garita::contract
