#pragma once
// Genuine mail, made by the programs that people make it with: openssl, gpg, OpenDKIM's.

#include <chrono>
#include <cstdlib>
#include <filesystem>
#include <fstream>
#include <iterator>
#include <stdexcept>
#include <string>

#include <fmt/chrono.h>

#include "access/letter.hpp"
#include "support/temporary_directory.hpp"

namespace garita::mail_proof {

inline Time the_time() {
    return std::chrono::time_point_cast<Duration>(std::chrono::system_clock::now());
}

/// A letter of now, as it is sent and as it is read.
struct Sample {
    std::string from = "ana@example.org";
    std::string id = "one@example.org";
    Time sent = the_time();

    [[nodiscard]] access::Letter letter() const {
        access::Letter claimed;
        claimed.from = from;
        claimed.id = id;
        claimed.sent = sent;
        return claimed;
    }
    [[nodiscard]] std::string head() const {
        const auto at =
            std::chrono::system_clock::to_time_t(std::chrono::time_point_cast<std::chrono::seconds>(sent));
        return "From: Ana <" + from + ">\r\nTo: garita@example.org\r\nSubject: access\r\nDate: " +
               fmt::format("{:%a, %d %b %Y %H:%M:%S +0000}", fmt::gmtime(at)) + "\r\nMessage-ID: <" + id +
               ">\r\nMIME-Version: 1.0\r\n";
    }
};

/// Programs are run in a folder of the test's own, with nothing but fixed commands.
class Workshop {
  public:
    void run(const std::string& command) const {
        const auto line = "cd " + folder.path().string() + " && { " + command + "; } >log 2>&1";
        if (std::system(line.c_str()) != 0) throw std::runtime_error(command + " failed: " + read("log"));
    }
    void write(const std::string& name, const std::string& text) const {
        std::ofstream(folder / name, std::ios::binary) << text;
    }
    [[nodiscard]] std::string read(const std::string& name) const {
        std::ifstream file(folder / name, std::ios::binary);
        return {std::istreambuf_iterator<char>(file), {}};
    }
    support::TemporaryDirectory folder;
};

inline std::string replaced(std::string text, const std::string& what, const std::string& with) {
    const auto at = text.find(what);
    if (at == std::string::npos) throw std::runtime_error("the text has no " + what);
    return text.replace(at, what.size(), with);
}

}  // namespace garita::mail_proof
