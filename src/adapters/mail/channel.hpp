#pragma once
// The whole channel, for programs: one worker, and the threads that speak SMTP.
//
//   mail::Channel channel(server, settings, texts, store, letters, log);
//   auto& sender = group.start(channel.sender());
//   a ring of cases, messages or letters → sender.wake();   before group.stop(): channel.cancel()

#include "adapters/mail/health.hpp"
#include "adapters/mail/mailroom.hpp"
#include "adapters/mail/smtp_post.hpp"

namespace garita::mail {

class Channel {
  public:
    /// References outlive the channel.
    Channel(Server server, Settings settings, const decide::Catalogue& texts, store::Store& store,
            store::LetterBook& letters, const runtime::Log& log)
        : post_(std::move(server)),
          courier_(post_, health_, log),
          letters_(courier_, store, letters, texts, health_, {settings.from, settings.language}, log),
          cases_(courier_, store, texts, health_, std::move(settings), log),
          room_(courier_, cases_, letters_) {}

    [[nodiscard]] Worker& sender() { return room_; }
    [[nodiscard]] Health::Snapshot health() const { return health_.snapshot(); }
    /// Ends what is under way, so that the worker can be stopped. Any thread.
    void cancel() { post_.cancel(); }

  private:
    Health health_;
    SmtpPost post_;
    Courier courier_;
    LetterOutbox letters_;
    Sender cases_;
    Mailroom room_;
};

}  // namespace garita::mail
