#pragma once
// Dangerous answers take a fresh one-time code of the person who gives them, so that neither an unlocked
// phone nor a stolen token is enough.

#include <cstdint>
#include <optional>
#include <string_view>

#include "decide/refusal.hpp"
#include "model/danger.hpp"
#include "model/result.hpp"
#include "store/store.hpp"

namespace garita::decide {

/// The secrets behind people's codes. Any thread.
class CodeBook {
  public:
    virtual ~CodeBook() = default;
    [[nodiscard]] virtual bool knows(std::string_view person) const = 0;
    /// The step of the clock whose code this is, the latest of those that count at `now`. Each step is used
    /// once.
    [[nodiscard]] virtual std::optional<std::int64_t> step_of(std::string_view person, std::string_view code,
                                                              Time now) const = 0;
};

struct StepUp {
    DangerSet dangers;  ///< answers that take a code
    enum class For {
        those_with_a_secret,  ///< people without one answer as before
        everybody,            ///< who has none is refused
    };
    For whom = For::those_with_a_secret;
    const CodeBook* codes = nullptr;  ///< outlives the options; null: nobody has a secret

    std::size_t failures = 5;  ///< so many wrong codes …
    Duration within = std::chrono::minutes{5};
    Duration locked = std::chrono::minutes{15};  ///< … and none is looked at for so long
};

enum class Stepped {
    up,           ///< no code is needed, or it was right; it is used up now
    code_wanted,  ///< none was given
};

/// Errors: forbidden (a wrong or used code, too many of them, or a person without a secret). What is to be
/// remembered of a failure is written: commit it.
[[nodiscard]] tl::expected<Stepped, Refusal> step_up(store::Transaction& transaction, const Actor& by,
                                                     const std::optional<Danger>& danger,
                                                     std::string_view code, const StepUp& options, Time now);

}  // namespace garita::decide
