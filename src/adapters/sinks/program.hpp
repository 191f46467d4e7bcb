#pragma once
// One delivery as one run of a program: its arguments filled in, the case as JSON on its standard input.

#include <atomic>
#include <memory>
#include <string>
#include <vector>

#include "adapters/sinks/carrier.hpp"
#include "runtime/descriptor/descriptor.hpp"
#include "runtime/process/command.hpp"
#include "runtime/text_template/text_template.hpp"

namespace garita::sinks {

struct ProgramSettings {
    std::string program;  ///< absolute path
    std::vector<runtime::TextTemplate> arguments{};
    Duration timeout = std::chrono::seconds{20};
};

class Program final : public Carrier {
  public:
    Program(ProgramSettings settings, std::unique_ptr<runtime::CommandRunner> runner);

    [[nodiscard]] Outcome carry(const Delivery& delivery, Time now) override;
    void cancel() override;

  private:
    const ProgramSettings settings_;
    const std::unique_ptr<runtime::CommandRunner> runner_;
    std::atomic<bool> cancelled_{false};
    const runtime::Descriptor stop_;  ///< readable from cancel() on
};

}  // namespace garita::sinks
