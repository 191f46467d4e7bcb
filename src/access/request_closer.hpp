#pragma once
// Ends requests, whoever finds that they are at their end: a person, the time, or the work on a port. Row,
// log line, audit row and letters with the whole record stand in the caller's transaction, or nothing does.

#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "access/correspondence.hpp"
#include "access/port_work.hpp"
#include "model/person.hpp"
#include "store/access_book.hpp"

namespace garita::access {

struct Ending {
    AccessState state = AccessState::failed;  ///< done, failed, killed or expired
    std::string why{};                        ///< "access.why.trunk", kept as the outcome; empty: none
    Facts facts{};  ///< what `why` wants; id, mac, switch, port, approver and deadline are the
                    ///< request's own
    std::vector<std::string> warnings{};  ///< "access.warn.protect_mode"
    std::vector<std::string> commands{};  ///< of a dry run: what would be sent; into the log
    Actor by{};                           ///< nobody in particular: Garita itself
};

/// Nothing: `later` and `forbidden`, with which no request ends.
[[nodiscard]] std::optional<Ending> ending_of(const PortOutcome& outcome);

class RequestCloser {
  public:
    RequestCloser(store::AccessBook& book, const Correspondence& letters) : book_(book), letters_(letters) {}

    /// `request` as it was read, with what else is to be written (switch, port). False: it is changed or over
    /// since: nothing is written, read it again.
    [[nodiscard]] bool end(store::Transaction& transaction, AccessRequest request, const Ending& ending,
                           Time now) const;

  private:
    store::AccessBook& book_;
    const Correspondence& letters_;
};

/// "access A17"
[[nodiscard]] std::string object_of(const AccessRequest& request);

}  // namespace garita::access
