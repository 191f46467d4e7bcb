#pragma once
// A Dialogue over a Shell, with limits in time: what brings the bytes of the one to the other.

#include <memory>
#include <string_view>

#include "access/switch_driver.hpp"
#include "adapters/ios/dialogue.hpp"
#include "runtime/shell/shell.hpp"

namespace garita::ios {

/// Blocks while it works. Errors are those of access/switch_driver.hpp.
class Terminal {
  public:
    /// The log outlives it.
    Terminal(std::unique_ptr<runtime::Shell> shell, DialogueSettings settings, access::SessionLog& log);
    /// Says goodbye, and waits for at most two seconds.
    ~Terminal();
    Terminal(const Terminal&) = delete;
    Terminal& operator=(const Terminal&) = delete;

    /// Up to the prompt of privileged mode.
    [[nodiscard]] Result<void> open(Duration within);
    /// The whole answer, refused or not. After an error nothing more can be asked.
    [[nodiscard]] Result<Answer> ask(std::string_view command, Duration within,
                                     Questions questions = Questions::refuse);
    [[nodiscard]] bool configures() const { return mode_ == Prompt::Mode::configuration; }

  private:
    [[nodiscard]] Result<void> run_until_ready(Duration within);
    [[nodiscard]] Result<void> step(Duration wait);

    std::unique_ptr<runtime::Shell> shell_;
    Dialogue dialogue_;
    access::SessionLog& log_;
    Prompt::Mode mode_ = Prompt::Mode::none;
};

}  // namespace garita::ios
