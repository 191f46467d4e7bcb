#pragma once
// Where letters arrive. A letter stays there until its effect is stored: whoever reads remembers the uid with
// the effect, and only then has the letter marked or removed. After a crash between the two it is listed
// again, and known by its uid.

#include <chrono>
#include <cstddef>
#include <cstdint>
#include <string>
#include <vector>

#include "model/result.hpp"

namespace garita::access {

/// A letter that waits.
struct Waiting {
    std::string uid;         ///< stable over connections: IMAP "UIDVALIDITY.UID", POP3 the server's unique id
    std::uint64_t size = 0;  ///< bytes, as the server says
};

/// One thread at a time; `stop` from any. Each call takes no longer than the mailbox's time limit.
class Mailbox {
  public:
    virtual ~Mailbox() = default;
    /// Letters that are neither marked nor removed, the oldest first, at most `most`. A mailbox that cannot
    /// mark (POP3 whose letters are kept) lists all that are there, finished ones too. Errors: unavailable
    /// (away, refused, timed out), forbidden (login, certificate), invalid (not a mailbox of this kind).
    virtual Result<std::vector<Waiting>> list(std::size_t most) = 0;
    /// The letter's bytes. Errors: as list; not_found (somebody else removed it, or the mailbox was made
    /// anew); full (longer than `longest` bytes: set it aside).
    virtual Result<std::string> fetch(const std::string& uid, std::size_t longest) = 0;
    /// Marks or removes letters whose effects are stored. Those that are gone already count as done.
    virtual Result<void> finish(const std::vector<std::string>& uids) = 0;
    /// Returns when a new letter may be there, at the latest after `longest`.
    virtual Result<void> wait(std::chrono::milliseconds longest) = 0;
    /// Ends what is under way within a second; every call fails from then on.
    virtual void stop() = 0;
};

}  // namespace garita::access
