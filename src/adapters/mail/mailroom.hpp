#pragma once
// The worker of the channel: letters about cases and all others take turns at one post. Woken by the rings of
// cases, messages and letters, and by the post.

#include <algorithm>

#include "adapters/mail/letter_outbox.hpp"
#include "adapters/mail/sender.hpp"
#include "model/worker.hpp"

namespace garita::mail {

class Mailroom final : public Worker {
  public:
    Mailroom(Courier& courier, Sender& cases, LetterOutbox& letters)
        : courier_(courier), cases_(cases), letters_(letters) {}

    [[nodiscard]] std::string_view name() const override { return "mail sender"; }
    Result<Duration> step(Time now) override {
        // neither takes all places of the post
        letters_first_ = !letters_first_;
        auto first = letters_first_ ? letters_.step(now) : cases_.step(now);
        auto second = letters_first_ ? cases_.step(now) : letters_.step(now);
        if (!first) return first;
        if (!second) return second;
        return courier_.has_finished() ? Duration{0} : std::min(*first, *second);
    }
    [[nodiscard]] Duration rest() const override { return cases_.rest(); }
    [[nodiscard]] int wake_fd() const override { return courier_.wake_fd(); }

  private:
    Courier& courier_;
    Sender& cases_;
    LetterOutbox& letters_;
    bool letters_first_ = false;
};

}  // namespace garita::mail
