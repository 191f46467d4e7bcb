#pragma once
// ipfw as a program: run for its result, its words for "there was nothing to do" understood.

#include <functional>
#include <string>
#include <string_view>
#include <vector>

#include "adapters/ipfw/settings.hpp"
#include "runtime/process/command.hpp"

namespace garita::ipfw {

class Program {
  public:
    /// Both must outlive this.
    Program(const Settings& settings, runtime::CommandRunner& runner)
        : settings_(settings), runner_(runner) {}

    [[nodiscard]] Result<runtime::CommandEnd> run(std::vector<std::string> words);
    /// Success also where ipfw says `fine`.
    [[nodiscard]] Result<void> expect(std::vector<std::string> words, std::string_view fine = {});
    /// Each line of what it says; longer ones than 4096 bytes are cut.
    [[nodiscard]] Result<void> lines(std::vector<std::string> words,
                                     const std::function<void(std::string_view)>& line);

  private:
    [[nodiscard]] Result<runtime::CommandEnd> run(std::vector<std::string> words,
                                                  const runtime::OutputSink& output);

    const Settings& settings_;
    runtime::CommandRunner& runner_;
};

// What ipfw says where there was nothing to do.
inline constexpr std::string_view no_table = "No such process";  // ESRCH
inline constexpr std::string_view table_there = "File exists";
inline constexpr std::string_view no_record = "record not found";
inline constexpr std::string_view no_pipe = "Invalid argument";

}  // namespace garita::ipfw
