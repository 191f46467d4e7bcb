#pragma once
// What happens when nobody answers: the declared default, at its time.

#include <optional>

#include "decide/desk_options.hpp"
#include "model/worker.hpp"
#include "store/store.hpp"

namespace garita::decide {

class Silence final : public Worker {
  public:
    Silence(store::Store& store, const DeskOptions& options) : store_(store), options_(options) {}

    [[nodiscard]] std::string_view name() const override { return "desk silence"; }
    /// After a start, a sleep of the machine or a jump of the clock, options.silence_grace passes first:
    /// answers that people gave meanwhile may still be on their way.
    Result<Duration> step(Time now) override;
    /// A flood of new cases wakes it for each commit.
    [[nodiscard]] Duration rest() const override { return std::chrono::milliseconds{50}; }

  private:
    store::Store& store_;
    const DeskOptions& options_;
    std::optional<Time> last_step_;
    std::optional<Time> grace_until_;

    [[nodiscard]] bool in_grace(Time now);
};

}  // namespace garita::decide
