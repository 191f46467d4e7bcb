#pragma once
// One delivery as one run of a program: its arguments filled in, the case as JSON on its standard input.

#include <atomic>
#include <memory>
#include <string>
#include <vector>

#include "adapters/sinks/carrier.hpp"
#include "runtime/process/command.hpp"
#include "runtime/text_template/text_template.hpp"

namespace garita::sinks {

struct ProgramSettings {
    std::string program;                            ///< absolute path
    std::vector<runtime::TextTemplate> arguments{};
    Duration timeout = std::chrono::seconds{20};
};

class Program final : public Carrier {
  public:
    Program(ProgramSettings settings, std::unique_ptr<runtime::CommandRunner> runner);

    [[nodiscard]] Outcome carry(const Delivery& delivery, Time now) override;
    /// A run that is under way goes to its end: killing it in the middle helps nobody.
    void cancel() override { cancelled_ = true; }

  private:
    const ProgramSettings settings_;
    const std::unique_ptr<runtime::CommandRunner> runner_;
    std::atomic<bool> cancelled_{false};
};

}  // namespace garita::sinks
