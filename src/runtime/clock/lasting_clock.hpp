#pragma once
// Time for what has to last a given span, whatever is done to the system's clock meanwhile.

#include <string>
#include <string_view>

#include "model/time.hpp"

namespace garita::runtime {

/// Counts from the system's time as it was when this boot first asked, by a clock that nobody can turn (and
/// that runs on in sleep). The beginning is kept by the caller, so that a restart of the program goes on with
/// the same count: a span that was stored before ends when it should. A new boot begins anew. Any thread.
class LastingClock {
  public:
    /// Goes on with what `saved` says if that was written in this boot; begins now otherwise.
    explicit LastingClock(std::string_view saved = {});

    [[nodiscard]] Time now() const;
    /// What to keep for the next start of the program.
    [[nodiscard]] std::string saved() const;

  private:
    std::string boot_;
    Duration beginning_{};  ///< system time when this boot's clock stood at zero
};

/// The kernel's name for the time since it started; empty if it tells none.
[[nodiscard]] std::string boot_id();

}  // namespace garita::runtime
