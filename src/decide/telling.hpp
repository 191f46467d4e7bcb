#pragma once
// What somebody who cannot answer where he reads (mail, a webhook) is told of a case, and when: from the case
// and from what he was told last, so a restart changes nothing.

#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

#include "decide/case_text.hpp"
#include "decide/on_call.hpp"
#include "model/message.hpp"

namespace garita::decide {

/// Of which cases somebody wants to hear.
struct Audience {
    Severity least = Severity::info;
    std::vector<std::string> kinds{};    ///< empty: all
    std::vector<std::string> devices{};  ///< empty: all
    int step = 0;                        ///< of on call, in which they are named; 0: told at once
    QuietHours quiet{};

    [[nodiscard]] bool wants(const Case& about) const;
};

enum class Stage {
    none,      ///< nothing was told yet
    withheld,  ///< looked at, and not for this audience as it was then
    asked,     ///< it waits for an answer
    decided,   ///< answered; its effects are under way, or it waits to be confirmed
    over,      ///< told to the end, but that what it is about may go on
    ended,     ///< that is over too, as the detector saw it (the fact "over")
};
[[nodiscard]] std::string_view word_of(Stage stage);

/// What somebody knows about a case: Message::external_id of such channels.
struct Told {
    Stage stage = Stage::none;
    Severity severity = Severity::info;
    std::int64_t digest = 0;  ///< by the digest of this number instead of a letter of its own
    std::string subject;      ///< of a letters' thread: it stays, though the case's title may count on
    std::int64_t lapse = 0;   ///< the last acknowledgement whose end was told: it ended then, in microseconds
};
[[nodiscard]] std::string to_text(const Told& told);
[[nodiscard]] Told parse_told(std::string_view text);

/// What is to be done now.
struct Wish {
    enum class Kind {
        nothing,   ///< it knows enough
        withhold,  ///< it is not told, but may be when the case changes
        letter,    ///< it is told now
        later,     ///< it is told, unless more happens in `in`
        hold,      ///< it is told at the end of the quiet hours, in `in`, if it still has to be then
    };
    Kind kind = Kind::nothing;
    Stage stage = Stage::none;  ///< of what is told; of `hold`: of what it knows until then
    Duration in{0};
};
/// `settling`: so long an answer's effects are waited for, so that both are told together; zero: not at all.
[[nodiscard]] Wish wish(const Case& about, const Told& told, const Audience& audience, Duration settling,
                        Time now);

/// What it knows once it was told this.
[[nodiscard]] Told told_after(const Case& about, const Told& before, Stage stage, Time now);
/// Writes down in its row what `hold` means.
void hold_back(Message& row, const Case& about, const Told& told, const Wish& wish, Time now);

/// What is new, in one line: "A case waits for an answer."
[[nodiscard]] std::string stage_line(const Case& about, const Told& told, Stage stage, const Reader& reader);

}  // namespace garita::decide
