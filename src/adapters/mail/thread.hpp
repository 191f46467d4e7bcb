#pragma once
// The letters about one case to one recipient: when one is due, and what they are called. All of it follows
// from the case and from what the recipient was told last, so a restart changes nothing.

#include <optional>
#include <string>
#include <string_view>

#include "adapters/mail/settings.hpp"
#include "model/message.hpp"
#include "store/store.hpp"

namespace garita::mail {

enum class Stage {
    none,      ///< nothing was told yet
    withheld,  ///< looked at, and not for this recipient as it was then
    asked,     ///< it waits for an answer
    decided,   ///< answered; its effects took long, or it waits to be confirmed
    over,      ///< told to the end, but that what it is about may go on
    ended,     ///< that is over too, as the detector saw it (the fact "over")
};

/// What a recipient knows about a case: Message::external_id of this channel.
struct Told {
    Stage stage = Stage::none;
    Severity severity = Severity::info;
    std::int64_t digest = 0;  ///< by the digest of this number instead of a letter of its own
    std::string subject;      ///< of the thread: it stays, though the case's title may count on
};
[[nodiscard]] std::string to_text(const Told& told);
[[nodiscard]] Told parse_told(std::string_view text);

/// What is to be done now.
struct Wish {
    enum class Kind {
        nothing,   ///< it knows enough
        withhold,  ///< it is not told, but may be when the case changes
        letter,
        later,  ///< a letter, unless more happens in `in`
    };
    Kind kind = Kind::nothing;
    Stage stage = Stage::none;  ///< of the letter
    Duration in{0};
};
/// So long an answer's effects are waited for, so that one letter tells both.
inline constexpr Duration settling = std::chrono::seconds{60};
[[nodiscard]] Wish wish(const Case& about, const Told& told, const Recipient& recipient, Time now);

/// Names letters: the same letter always gets the same name, on this hub only.
class LetterIds {
  public:
    /// Reads the hub's key for them, or makes it on the first call.
    [[nodiscard]] static Result<LetterIds> open(store::Store& store, std::string_view from);

    /// The first letter of the case, which the others answer.
    [[nodiscard]] std::string root(CaseId about, std::string_view to) const;
    /// Of the letter that is due after `told`.
    [[nodiscard]] std::string next(const Case& about, const Told& told, Stage stage,
                                   std::string_view to) const;
    [[nodiscard]] std::string digest(std::int64_t number, std::string_view to) const;

  private:
    LetterIds(std::string key, std::string domain) : key_(std::move(key)), domain_(std::move(domain)) {}
    [[nodiscard]] std::string name(const std::string& what, std::string_view to) const;
    std::string key_;
    std::string domain_;
};

}  // namespace garita::mail
