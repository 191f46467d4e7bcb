#pragma once
// Tells of every program that is run, and how it ended.

#include <functional>

#include "runtime/process/command.hpp"

namespace garita::runtime {

/// Called when it has ended, or could not be run.
using CommandTrace = std::function<void(const Command&, const Result<CommandEnd>&)>;

class TracedRunner final : public CommandRunner {
  public:
    /// The runner outlives it.
    TracedRunner(CommandRunner& runner, CommandTrace trace) : runner_(runner), trace_(std::move(trace)) {}

    Result<CommandEnd> run(const Command& command, const OutputSink& output = {}) override {
        auto end = runner_.run(command, output);
        trace_(command, end);
        return end;
    }

  private:
    CommandRunner& runner_;
    CommandTrace trace_;
};

}  // namespace garita::runtime
