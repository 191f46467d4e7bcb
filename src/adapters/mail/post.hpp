#pragma once
// Handing letters to a mail server, several at a time.

#include <cstdint>
#include <string>
#include <vector>

namespace garita::mail {

/// One letter on its way. The ticket is the caller's.
struct Outgoing {
    std::uint64_t ticket = 0;
    std::string to;
    std::string mime;
};

/// What became of it.
struct Delivery {
    enum class Kind {
        taken,           ///< the server answers for it from now on
        later,           ///< not now, for this recipient: a temporary refusal, or silence
        refused,         ///< never, for this recipient
        server_trouble,  ///< nobody's letters go out now: no connection, no TLS, no login
        login_refused,   ///< as before, and each try may cost the account
    };
    std::uint64_t ticket = 0;
    Kind kind = Kind::server_trouble;
    /// For people: who answered to what, and how. One line, clean, never a secret.
    std::string text;
    bool maybe_taken = false;  ///< all was sent, and no answer came
};

class Post {
  public:
    virtual ~Post() = default;
    /// Begins; at most `capacity` are under way at a time. Does not wait.
    virtual void send(Outgoing letter) = 0;
    [[nodiscard]] virtual std::size_t capacity() const = 0;
    /// Those that have come to an end since the last call.
    [[nodiscard]] virtual std::vector<Delivery> take_finished() = 0;
    /// Readable when there are such; -1: ask again.
    [[nodiscard]] virtual int wake_fd() const = 0;
};

}  // namespace garita::mail
