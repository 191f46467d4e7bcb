#pragma once
// Emulated Cisco switches (tests/emulators/ios) beside a test: started with it, asked by their control
// socket, ended with it.

#include <memory>
#include <signal.h>
#include <spawn.h>
#include <stdexcept>
#include <string>
#include <string_view>
#include <unistd.h>

#include <arpa/inet.h>
#include <boost/json.hpp>
#include <netinet/in.h>
#include <sys/socket.h>
#include <sys/wait.h>

namespace garita::testing_support {

class EmulatedSwitches {
  public:
    struct Address {
        std::string host;
        std::uint16_t ssh = 0;
        std::uint16_t telnet = 0;  ///< 0: it does not listen
        std::string host_key;      ///< "ssh-ed25519 AAAA…"
        std::string fingerprint;   ///< "SHA256:…"
    };

    /// description: as in tests/emulators/ios/README.md, {"switches": [...]}. Throws if the emulator does not
    /// start.
    EmulatedSwitches(const std::string& source_directory, const boost::json::value& description) {
        spawn(source_directory + "/tests/emulators/ios/ios_switch/__main__.py",
              boost::json::serialize(description));
        const auto started = boost::json::parse(line_from(output_));
        addresses_ = started.at("switches").as_object();
        connect_control(static_cast<std::uint16_t>(started.at("control").as_int64()));
    }
    static std::unique_ptr<EmulatedSwitches> start(const std::string& source_directory,
                                                   const boost::json::value& description) {
        return std::make_unique<EmulatedSwitches>(source_directory, description);
    }
    ~EmulatedSwitches() {
        if (control_ >= 0) close(control_);
        if (output_ >= 0) close(output_);
        if (pid_ <= 0) return;
        kill(pid_, SIGTERM);
        waitpid(pid_, nullptr, 0);
    }
    EmulatedSwitches(const EmulatedSwitches&) = delete;
    EmulatedSwitches& operator=(const EmulatedSwitches&) = delete;

    /// "address", "ssh", "telnet", "host_key", "fingerprint"
    [[nodiscard]] const boost::json::object& at(std::string_view name) const {
        return addresses_.at(name).as_object();
    }
    [[nodiscard]] Address address(std::string_view name) const {
        const auto& known = at(name);
        const auto port = [&](std::string_view which) {
            return known.contains(which) ? static_cast<std::uint16_t>(known.at(which).as_int64())
                                         : std::uint16_t{0};
        };
        const auto text = [&](std::string_view which) { return std::string(known.at(which).as_string()); };
        return {text("address"), port("ssh"), port("telnet"), text("host_key"), text("fingerprint")};
    }

    /// Asks one switch ("*": all): ask("sw1", "frame", {{"port", "Gi1/0/1"}, {"mac", "0011.2233.4455"}}).
    /// Throws what it says.
    boost::json::value ask(std::string_view name, std::string_view what, boost::json::object request = {}) {
        request["switch"] = name;
        request["do"] = what;
        const auto line = boost::json::serialize(request) + "\n";
        for (std::size_t sent = 0; sent < line.size();) {
            const auto wrote = send(control_, line.data() + sent, line.size() - sent, MSG_NOSIGNAL);
            if (wrote <= 0) throw std::runtime_error("the emulator does not listen");
            sent += static_cast<std::size_t>(wrote);
        }
        auto answer = boost::json::parse(line_from(control_)).as_object();
        if (!answer.at("ok").as_bool()) throw std::runtime_error(std::string(answer.at("error").as_string()));
        return answer.at("result");
    }

  private:
    void spawn(std::string program, std::string description) {
        int ends[2];
        if (pipe(ends) != 0) throw std::runtime_error("no pipe for the emulator");
        posix_spawn_file_actions_t actions;
        posix_spawn_file_actions_init(&actions);
        posix_spawn_file_actions_adddup2(&actions, ends[1], STDOUT_FILENO);
        posix_spawn_file_actions_addclose(&actions, ends[0]);
        posix_spawn_file_actions_addclose(&actions, ends[1]);
        std::string python = "/usr/bin/python3";
        char* const vector[] = {python.data(), program.data(), description.data(), nullptr};
        const int failed = posix_spawn(&pid_, vector[0], &actions, nullptr, vector, environ);
        posix_spawn_file_actions_destroy(&actions);
        close(ends[1]);
        output_ = ends[0];
        if (failed != 0) throw std::runtime_error("the emulator cannot be started");
    }

    void connect_control(std::uint16_t port) {
        control_ = socket(AF_INET, SOCK_STREAM | SOCK_CLOEXEC, 0);
        sockaddr_in to{};
        to.sin_family = AF_INET;
        to.sin_port = htons(port);
        to.sin_addr.s_addr = htonl(INADDR_LOOPBACK);
        if (connect(control_, reinterpret_cast<const sockaddr*>(&to), sizeof to) != 0)
            throw std::runtime_error("the emulator's control socket cannot be reached");
    }

    static std::string line_from(int descriptor) {
        std::string line;
        char byte = 0;
        while (read(descriptor, &byte, 1) == 1 && byte != '\n')
            line += byte;
        if (byte != '\n') throw std::runtime_error("the emulator has ended");
        return line;
    }

    pid_t pid_ = -1;
    int output_ = -1;
    int control_ = -1;
    boost::json::object addresses_;
};

}  // namespace garita::testing_support
