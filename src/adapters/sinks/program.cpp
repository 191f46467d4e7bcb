#include "adapters/sinks/program.hpp"

#include <cerrno>
#include <cstdint>
#include <unistd.h>

#include <sys/eventfd.h>
#include <system_error>

#include "decide/foreign_text.hpp"

namespace garita::sinks {

namespace {

using Kind = Outcome::Kind;

constexpr std::size_t most_output = 1U << 20U;  ///< bytes, which nobody reads
constexpr std::size_t longest_argument = 64 * 1024;

/// An argument ends at its first zero byte, and Linux takes no endless ones.
std::string argument(std::string text) {
    std::erase(text, '\0');
    if (text.size() > longest_argument) text.resize(longest_argument);
    return text;
}

}  // namespace

Program::Program(ProgramSettings settings, std::unique_ptr<runtime::CommandRunner> runner)
    : settings_(std::move(settings)),
      runner_(std::move(runner)),
      stop_(::eventfd(0, EFD_CLOEXEC | EFD_NONBLOCK)) {
    if (!stop_.is_open()) throw std::system_error(errno, std::generic_category(), "eventfd");
}

void Program::cancel() {
    cancelled_ = true;
    const std::uint64_t ring = 1;
    [[maybe_unused]] const auto rung = ::write(stop_.get(), &ring, sizeof ring);
}

Outcome Program::carry(const Delivery& delivery, Time) {
    if (cancelled_) return {Kind::interrupted, "cancelled", {}};
    runtime::Command command;
    command.words.push_back(settings_.program);
    for (const auto& one : settings_.arguments)
        command.words.push_back(
            argument(one.fill([&](std::string_view name) { return delivery.value(name); })));
    command.input = delivery.document + '\n';
    command.limits.total = settings_.timeout;
    command.limits.output = most_output;
    command.limits.stop_fd = stop_.get();
    const auto end = runner_->run(command);
    if (cancelled_) return {Kind::interrupted, "cancelled", {}};
    if (!end) return {Kind::later, decide::clean_line(end.error().text, 300), {}};
    if (end->exited_with(0)) return {Kind::taken, {}, {}};
    return {Kind::later, decide::clean_line(settings_.program + ' ' + runtime::describe(*end), 300), {}};
}

}  // namespace garita::sinks
