#pragma once
// The letters about one case to one recipient: when one is due, and what they are called. All of it follows
// from the case and from what the recipient was told last, so a restart changes nothing.

#include <optional>
#include <string>
#include <string_view>

#include "adapters/mail/settings.hpp"
#include "decide/telling.hpp"
#include "model/message.hpp"
#include "store/store.hpp"

namespace garita::mail {

using decide::parse_told;
using decide::Stage;
using decide::Told;
using decide::Wish;

/// So long an answer's effects are waited for, so that one letter tells both.
inline constexpr Duration settling = std::chrono::seconds{60};
[[nodiscard]] inline Wish wish(const Case& about, const Told& told, const Recipient& recipient, Time now) {
    return decide::wish(about, told, recipient, settling, now);
}

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
