#pragma once
// Runs programs on this machine, each in a process group of its own that ends with it.

#include "runtime/process/command.hpp"

namespace garita::runtime {

/// In the namespaces of the calling thread. The program has the root directory as its own, standard input,
/// output and error, no other descriptor, and default signals. What it leaves behind in its process group is
/// killed; a program that makes a session of its own (as a shared SSH connection does) may outlive it.
class LocalRunner final : public CommandRunner {
  public:
    Result<CommandEnd> run(const Command& command, const OutputSink& output = {}) override;
};

}  // namespace garita::runtime
